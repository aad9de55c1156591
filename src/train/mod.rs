//! Training: what is trained, by which rule, and the loop that does it.
//!
//! - [`config`]: every choice of a run. [`recipe`]: named ways to fine-tune, with good choices.
//!   [`validate`]: what the choices may be.
//! - [`strategy`]: which parameters are trained. [`plan`]: the segments of a run that follow.
//! - [`order`]: shuffling and batches. [`targets`]: what the outputs should be. [`cache`]: activations
//!   that are computed only once. [`input`]: what the trained part is given.
//! - [`update_rule`], [`class_weights`], [`schedule`], [`loss_kind`]: choices of their own.
//! - [`objective`], [`task_weighting`], [`dropout`], [`gradients`], [`optimizer`]: one step's
//!   arithmetic. [`learner`]: a network and all that moves its weights.
//! - [`session`]: where a step happens. [`progress`]: how far it is. [`control`]: who may pause or stop
//!   it. [`event`]: what it tells.
//! - [`gap`]: whether a network learns by heart. [`few_shot`]: an answer without training.
//!   [`rate_finder`]: a learning rate from a short try. [`student`]: a small network, alone or taught.
//! - [`checkpoint`]: a run kept on the way, and continued.

#[cfg(feature = "compute")]
pub mod cache;
#[cfg(feature = "compute")]
pub mod checkpoint;
pub mod class_weights;
pub mod config;
#[cfg(feature = "compute")]
pub mod control;
#[cfg(feature = "compute")]
pub mod dropout;
#[cfg(feature = "compute")]
pub mod error;
pub mod event;
pub mod few_shot;
pub mod gap;
#[cfg(feature = "compute")]
pub mod gradients;
#[cfg(feature = "compute")]
pub mod input;
#[cfg(feature = "compute")]
pub mod learner;
pub mod loss_kind;
#[cfg(feature = "compute")]
pub mod objective;
#[cfg(feature = "compute")]
pub mod optimizer;
#[cfg(feature = "compute")]
pub mod order;
#[cfg(feature = "compute")]
pub mod plan;
#[cfg(feature = "compute")]
pub mod progress;
pub mod rate_finder;
pub mod recipe;
pub mod schedule;
#[cfg(feature = "compute")]
pub mod session;
pub mod strategy;
pub mod student;
#[cfg(feature = "compute")]
pub mod targets;
#[cfg(feature = "compute")]
pub mod task_weighting;
pub mod update_rule;
pub mod validate;

#[cfg(feature = "compute")]
pub use checkpoint::{Checkpoint, CheckpointError};
pub use class_weights::ClassWeights;
pub use config::{ConfigError, TrainConfig};
#[cfg(feature = "compute")]
pub use control::Control;
#[cfg(feature = "compute")]
pub use error::TrainError;
pub use event::Event;
pub use recipe::Recipe;
#[cfg(feature = "compute")]
pub use session::Session;
pub use strategy::{StageCount, Strategy};
pub use update_rule::{OptimizerConfig, UpdateRule};
