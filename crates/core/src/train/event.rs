//! Events of a training run.

use serde::{Deserialize, Serialize};

use super::rate_finder::RatePoint;
use crate::data::task::Task;
use crate::device::ComputeError;
use crate::metrics::evaluation::EvaluationResults;

/// An event of a training run. Events arrive in the order in which they happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The run started, or resumed from a checkpoint at `step`.
    Started {
        /// In the order of the outputs.
        tasks: Vec<Task>,
        train_examples: usize,
        validation_examples: usize,
        /// Trainable parameters, counted as scalars.
        trainable_parameters: usize,
        epochs: u32,
        steps_per_epoch: u64,
        /// Optimizer steps done before this event; 0 for a new run.
        step: u64,
    },
    /// The activations of the frozen parts were cached for `done` of `total` images.
    CachingActivations { done: usize, total: usize },
    /// The storage of the cache failed. The run continues without the cache, only slower.
    CacheDropped { problem: ComputeError },
    /// The relative gradient norm of each part was measured on `done` of `total` batches.
    MeasuringGradients { done: u64, total: u64 },
    /// The factors on the learning rate of each part, from the stem to the head, for the rest of the run. Parts with
    /// a factor of 0 are frozen.
    PartLearningRates { rates: [f64; 6] },
    /// The batch norm statistics of the averaged network were recomputed on `done` of `total` batches.
    Recalibrating { done: u64, total: u64 },
    /// One optimizer step was done.
    Step {
        /// Counted from 1.
        epoch: u32,
        /// Step of the run, counted from 1.
        step: u64,
        total_steps: u64,
        /// Training loss of the batch, as optimized.
        loss: f64,
        learning_rate: f64,
        /// Images in the batch.
        images: usize,
        /// Seconds the step took, including data loading.
        seconds: f64,
    },
    /// `done` of `total` validation images were evaluated.
    Validating { epoch: u32, done: usize, total: usize },
    /// An epoch and its validation ended.
    Epoch {
        /// Counted from 1.
        epoch: u32,
        /// Mean training loss over the epoch's images.
        train_loss: f64,
        /// Top-1 accuracy of the first task on the epoch's labeled training images, measured during training; 0 to
        /// 1. 0 if the first task is not a classification.
        train_top1: f64,
        validation: EvaluationResults,
        /// Whether this is the best epoch so far.
        best: bool,
        /// Seconds the epoch took, validation included.
        seconds: f64,
        /// Training images per second in this epoch, excluding validation.
        images_per_second: f64,
    },
    /// The learning-rate finder tested a rate.
    Rate(RatePoint),
    /// The host paused the run.
    Paused,
    /// The host resumed the run.
    Resumed,
    /// The run ended.
    Done {
        /// Validation results of the best epoch; `None` without validation images.
        report: Option<EvaluationResults>,
        /// Seconds since the run started or resumed, pauses included.
        seconds: f64,
        /// The epoch with the best validation results, counted from 1.
        best_epoch: u32,
        /// Whether the host stopped the run before its last epoch.
        stopped: bool,
        /// Whether early stopping ended the run.
        early: bool,
    },
}

impl Event {
    /// Whether it only reports progress, so that a host may deliver it later, together with others.
    pub fn is_progress(&self) -> bool {
        matches!(
            self,
            Event::Step { .. } | Event::CachingActivations { .. } | Event::Validating { .. }
        )
    }
}
