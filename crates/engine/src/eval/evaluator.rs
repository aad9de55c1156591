//! Evaluates a network on a dataset, batch by batch, without blocking the host.

use burn::tensor::{Device, Tensor};
use tunelab_core::data::task::{Task, output_ranges};
use tunelab_core::metrics::evaluation::{EvaluationResults, TaskMetrics};
use tunelab_core::metrics::prediction::ClassPrediction;
use web_time::Instant;

use super::accumulator::TaskAccumulator;
use crate::data::batch::Batch;
use crate::data::dataset::Dataset;
use crate::model::folded::FoldedResNet;
use crate::model::parameters::read;
use tunelab_core::device::ComputeError;

/// Batch size of evaluation: large enough to saturate the device, small enough to report progress.
pub const EVALUATION_BATCH: usize = 64;

/// An evaluation in progress.
#[derive(Debug, Clone)]
pub struct Evaluator {
    accumulators: Vec<TaskAccumulator>,
    done: usize,
}

impl Evaluator {
    /// An evaluation of these tasks without any images yet.
    pub fn new(tasks: &[Task]) -> Self {
        let ranges = output_ranges(tasks);
        let accumulator = |(task, range)| TaskAccumulator::new(task, range);
        Self { accumulators: tasks.iter().zip(ranges).map(accumulator).collect(), done: 0 }
    }

    /// The number of images evaluated so far.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Evaluates the next batch of `dataset`.
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

    /// The indices of the next batch's images.
    pub fn next_batch(&self, dataset: &Dataset) -> Vec<usize> {
        (self.done..(self.done + EVALUATION_BATCH).min(dataset.len())).collect()
    }

    /// Adds the outputs `[N, outputs]` for the images at `indices`.
    ///
    /// # Errors
    /// The device failed.
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
            for (accumulator, target) in self.accumulators.iter_mut().zip(targets) {
                accumulator.add(row, target);
            }
        }
        self.done += indices.len();
        Ok(())
    }

    /// The metrics so far.
    pub fn results(&self) -> EvaluationResults {
        let tasks: Vec<TaskMetrics> =
            self.accumulators.iter().map(TaskAccumulator::metrics).collect();
        EvaluationResults { loss: tasks.iter().map(TaskMetrics::loss).sum(), tasks }
    }

    /// Predicted and true numbers so far, a list per task, which is empty if the task is not regression.
    pub fn predicted_numbers(&self) -> Vec<Vec<(f64, f64)>> {
        self.accumulators.iter().map(TaskAccumulator::predicted_numbers).collect()
    }

    /// The predictions of the first task so far, in the order of the dataset; `None` where the class is unknown. Empty
    /// if the task is not classification.
    pub fn into_class_predictions(self) -> Vec<Option<ClassPrediction>> {
        let first = self.accumulators.into_iter().next();
        first.map(TaskAccumulator::into_class_predictions).unwrap_or_default()
    }
}

/// An evaluation that measures the throughput. The first batch is a warm-up and is not measured; if it is the only batch,
/// it is evaluated twice.
pub struct TimedEvaluator<'a> {
    network: &'a FoldedResNet,
    dataset: &'a Dataset,
    evaluator: Evaluator,
    images: usize,
    seconds: f64,
}

impl<'a> TimedEvaluator<'a> {
    /// An evaluation of `network` on `dataset` without any images yet.
    pub fn new(network: &'a FoldedResNet, dataset: &'a Dataset) -> Self {
        let evaluator = Evaluator::new(&dataset.tasks);
        Self { network, dataset, evaluator, images: 0, seconds: 0.0 }
    }

    /// Whether all images are evaluated.
    pub fn is_over(&self) -> bool {
        self.evaluator.done() == self.dataset.len()
    }

    /// Evaluates the next batch.
    ///
    /// # Errors
    /// The device failed.
    pub async fn advance(&mut self, device: &Device) -> Result<(), ComputeError> {
        let before = self.evaluator.done();
        if before == 0 {
            let mut warmup = self.evaluator.clone();
            warmup.advance(self.network, self.dataset, device).await?;
            if self.dataset.len() > EVALUATION_BATCH {
                self.evaluator = warmup;
                return Ok(());
            }
        }
        let started = Instant::now();
        self.evaluator.advance(self.network, self.dataset, device).await?;
        self.seconds += started.elapsed().as_secs_f64();
        self.images += self.evaluator.done() - before;
        Ok(())
    }

    /// The throughput, in images per second.
    pub fn images_per_second(&self) -> f64 {
        self.images as f64 / self.seconds.max(1e-9)
    }

    /// The evaluation itself.
    pub fn into_evaluator(self) -> Evaluator {
        self.evaluator
    }
}
