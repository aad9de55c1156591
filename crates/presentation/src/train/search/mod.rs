//! Hyperparameter search.
//!
//! - [`form`]: its settings. [`setting`]: the common options of its runs, and those that it found.
//! - [`log`]: its state. [`workload`]: its remaining time. [`trials`]: the ranking. [`status`]: its progress and results
//!   as text. [`charts`]: its charts.

pub mod charts;
pub mod form;
pub mod log;
pub mod setting;
pub mod status;
pub mod trials;
pub mod workload;
