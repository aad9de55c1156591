//! Whether a network learns its training pictures by heart.

/// What an epoch tells about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EpochGap {
    /// Share of the training images classified right while training, 0 to 1.
    pub train: f64,
    /// The same of the validation images, after the epoch.
    pub validation: f64,
    pub validation_loss: f64,
}

/// A gap of accuracy from which on it is worth a word.
const WIDE: f64 = 0.15;
/// Epochs without a lower validation loss after which the gap is no longer on its way to close.
const STUCK: usize = 3;

/// The newest epoch, where the gap between training and validation is wide and the validation loss has
/// stopped falling; `None` while all is well.
pub fn open_gap(epochs: &[EpochGap]) -> Option<EpochGap> {
    let newest = *epochs.last()?;
    let (before, recent) = epochs.split_at(epochs.len().checked_sub(STUCK)?);
    let lowest = |epochs: &[EpochGap]| {
        epochs.iter().map(|epoch| epoch.validation_loss).fold(f64::INFINITY, f64::min)
    };
    let stuck = !before.is_empty() && lowest(recent) >= lowest(before);
    (stuck && newest.train - newest.validation >= WIDE).then_some(newest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epochs(figures: &[(f64, f64, f64)]) -> Vec<EpochGap> {
        let epoch =
            |&(train, validation, validation_loss)| EpochGap { train, validation, validation_loss };
        figures.iter().map(epoch).collect()
    }

    #[test]
    fn a_gap_is_open_when_it_is_wide_and_validation_is_stuck() {
        let falling = [(0.5, 0.4, 2.0), (0.7, 0.5, 1.6), (0.9, 0.6, 1.4), (0.95, 0.65, 1.3)];
        assert_eq!(open_gap(&epochs(&falling)), None);
        let stuck = [(0.5, 0.4, 1.5), (0.8, 0.5, 1.6), (0.9, 0.6, 1.7), (0.99, 0.6, 1.9)];
        assert_eq!(open_gap(&epochs(&stuck)).unwrap().train, 0.99);
        let narrow = stuck.map(|(train, _, loss)| (train, train - 0.1, loss));
        assert_eq!(open_gap(&epochs(&narrow)), None);
        assert_eq!(open_gap(&epochs(&stuck[..2])), None);
        assert_eq!(open_gap(&[]), None);
    }
}
