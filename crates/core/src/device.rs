//! The device a run computes on, chosen when the program runs.

use serde::{Deserialize, Serialize};

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
