//! Training: what is trained, by which rule, and the loop that does it.
//!
//! - [`config`]: every choice of a run, with defaults.
//! - [`strategy`]: how much of the network is trained; with it, what is frozen.
//! - [`order`]: shuffling and batches. [`features`]: images whose backbone runs only once.
//! - [`loss`], [`gradients`], [`optimizer`], [`schedule`]: one step's arithmetic.
//! - [`session`]: where a step happens. [`progress`]: how far it is. [`control`]: who may pause or stop it. [`event`]: what it tells.
//! - [`checkpoint`]: a run kept on the way, and continued.

pub mod checkpoint;
pub mod config;
pub mod control;
pub mod error;
pub mod event;
pub mod features;
pub mod gradients;
pub mod loss;
pub mod optimizer;
pub mod order;
pub mod progress;
pub mod schedule;
pub mod session;
pub mod strategy;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use config::{ConfigError, TrainConfig};
pub use control::Control;
pub use error::TrainError;
pub use event::Event;
pub use session::Session;
pub use strategy::{StageCount, Strategy};
