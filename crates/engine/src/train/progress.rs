//! How far a run has come, and what it has to show for it.

use serde::{Deserialize, Serialize};

use crate::model::resnet::ResNet;
use tunelab_core::metrics::guess::Guess;
use tunelab_core::metrics::report::Report;

/// How far a run has come. Counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Position {
    pub epoch: u32,
    /// Optimizer steps of this epoch done.
    pub step_in_epoch: u64,
    /// Optimizer steps of the run done.
    pub step: u64,
}

/// Sums over the training images of an epoch under way.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Tally {
    pub loss_sum: f64,
    pub images: usize,
    /// Images of which the class is known in the first task, and how many were sorted right.
    pub known: usize,
    pub right: usize,
    pub seconds: f64,
}

/// The best epoch so far.
#[derive(Debug, Clone)]
pub struct Best {
    /// Counted from 1.
    pub epoch: u32,
    pub report: Report,
    /// Its guess at each validation image in the first task, in the dataset's order; none where its
    /// class is not known.
    pub guesses: Vec<Option<Guess>>,
    /// Predicted and true numbers of the validation images, a list a task.
    pub compared: Vec<Vec<(f64, f64)>>,
    pub network: ResNet,
}
