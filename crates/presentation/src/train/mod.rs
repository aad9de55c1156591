//! Step 3: training.
//!
//! - [`form`]: the options. [`readiness`]: what prevents a run. [`estimate`]: the duration of a run. [`device`]: the
//!   devices.
//! - [`rate_finder`]: the chart of the learning-rate finder. [`search`]: hyperparameter search. [`distillation`]: a
//!   small student of the trained model, in step 4.

pub mod device;
pub mod distillation;
pub mod estimate;
pub mod form;
pub mod rate_finder;
pub mod readiness;
pub mod search;
