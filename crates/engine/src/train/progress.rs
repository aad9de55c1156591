//! How far a run has come, and its best epoch.

use serde::{Deserialize, Serialize};
use tunelab_core::metrics::evaluation::EvaluationResults;
use tunelab_core::metrics::prediction::ClassPrediction;

use crate::model::resnet::ResNet;

/// How far a run has come. Counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Position {
    pub epoch: u32,
    /// Optimizer steps done in this epoch.
    pub step_in_epoch: u64,
    /// Optimizer steps done in the run.
    pub step: u64,
}

/// Totals over the training images of the current epoch.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct EpochTotals {
    pub loss: f64,
    pub images: usize,
    /// Images whose class in the first task is known.
    pub labelled: usize,
    /// Images classified correctly in the first task.
    pub correct: usize,
    pub seconds: f64,
}

/// The best epoch so far.
#[derive(Debug, Clone)]
pub struct BestEpoch {
    /// Counted from 1.
    pub epoch: u32,
    pub report: EvaluationResults,
    /// Its prediction for each validation image in the first task, in the dataset's order; `None` where the class
    /// is unknown.
    pub class_predictions: Vec<Option<ClassPrediction>>,
    /// Predicted and true numbers of the validation images, a list a task.
    pub predicted_numbers: Vec<Vec<(f64, f64)>>,
    pub network: ResNet,
}
