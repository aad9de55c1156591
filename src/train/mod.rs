//! Training: what is trained, by which rule, and the loop that does it.
//!
//! - [`config`]: every choice of a run, with defaults.
//! - [`strategy`]: how much of the network is trained; with it, what is frozen.
//! - [`order`]: shuffling and batches. [`features`]: images whose backbone runs only once.
//! - [`update_rule`], [`class_weights`], [`schedule`]: choices of their own.
//! - [`loss`], [`gradients`], [`optimizer`]: one step's arithmetic.
//! - [`session`]: where a step happens. [`progress`]: how far it is. [`control`]: who may pause or stop it. [`event`]: what it tells.
//! - [`checkpoint`]: a run kept on the way, and continued.

#[cfg(feature = "compute")]
pub mod checkpoint;
pub mod class_weights;
pub mod config;
#[cfg(feature = "compute")]
pub mod control;
#[cfg(feature = "compute")]
pub mod error;
pub mod event;
#[cfg(feature = "compute")]
pub mod features;
#[cfg(feature = "compute")]
pub mod gradients;
#[cfg(feature = "compute")]
pub mod loss;
#[cfg(feature = "compute")]
pub mod optimizer;
#[cfg(feature = "compute")]
pub mod order;
#[cfg(feature = "compute")]
pub mod progress;
pub mod schedule;
#[cfg(feature = "compute")]
pub mod session;
pub mod strategy;
pub mod update_rule;

#[cfg(feature = "compute")]
pub use checkpoint::{Checkpoint, CheckpointError};
pub use class_weights::ClassWeights;
pub use config::{ConfigError, TrainConfig};
#[cfg(feature = "compute")]
pub use control::Control;
#[cfg(feature = "compute")]
pub use error::TrainError;
pub use event::Event;
#[cfg(feature = "compute")]
pub use session::Session;
pub use strategy::{StageCount, Strategy};
pub use update_rule::{OptimizerConfig, UpdateRule};
