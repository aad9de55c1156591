//! Step 3: training.
//!
//! - [`basics`], [`advanced`] and [`option_field`] show the form ([`form`]), [`rate_finder`] suggests a learning rate,
//!   and [`device`] selects the device.
//! - [`controls`] start and stop a run, [`run_view`] shows it at the pace of [`run_display`], and [`result`] shows its
//!   result.
//! - [`search`] searches hyperparameters. [`distillation`] trains a small model to imitate the trained one; step 4
//!   shows it.

mod advanced;
mod basics;
mod controls;
mod device;
pub mod distillation;
mod form;
mod option_field;
mod rate_finder;
mod result;
mod run_display;
mod run_view;
pub mod search;
mod step;

pub use form::forget_hidden_values;
pub use step::TrainStep;
