//! Training: the loop, and one step's arithmetic.
//!
//! - [`order`]: shuffling and batches. [`targets`]: what the outputs should be. [`cache`]: activations
//!   that are computed only once. [`input`]: what the trained part is given.
//! - [`objective`], [`task_weighting`], [`dropout`], [`gradients`], [`optimizer`]: one step's
//!   arithmetic. [`learner`]: a network and all that moves its weights.
//! - [`session`]: where a step happens. [`progress`]: how far it is. [`control`]: who may pause or stop it.
//! - [`few_shot`]: class means instead of training. [`distillation`]: a student and its teacher.
//! - [`checkpoint`]: a run kept on the way, and continued.

pub mod activation_cache;
pub mod checkpoint;
pub mod control;
pub mod data_loader;
pub mod distillation;
pub mod error;
pub mod few_shot;
pub mod gradients;

pub mod learner;
pub mod objective;
pub mod optimizer;
pub mod part_rates;
pub mod progress;
pub mod sampler;
pub mod session;
pub mod targets;
pub mod task_weighting;
pub mod teacher;
