//! Errors of computing itself.

pub use tunelab_core::device::ComputeError;
