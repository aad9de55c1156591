//! What a session tells its host.

use serde::{Deserialize, Serialize};

use super::rate_finder::RatePoint;
use crate::data::task::Task;
use crate::metrics::evaluation::EvaluationResults;

/// Something that happened in a run, in the order it happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The run begins, or goes on from a checkpoint at `step`.
    Started {
        /// What is predicted, in the order of the outputs.
        tasks: Vec<Task>,
        train_examples: usize,
        validation_examples: usize,
        /// Numbers that the run changes.
        trainable_parameters: usize,
        epochs: u32,
        steps_per_epoch: u64,
        /// Optimizer steps done before this start; 0 for a new run.
        step: u64,
    },
    /// The frozen parts have seen `done` of `total` images, whose activations are kept.
    CachingActivations { done: usize, total: usize },
    /// The pull on each part was measured on `done` of `total` batches.
    MeasuringGradients { done: u64, total: u64 },
    /// From now on the parts, from the stem to the head, are trained at these shares of the learning
    /// rate; those of 0 stay as they are.
    PartLearningRates { rates: [f64; 6] },
    /// The averaged network has seen `done` of `total` batches that its norms are measured on.
    Recalibrating { done: u64, total: u64 },
    /// One optimizer step was done.
    Step {
        /// Counted from 1.
        epoch: u32,
        /// Steps of the whole run, counted from 1.
        step: u64,
        total_steps: u64,
        /// Training loss of the step's batch, as optimized.
        loss: f64,
        learning_rate: f64,
        /// Images in the batch.
        images: usize,
        /// Seconds the step took, preparing its images included.
        seconds: f64,
    },
    /// `done` of `total` validation images were classified.
    Validating { epoch: u32, done: usize, total: usize },
    /// An epoch ended with its validation.
    Epoch {
        /// Counted from 1.
        epoch: u32,
        /// Mean training loss over the epoch's images.
        train_loss: f64,
        /// Share of the epoch's training images of known class that were classified right while
        /// training, 0 to 1, in the first task; 0 where that does not sort into classes.
        train_top1: f64,
        validation: EvaluationResults,
        /// Whether this is the best epoch so far, whose weights are kept.
        best: bool,
        /// Seconds the epoch took, validation included.
        seconds: f64,
        /// Training images per second in this epoch, without validation.
        images_per_second: f64,
    },
    /// A learning rate was tried.
    Rate(RatePoint),
    /// The host paused the session.
    Paused,
    /// The host let it go on.
    Resumed,
    /// The run ended; its best epoch's figures.
    Done {
        /// None where there was nothing to validate on.
        report: Option<EvaluationResults>,
        /// Seconds since the start (or the latest resumption) of the run, pauses included.
        seconds: f64,
        /// The epoch whose weights are kept, counted from 1.
        best_epoch: u32,
        /// Whether the host stopped it before its last epoch.
        stopped: bool,
        /// Whether it ended before its last epoch because its patience was at an end.
        early: bool,
    },
}

impl Event {
    /// Whether it only says how far the work is, so that it may be told a moment later with others.
    pub fn is_progress(&self) -> bool {
        matches!(
            self,
            Event::Step { .. } | Event::CachingActivations { .. } | Event::Validating { .. }
        )
    }
}
