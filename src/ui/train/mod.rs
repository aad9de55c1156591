//! Step 3: training.
//!
//! - [`form`]: the choices. [`readiness`]: what is missing. [`estimate`]: how long it would take.
//! - [`run_log`]: a run as it happens. [`curves`], [`verdict`]: what it shows and means.

pub mod curves;
pub mod device_words;
pub mod estimate;
pub mod form;
pub mod readiness;
pub mod run_log;
pub mod time_left;
pub mod verdict;

#[cfg(feature = "web")]
mod advanced;
#[cfg(feature = "web")]
mod augmentation;
#[cfg(feature = "web")]
mod choices;
#[cfg(feature = "web")]
mod controls;
#[cfg(feature = "web")]
mod desk;
#[cfg(feature = "web")]
mod device;
#[cfg(feature = "web")]
mod fields;
#[cfg(feature = "web")]
mod live;
#[cfg(feature = "web")]
mod news;
#[cfg(feature = "web")]
mod result;
#[cfg(feature = "web")]
mod step;

#[cfg(feature = "web")]
pub use step::TrainStep;
