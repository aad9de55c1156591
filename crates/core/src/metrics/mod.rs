//! Predictions, and metrics that compare them with the labels.
//!
//! - [`prediction`]: what is predicted of one image.
//! - [`confusion`], [`average_precision`], [`regression`]: metrics of one kind of task.
//! - [`evaluation`]: all metrics of a network on a dataset.

pub mod average_precision;
pub mod confusion;
pub mod evaluation;
pub mod prediction;
pub mod regression;
