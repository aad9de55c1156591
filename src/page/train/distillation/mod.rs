//! Knowledge distillation: a small model (the student) learns from the trained one (the teacher).
//!
//! [`panel`] shows the options of [`fields`], the progress, and the [`comparison`] of the models.

mod comparison;
mod fields;
mod panel;
mod state;

pub use panel::DistillationPanel;
pub use state::Distillation;
