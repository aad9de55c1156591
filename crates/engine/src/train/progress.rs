//! The position in a run, the totals of its current epoch, and its best epoch.

use serde::{Deserialize, Serialize};
use tunelab_core::metrics::evaluation::EvaluationResults;
use tunelab_core::metrics::prediction::ClassPrediction;

use crate::model::resnet::ResNet;

/// The position in a run, counted from 0.
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
    // Spelled as in earlier checkpoints.
    #[serde(rename = "labelled")]
    pub labeled: usize,
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
    /// The prediction of the first task for each validation image, in the dataset's order; `None` for unlabeled
    /// images.
    pub class_predictions: Vec<Option<ClassPrediction>>,
    /// Pairs of predicted and true numbers of the validation images, one list per task.
    pub predicted_numbers: Vec<Vec<(f64, f64)>>,
    pub network: ResNet,
}
