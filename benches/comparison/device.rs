//! The compute device of the comparison.

use burn::tensor::Device;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// The CPU backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceName {
    /// The kernels of the program, and burn-flex
    #[default]
    Flex,
    /// PyTorch's kernels
    Libtorch,
}

impl DeviceName {
    /// Opens the device.
    ///
    /// # Panics
    /// The build does not include the backend.
    pub fn open(self) -> Device {
        match self {
            Self::Flex => Device::flex(),
            #[cfg(feature = "libtorch")]
            #[allow(deprecated, reason = "burn has no faster kernels for a processor")]
            Self::Libtorch => Device::libtorch(),
            #[cfg(not(feature = "libtorch"))]
            Self::Libtorch => panic!("built without libtorch: add --features libtorch"),
        }
    }
}
