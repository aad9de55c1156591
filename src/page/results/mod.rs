//! What the trained network gets right and wrong, on the validation pictures.
//!
//! - [`confusion`]: what a confusion matrix says. [`scatter`]: where predicted numbers are. [`text`]:
//!   figures and answers in words. The rest shows it.

mod confusion_table;
mod numbers;
mod panel;

pub use panel::Results;
