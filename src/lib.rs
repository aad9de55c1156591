//! Fine-tunes a pretrained ResNet18 on the user's own images, with nothing leaving the device: three thin
//! programs around `tunelab_engine`. `docs/architecture.md` shows how an image becomes a gradient.

pub mod order;
#[cfg(any(feature = "page", test))]
pub mod ui;
#[cfg(any(feature = "browser", test))]
pub mod worker;
