//! What the trained network gets right and wrong, on the validation pictures.
//!
//! - [`confusion`]: what a confusion matrix says. [`scatter`]: where predicted numbers are. [`text`]:
//!   figures and answers in words. The rest shows it.

pub mod confusion;
pub mod scatter;
pub mod text;
