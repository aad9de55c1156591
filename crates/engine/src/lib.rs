//! Trains, evaluates and exports a ResNet. Knows nothing of browsers, terminals or files: it takes bytes,
//! gives bytes, and never blocks. `docs/architecture.md` shows how an image becomes a gradient.

pub mod data;
pub mod device;
pub mod error;
pub mod eval;
pub mod export;
pub mod model;
pub mod search;
pub mod self_test;
pub mod train;
