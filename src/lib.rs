//! Fine-tunes a pretrained ResNet18 on the user's own images, with nothing leaving the device.
//!
//! The engine ([`data`], [`model`], [`train`], [`eval`], [`export`]) knows nothing of browsers,
//! terminals or files: it takes bytes, gives bytes, and never blocks. [`cli`] is the terminal around
//! it. `docs/architecture.md` shows how an image becomes a gradient.

#[cfg(feature = "cli")]
pub mod cli;
pub mod data;
pub mod device;
pub mod error;
pub mod eval;
#[cfg(feature = "compute")]
pub mod export;
pub mod model;
pub mod order;
pub mod rng;
pub mod search;
pub mod train;
#[cfg(any(feature = "page", test))]
pub mod ui;
pub mod worker;
