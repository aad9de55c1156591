//! Trains, evaluates and exports a ResNet, independently of browsers, terminals and files: it reads and returns bytes,
//! and never blocks. `docs/architecture.md` shows how an image becomes a gradient.

pub mod data;
pub mod device;
pub mod eval;
pub mod kernels;
pub mod model;
pub mod search;
pub mod self_test;
pub mod train;
pub mod trained_model;
