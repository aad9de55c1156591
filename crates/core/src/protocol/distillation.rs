//! A student that learns from the trained network (knowledge distillation).

use serde::{Deserialize, Serialize};

use crate::train::distillation::Contestant;

/// How far a student is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StudentProgress {
    pub contestant: Contestant,
    /// Pictures it learns from.
    pub examples: usize,
    /// Epochs done, and those there are.
    pub epoch: u32,
    pub epochs: u32,
    /// How much is done of the epoch under way, 0 to 1.
    pub share: f64,
    /// What the last epoch took; 0 before the first has ended.
    pub seconds: f64,
    /// On the validation pictures, after the last epoch; at most 1.
    pub score: Option<f64>,
}

/// What one of those that are compared is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContestantResult {
    pub contestant: Contestant,
    /// Of the file in float16.
    pub bytes: u64,
    /// On the validation pictures, one batch after another.
    pub images_per_second: f64,
    /// On the validation pictures; at most 1.
    pub score: f64,
    /// Whether the score is the share of right answers.
    pub is_accuracy: bool,
}
