//! Knowledge distillation: training a small student to imitate the trained model.
//!
//! - [`form`]: its options. [`log`]: its state, and the comparison of the models.

pub mod form;
pub mod log;
