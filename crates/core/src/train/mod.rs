//! What follows from the options of a run before anything is computed.
//!
//! - [`plan`]: the segments of a run. [`schedule`]: the learning rate of each step. [`optimizer`]: how weights
//!   move. [`loss`]: how much classes and tasks count.
//! - [`event`]: what a run reports. [`error`]: why it could not start or go on. [`gap`]: whether it overfits. [`rate_finder`]: a learning rate from a short
//!   try. [`distillation`]: a student and its teacher.

pub mod distillation;
pub mod error;
pub mod event;
pub mod gap;
pub mod loss;
pub mod optimizer;
pub mod plan;
pub mod rate_finder;
pub mod schedule;
