//! Hyperparameter search.
//!
//! - [`form`]: its settings. [`setting`]: what its runs have in common, and the settings that it found.
//! - [`log`]: its state. [`workload`]: its remaining time. [`trials`]: the ranking. [`status`]: what it does and
//!   has found, as text. [`charts`]: its charts.

pub mod charts;
pub mod form;
pub mod log;
pub mod setting;
pub mod status;
pub mod trials;
pub mod workload;
