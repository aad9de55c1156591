//! The results of the trained model on the validation images.
//!
//! - [`confusion`]: the confusion matrix. [`reports`]: metrics and predictions as text, and the scatter plot of
//!   predicted and true numbers.

pub mod confusion;
pub mod reports;
