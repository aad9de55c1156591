//! The dedicated worker: the engine's host in the browser.
//!
//! - [`protocol`]: what crosses between the page and the worker. [`wire`]: how it crosses. [`port`]: the
//!   worker's end of it.
//! - [`host`]: the worker's state, and what each command does with it.
//! - [`collection`]: the pictures gathered so far. [`pictures`]: how they come in.
//! - [`models`]: the pretrained network. [`runs`]: training. [`trials`]: the trained network at work.
//! - [`devices`]: which device computes. [`gpu`]: the GPU, opened and watched. [`self_test`]: proof that a
//!   device computes right.

pub mod collection;
#[cfg(feature = "web")]
pub mod devices;
#[cfg(feature = "web")]
pub mod gpu;
#[cfg(feature = "web")]
pub mod host;
#[cfg(feature = "web")]
pub mod models;
#[cfg(feature = "web")]
pub mod pictures;
#[cfg(feature = "web")]
pub mod port;
pub mod protocol;
#[cfg(feature = "web")]
pub mod runs;
pub mod self_test;
#[cfg(feature = "web")]
pub mod trials;
#[cfg(feature = "web")]
pub mod wire;
