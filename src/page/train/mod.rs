//! Step 3: training.
//!
//! - [`form`]: the choices. [`readiness`]: what is missing. [`estimate`]: how long it would take.
//! - [`run_log`]: a run as it happens. [`curves`], [`verdict`]: what it shows and means.
//! - [`search`]: a search for good settings. [`distillation`]: a small copy of the trained network, which
//!   step 4 shows.

mod advanced;
mod basics;
mod controls;
mod device;
pub mod distillation;
mod form;
mod live;
mod news;
mod option_field;
mod rate_finder;
mod result;
mod run_display;
pub mod search;
mod step;

pub use form::forget_hidden_values;
pub use step::TrainStep;
