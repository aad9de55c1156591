//! The parts of training that need no tensors.
//!
//! - [`plan`]: the segments of a run. [`schedule`]: learning-rate schedules. [`optimizer`]: update rules, weight decay
//!   and averaging. [`loss`]: loss functions. [`views`]: the configuration as these types.
//! - [`event`]: what a run reports. [`error`]: its errors. [`overfitting`]: detects overfitting. [`rate_finder`]: the
//!   learning-rate range test. [`distillation`]: a student and its options.

pub mod distillation;
pub mod error;
pub mod event;
pub mod loss;
pub mod optimizer;
pub mod overfitting;
pub mod plan;
pub mod rate_finder;
pub mod schedule;
mod views;
