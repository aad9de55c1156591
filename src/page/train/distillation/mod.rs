//! A small copy of the trained network: what it may be, how it learns, and what it is worth.
//!
//! - [`choices`]: what is chosen. [`log`]: how far it is, and what came of it.

mod comparison;
mod fields;
mod panel;
mod state;

pub use panel::DistillationPanel;
pub use state::Distillation;
