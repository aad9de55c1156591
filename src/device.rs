//! The device a run computes on, chosen when the program runs.

#[cfg(feature = "compute")]
use burn::tensor::Device;
use serde::{Deserialize, Serialize};

#[cfg(feature = "compute")]
use crate::error::ComputeError;

/// Where tensors live and are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ComputeDevice {
    /// The processor, by burn-flex: portable SIMD, on all cores where threads exist.
    #[default]
    Cpu,
    /// The GPU, by burn-wgpu: Vulkan, Metal or DirectX 12 natively, WebGPU in the browser.
    Wgpu,
}

#[cfg(feature = "compute")]
impl ComputeDevice {
    /// Opens the device.
    ///
    /// # Errors
    /// There is no usable GPU.
    pub async fn open(self) -> Result<Device, ComputeError> {
        match self {
            ComputeDevice::Cpu => Ok(Device::flex()),
            ComputeDevice::Wgpu => Device::wgpu_options()
                .init_async()
                .await
                .map_err(|error| ComputeError::NoGpu(error.to_string())),
        }
    }
}
