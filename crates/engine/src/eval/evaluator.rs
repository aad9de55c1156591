//! Runs a network over a dataset, batch by batch, so that the host stays in control.

use burn::tensor::{Device, Tensor};

use super::tally::TaskTally;
use crate::data::batch::Batch;
use crate::data::dataset::Dataset;
use crate::error::ComputeError;
use crate::model::folded::FoldedResNet;
use crate::model::params::read;
use tunelab_core::data::task::{Task, output_ranges};
use tunelab_core::metrics::prediction::ClassPrediction;
use tunelab_core::metrics::evaluation::{EvaluationResults, TaskMetrics};

/// Images classified at a time: enough to keep the device busy, few enough to report progress.
pub const EVALUATION_BATCH: usize = 64;

/// An evaluation under way.
#[derive(Debug, Clone)]
pub struct Evaluation {
    tallies: Vec<TaskTally>,
    done: usize,
}

impl Evaluation {
    /// An evaluation of these tasks that has seen nothing yet.
    pub fn new(tasks: &[Task]) -> Self {
        let ranges = output_ranges(tasks);
        let tally = |(task, range)| TaskTally::new(task, range);
        Self { tallies: tasks.iter().zip(ranges).map(tally).collect(), done: 0 }
    }

    /// How many examples it has seen.
    pub fn done(&self) -> usize {
        self.done
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
        let indices = self.next_batch(dataset);
        let images = Batch::plain(dataset, &indices).into_tensor(device);
        self.add(network.logits(images), dataset, &indices).await
    }

    /// The examples of the next batch.
    pub fn next_batch(&self, dataset: &Dataset) -> Vec<usize> {
        (self.done..(self.done + EVALUATION_BATCH).min(dataset.len())).collect()
    }

    /// Counts the outputs `[N, outputs]` for the examples at `indices`.
    ///
    /// # Errors
    /// The device failed to hand the outputs over.
    pub async fn add(
        &mut self,
        logits: Tensor<2>,
        dataset: &Dataset,
        indices: &[usize],
    ) -> Result<(), ComputeError> {
        let outputs = logits.dims()[1];
        let logits = read(logits).await?;
        let targets = indices.iter().map(|&index| &dataset.examples[index].targets);
        for (row, targets) in logits.chunks_exact(outputs).zip(targets) {
            for (tally, target) in self.tallies.iter_mut().zip(targets) {
                tally.add(row, target);
            }
        }
        self.done += indices.len();
        Ok(())
    }

    /// The figures so far.
    pub fn report(&self) -> EvaluationResults {
        let tasks: Vec<TaskMetrics> = self.tallies.iter().map(TaskTally::report).collect();
        EvaluationResults { loss: tasks.iter().map(TaskMetrics::loss).sum(), tasks }
    }

    /// Predicted and true numbers so far, a list a task; none where a task is of another kind.
    pub fn compared(&self) -> Vec<Vec<(f64, f64)>> {
        self.tallies.iter().map(TaskTally::compared).collect()
    }

    /// What was made of each example so far in the first task, in the dataset's order; nothing where
    /// that does not sort into classes.
    pub fn into_class_predictions(self) -> Vec<Option<ClassPrediction>> {
        self.tallies.into_iter().next().map(TaskTally::into_class_predictions).unwrap_or_default()
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
