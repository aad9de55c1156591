//! What computes.

use burn::tensor::Device;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// What computes, always on the CPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceName {
    /// What the program computes with
    #[default]
    Flex,
    /// PyTorch's kernels
    Libtorch,
}

impl DeviceName {
    /// The device.
    ///
    /// # Panics
    /// When this build does not have it.
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
