//! Why a run could not start or go on.

pub use tunelab_core::train::error::TrainError;
