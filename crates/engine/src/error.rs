//! Errors of computing itself. Errors of data, weights and training are defined beside what they are
//! about.

use thiserror::Error;

/// The device could not compute, or what it holds does not fit.
#[derive(Debug, Error)]
pub enum ComputeError {
    #[error("the compute device failed ({0}); try again, or choose the CPU")]
    Device(String),
    #[error("no usable GPU was found ({0}); use the CPU")]
    NoGpu(String),
    #[error(
        "values could not be read back from the compute device ({0}); try again, or choose the CPU"
    )]
    Read(String),
    #[error(
        "the space for kept activations cannot be used ({0}); free some disk space, or turn the activation cache off"
    )]
    Spill(String),
    #[error("the tensor {name} should have shape {expected:?}, but has {found:?}")]
    Mismatch { name: String, expected: Vec<usize>, found: Vec<usize> },
}

impl ComputeError {
    /// Whether the device may be to blame, so that another could do it.
    pub fn is_of_device(&self) -> bool {
        !matches!(self, Self::Spill(_))
    }
}
