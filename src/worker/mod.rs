//! The dedicated worker: the engine's host in the browser.
//!
//! - [`protocol`]: what crosses between the page and the worker. [`wire`]: how it crosses. [`port`]: the
//!   worker's end of it. [`platform`]: what not every browser has.
//! - [`start`]: what comes first. [`console`]: where warnings go. [`host`]: the worker's state, and what each command does with it.
//! - [`collection`]: the pictures gathered so far. [`pictures`]: what is done with them. [`folder`],
//!   [`cifar`]: how they come in. [`picture_files`]: how files are read.
//! - [`models`]: the pretrained network. [`runs`]: training. [`search`]: many short runs. [`trials`]: the
//!   trained network at work. [`distill`]: a small copy of it.
//! - [`devices`]: which device computes. [`gpu`]: the GPU, opened and watched. [`self_test`]: proof that a
//!   device computes right.

#[cfg(feature = "worker")]
mod cifar;
#[cfg(any(feature = "worker", test))]
pub mod collection;
#[cfg(feature = "worker")]
pub mod console;
#[cfg(feature = "worker")]
pub mod devices;
#[cfg(feature = "worker")]
pub mod distill;
#[cfg(feature = "worker")]
mod folder;
#[cfg(feature = "worker")]
pub mod gpu;
#[cfg(feature = "worker")]
pub mod host;
#[cfg(feature = "worker")]
pub mod models;
#[cfg(feature = "worker")]
mod picture_files;
#[cfg(feature = "worker")]
pub mod pictures;
#[cfg(feature = "worker")]
mod platform;
#[cfg(feature = "worker")]
pub mod port;

#[cfg(feature = "worker")]
pub mod runs;
#[cfg(feature = "worker")]
pub mod search;
#[cfg(any(feature = "worker", all(test, feature = "compute")))]
pub mod self_test;
#[cfg(feature = "worker")]
pub mod spill;
#[cfg(feature = "worker")]
pub mod start;
#[cfg(feature = "worker")]
pub mod trials;
#[cfg(feature = "browser")]
pub mod wire;
