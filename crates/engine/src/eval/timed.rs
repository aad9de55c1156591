//! An evaluation that takes the time.

use burn::tensor::Device;
use web_time::Instant;

use super::evaluator::{EVALUATION_BATCH, Evaluation};
use crate::data::dataset::Dataset;
use crate::error::ComputeError;
use crate::model::folded::FoldedResNet;

/// An evaluation under way, and how fast it was so far. The first batch, which finds nothing ready, does
/// not count; where it is the only one, it is done twice.
pub struct TimedEvaluation<'a> {
    network: &'a FoldedResNet,
    dataset: &'a Dataset,
    evaluation: Evaluation,
    images: usize,
    seconds: f64,
}

impl<'a> TimedEvaluation<'a> {
    /// An evaluation of `network` on `dataset` that has seen nothing yet.
    pub fn new(network: &'a FoldedResNet, dataset: &'a Dataset) -> Self {
        let evaluation = Evaluation::new(&dataset.tasks);
        Self { network, dataset, evaluation, images: 0, seconds: 0.0 }
    }

    /// Whether every example was seen.
    pub fn is_over(&self) -> bool {
        self.evaluation.done() == self.dataset.len()
    }

    /// Classifies the next batch.
    ///
    /// # Errors
    /// The device failed.
    pub async fn advance(&mut self, device: &Device) -> Result<(), ComputeError> {
        let before = self.evaluation.done();
        if before == 0 {
            let mut warming = self.evaluation.clone();
            warming.advance(self.network, self.dataset, device).await?;
            if self.dataset.len() > EVALUATION_BATCH {
                self.evaluation = warming;
                return Ok(());
            }
        }
        let started = Instant::now();
        self.evaluation.advance(self.network, self.dataset, device).await?;
        self.seconds += started.elapsed().as_secs_f64();
        self.images += self.evaluation.done() - before;
        Ok(())
    }

    /// Images classified in a second, one batch after another.
    pub fn images_per_second(&self) -> f64 {
        self.images as f64 / self.seconds.max(1e-9)
    }

    /// What was found so far.
    pub fn into_evaluation(self) -> Evaluation {
        self.evaluation
    }
}
