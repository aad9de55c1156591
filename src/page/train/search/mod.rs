//! Hyperparameter search.
//!
//! - [`panel`]: its buttons. [`fields`]: its settings. [`results`]: its progress and the best trials. [`charts`]: all
//!   trials. [`context`]: the state that they share.

mod charts;
mod context;
mod fields;
mod panel;
mod results;

pub use panel::SearchPanel;
