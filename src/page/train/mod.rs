//! Step 3: training.
//!
//! - [`form`]: the choices. [`readiness`]: what is missing. [`estimate`]: how long it would take.
//! - [`run_log`]: a run as it happens. [`curves`], [`verdict`]: what it shows and means.
//! - [`search`]: a search for good settings. [`distillation`]: a small copy of the trained network, which
//!   step 4 shows.

mod augmentation;
mod choices;
mod controls;
mod desk;
mod device;
pub mod distillation;
mod fields;
mod live;
mod news;
mod options;
mod rate_finder;
mod result;
pub mod search;
pub mod sheet;
mod step;

pub use step::TrainStep;
