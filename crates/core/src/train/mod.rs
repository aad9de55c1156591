//! The choices of a run, and what follows from them before anything is computed.
//!
//! - [`config`]: every choice of a run. [`recipe`]: named ways to fine-tune, with good choices.
//!   [`validate`]: what the choices may be.
//! - [`strategy`]: which parameters are trained. [`plan`]: the segments of a run that follow.
//! - [`update_rule`], [`class_weights`], [`schedule`], [`loss_kind`]: choices of their own.
//! - [`event`]: what a run tells. [`gap`]: whether a network overfits. [`rate_finder`]: a learning rate from
//!   a short try. [`student`]: a small network, alone or taught.

pub mod class_weights;
pub mod config;
pub mod event;
pub mod gap;
pub mod loss_kind;
pub mod plan;
pub mod rate_finder;
pub mod recipe;
pub mod schedule;
pub mod strategy;
pub mod student;
pub mod update_rule;
pub mod validate;
