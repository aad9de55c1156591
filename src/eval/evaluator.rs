//! Runs a network over a dataset, batch by batch, so that the host stays in control.

use burn::tensor::{Device, Tensor};

use super::confusion::{ConfusionMatrix, Report};
use super::guess::Guess;
use crate::data::batch::Batch;
use crate::data::dataset::Dataset;
use crate::error::ComputeError;
use crate::model::FoldedResNet;
use crate::model::params::read;

/// Images classified at a time: enough to keep the device busy, few enough to report progress.
pub const EVALUATION_BATCH: usize = 64;

/// An evaluation under way.
#[derive(Debug, Clone)]
pub struct Evaluation {
    confusion: ConfusionMatrix,
    guesses: Vec<Guess>,
}

impl Evaluation {
    /// An evaluation of `classes` classes that has seen nothing yet.
    pub fn new(classes: usize) -> Self {
        Self { confusion: ConfusionMatrix::new(classes), guesses: Vec::new() }
    }

    /// How many examples it has seen.
    pub fn done(&self) -> usize {
        self.guesses.len()
    }

    /// Classifies the next batch of `dataset`.
    ///
    /// # Errors
    /// The device failed.
    pub async fn advance(
        &mut self,
        network: &FoldedResNet,
        dataset: &Dataset,
        device: &Device,
    ) -> Result<(), ComputeError> {
        let end = (self.done() + EVALUATION_BATCH).min(dataset.len());
        let indices: Vec<usize> = (self.done()..end).collect();
        let batch = Batch::plain(dataset, &indices);
        let labels = batch.labels.clone();
        let logits = network.logits(batch.into_images(device));
        self.add(logits, &labels).await
    }

    /// Counts a batch's logits `[N, classes]` against its labels.
    ///
    /// # Errors
    /// The device failed to hand the logits over.
    pub async fn add(&mut self, logits: Tensor<2>, labels: &[usize]) -> Result<(), ComputeError> {
        let classes = logits.dims()[1];
        let logits = read(logits).await?;
        for (row, &label) in logits.chunks_exact(classes).zip(labels) {
            let predicted = predicted_class(row);
            let logs = log_probabilities(row);
            self.confusion.add(label, predicted);
            let (confidence, loss) = (logs[predicted].exp(), -logs[label]);
            self.guesses.push(Guess { predicted, confidence, loss });
        }
        Ok(())
    }

    /// The figures so far.
    pub fn report(&self) -> Report {
        let loss_sum = self.guesses.iter().map(|guess| guess.loss).sum();
        Report::new(self.confusion.clone(), loss_sum)
    }

    /// What was made of each example so far, in the dataset's order.
    pub fn into_guesses(self) -> Vec<Guess> {
        self.guesses
    }
}

/// The class with the highest logit; the first of equals.
pub fn predicted_class(logits: &[f32]) -> usize {
    let mut best = 0;
    for (class, logit) in logits.iter().enumerate() {
        if *logit > logits[best] {
            best = class;
        }
    }
    best
}

/// The logarithms of the class probabilities (log-softmax).
pub fn log_probabilities(logits: &[f32]) -> Vec<f64> {
    let highest = logits.iter().fold(f64::NEG_INFINITY, |high, &logit| high.max(f64::from(logit)));
    let sum: f64 = logits.iter().map(|&logit| (f64::from(logit) - highest).exp()).sum();
    let normalizer = highest + sum.ln();
    logits.iter().map(|&logit| f64::from(logit) - normalizer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_probabilities_are_stable_and_sum_to_one() {
        let logs = log_probabilities(&[1000.0, 1001.0, 999.0]);
        let sum: f64 = logs.iter().map(|log| log.exp()).sum();
        assert!((sum - 1.0).abs() < 1e-12);
        assert_eq!(predicted_class(&[1.0, 3.0, 3.0]), 1);
    }
}
