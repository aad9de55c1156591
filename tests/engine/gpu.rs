//! The GPU, where there is one.

use std::sync::OnceLock;

use burn::tensor::Device;
use pollster::block_on;
use tunelab_core::device::ComputeDevice;
use tunelab_engine::device::open;

use crate::common::skip;

/// A GPU by wgpu, in tests usually a software one (Mesa's lavapipe), or `None` with a visible message where there is
/// none. It is opened once for all tests of the process.
pub fn wgpu() -> Option<Device> {
    static OPENED: OnceLock<Result<Device, String>> = OnceLock::new();
    let open = || block_on(open(ComputeDevice::Wgpu)).map_err(|error| error.to_string());
    match OPENED.get_or_init(open) {
        Ok(device) => Some(device.clone()),
        Err(error) => {
            skip(error);
            None
        }
    }
}
