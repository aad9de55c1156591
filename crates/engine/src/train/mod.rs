//! Training.
//!
//! - [`session`]: a run, step by step. [`control`]: pauses, resumes and stops it. [`progress`]: its position.
//!   [`checkpoint`]: saves and resumes it.
//! - [`sampler`]: shuffling and batches. [`data_loader`]: training batches. [`targets`]: encoded targets.
//!   [`activation_cache`]: activations of the frozen parts.
//! - [`learner`]: a network in training. [`backpropagation`]: its forward and backward pass. [`objective`]: losses. [`task_weighting`]: weights of the tasks.
//!   [`gradients`]: clipping. [`optimizer`]: SGD, Adam and AdamW. [`part_rates`]: learning rates of the parts.
//! - [`few_shot`]: class means instead of training. [`distillation`]: trains a student. [`teacher`]: its teacher.

pub mod activation_cache;
pub mod backpropagation;
pub mod checkpoint;
pub mod control;
pub mod data_loader;
pub mod distillation;
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
