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

#[cfg(feature = "page")]
mod advanced;
#[cfg(feature = "page")]
mod choices;
#[cfg(feature = "page")]
mod controls;
#[cfg(feature = "page")]
mod desk;
#[cfg(feature = "page")]
mod device;
#[cfg(feature = "page")]
pub mod fields;
#[cfg(feature = "page")]
mod live;
#[cfg(feature = "page")]
mod news;
#[cfg(feature = "page")]
mod result;
#[cfg(feature = "page")]
pub mod sheet;
#[cfg(feature = "page")]
mod step;

#[cfg(feature = "page")]
pub use step::TrainStep;
