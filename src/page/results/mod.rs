//! The results of the trained model on the validation images.
//!
//! [`panel`] shows all tasks and the worst mistakes, [`task_sections`] the metrics of a task, and
//! [`confusion_table`] a confusion matrix.

mod confusion_table;
mod panel;
mod task_sections;

pub use panel::Results;
