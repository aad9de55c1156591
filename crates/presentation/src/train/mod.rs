//! Step 3: training.
//!
//! - [`form`]: the choices. [`readiness`]: what is missing. [`estimate`]: how long it would take.
//! - [`run_log`]: a run as it happens. [`curves`], [`verdict`]: what it shows and means.
//! - [`search`]: a search for good settings. [`distillation`]: a small copy of the trained network, which
//!   step 4 shows.

pub mod curves;
pub mod device;
pub mod distillation;
pub mod estimate;
pub mod form;
pub mod readiness;
pub mod run_log;
pub mod search;
pub mod time_left;
pub mod verdict;
