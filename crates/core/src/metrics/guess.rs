//! What a network made of one example.

use serde::{Deserialize, Serialize};

/// What a network made of one example.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Guess {
    /// The class it was taken for.
    pub predicted: usize,
    /// The probability given to that class, 0 to 1.
    pub confidence: f64,
    /// Cross-entropy of the true class: the larger, the more wrong.
    pub loss: f64,
}
