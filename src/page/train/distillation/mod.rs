//! Knowledge distillation from the trained model (the teacher) into a small one (the student).
//!
//! [`panel`] shows the options of [`fields`], the progress, and the [`comparison`] of the models.

mod comparison;
mod fields;
mod panel;

pub use panel::DistillationPanel;
