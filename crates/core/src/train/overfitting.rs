//! Detects overfitting from the metrics of the epochs so far.

/// The metrics of one epoch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EpochAccuracy {
    /// Top-1 accuracy on the training images, measured during the epoch; 0 to 1.
    pub train: f64,
    /// Top-1 accuracy on the validation images after the epoch; 0 to 1.
    pub validation: f64,
    pub validation_loss: f64,
}

/// Smallest generalization gap that counts as overfitting.
const MIN_GAP: f64 = 0.15;
/// Epochs without a lower validation loss before the gap is reported.
const PATIENCE: usize = 3;

impl EpochAccuracy {
    /// Whether the training accuracy is well above the validation accuracy.
    pub fn has_large_gap(&self) -> bool {
        self.train - self.validation >= MIN_GAP
    }
}

/// The latest epoch if the network overfits: its training accuracy is well above its validation accuracy, and
/// the validation loss has stopped falling.
pub fn overfitting_epoch(epochs: &[EpochAccuracy]) -> Option<EpochAccuracy> {
    let latest = *epochs.last()?;
    let (before, recent) = epochs.split_at(epochs.len().checked_sub(PATIENCE)?);
    let lowest = |epochs: &[EpochAccuracy]| {
        epochs.iter().map(|epoch| epoch.validation_loss).fold(f64::INFINITY, f64::min)
    };
    let stalled = !before.is_empty() && lowest(recent) >= lowest(before);
    (stalled && latest.has_large_gap()).then_some(latest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epochs(metrics: &[(f64, f64, f64)]) -> Vec<EpochAccuracy> {
        let epoch = |&(train, validation, validation_loss)| EpochAccuracy {
            train,
            validation,
            validation_loss,
        };
        metrics.iter().map(epoch).collect()
    }

    #[test]
    fn overfitting_needs_a_wide_gap_and_a_stalled_validation_loss() {
        let falling = [(0.5, 0.4, 2.0), (0.7, 0.5, 1.6), (0.9, 0.6, 1.4), (0.95, 0.65, 1.3)];
        assert_eq!(overfitting_epoch(&epochs(&falling)), None);
        let stalled = [(0.5, 0.4, 1.5), (0.8, 0.5, 1.6), (0.9, 0.6, 1.7), (0.99, 0.6, 1.9)];
        assert_eq!(overfitting_epoch(&epochs(&stalled)).unwrap().train, 0.99);
        let narrow = stalled.map(|(train, _, loss)| (train, train - 0.1, loss));
        assert_eq!(overfitting_epoch(&epochs(&narrow)), None);
        assert_eq!(overfitting_epoch(&epochs(&stalled[..2])), None);
        assert_eq!(overfitting_epoch(&[]), None);
    }
}
