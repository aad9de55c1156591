//! How training, searches and distillation progress, and how long they still take.
//!
//! - [`run_log`]: the state of a run, from its events. [`run_charts`], [`run_result`]: its charts, and what its
//!   metrics mean. [`time_estimate`]: remaining times.

pub mod run_charts;
pub mod run_log;
pub mod run_result;
pub mod time_estimate;
