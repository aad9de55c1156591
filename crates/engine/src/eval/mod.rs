//! Runs a network over a dataset and measures it.
//!
//! - [`evaluator`]: batch by batch, counting in a [`tally`] a task. [`timed`]: how fast.
//! - [`predict`]: what is predicted of one image.

pub mod evaluator;
pub mod predict;
pub mod tally;
pub mod timed;
