//! Opens a compute device.

use burn::tensor::Device;
use tunelab_core::device::ComputeDevice;

use tunelab_core::device::ComputeError;

/// Opens the device.
///
/// # Errors
/// There is no usable GPU.
pub async fn open(device: ComputeDevice) -> Result<Device, ComputeError> {
    match device {
        ComputeDevice::Cpu => Ok(Device::flex()),
        ComputeDevice::Wgpu => Device::wgpu_options()
            .init_async()
            .await
            .map_err(|error| ComputeError::NoGpu(error.to_string())),
    }
}
