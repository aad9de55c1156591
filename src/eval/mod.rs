//! What a network gets right and wrong.
//!
//! - [`confusion`]: predictions counted against labels, and every figure that follows from the counts.
//! - [`evaluator`]: runs a network over a dataset, batch by batch.
//! - [`predict`]: one picture's class probabilities.

pub mod confusion;
#[cfg(feature = "compute")]
pub mod evaluator;
pub mod guess;
#[cfg(feature = "compute")]
pub mod predict;

pub use confusion::{ConfusionMatrix, Report};
pub use guess::Guess;
