//! Evaluates a network on a dataset, and predicts single images.
//!
//! - [`evaluator`]: batch by batch, with or without measuring the speed.
//! - [`accumulator`]: the predictions of one task, from which its metrics are computed.
//! - [`predict`]: converts outputs to predictions.

pub mod accumulator;
pub mod evaluator;
pub mod predict;
