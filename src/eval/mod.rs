//! What a network gets right and wrong.
//!
//! - [`confusion`]: predictions counted against labels. [`average_precision`], [`regression`]: labels
//!   and numbers against what is true. [`report`]: the figures that follow.
//! - [`evaluator`]: runs a network over a dataset, batch by batch, counting in a [`tally`] a task.
//!   [`timed`]: how fast.
//! - [`predict`]: what is predicted of one picture, a [`prediction`] a task.

pub mod average_precision;
pub mod confusion;
#[cfg(feature = "compute")]
pub mod evaluator;
pub mod guess;
#[cfg(feature = "compute")]
pub mod predict;
pub mod prediction;
pub mod regression;
pub mod report;
#[cfg(feature = "compute")]
pub mod tally;
#[cfg(feature = "compute")]
pub mod timed;

pub use confusion::ConfusionMatrix;
pub use guess::Guess;
pub use prediction::Prediction;
pub use report::{ClassReport, Report, TaskReport};
