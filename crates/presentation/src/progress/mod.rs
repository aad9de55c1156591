//! The progress and remaining time of training, searches and distillation.
//!
//! - [`run_log`]: the state of a run, from its events. [`run_charts`], [`run_result`]: its charts, and the
//!   interpretation of its metrics. [`time_estimate`]: remaining times.

pub mod run_charts;
pub mod run_log;
pub mod run_result;
pub mod time_estimate;
