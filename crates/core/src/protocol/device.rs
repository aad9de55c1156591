//! The status of the devices.

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts};

use crate::device::{ComputeDevice, Kernels, Speed};
use crate::gpu::GpuError;

/// The status of the CPU and the GPU.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceStatus {
    pub gpu: GpuStatus,
    /// The device that a run would use now.
    pub device: ComputeDevice,
    /// Why that device is used.
    pub reason: DeviceReason,
    /// Whether devices are being tested or measured, so that the others may change.
    pub busy: bool,
    /// The threads of the CPU.
    pub threads: ThreadStatus,
    /// What computes networks on the CPU: burn's operations only if the kernels failed their test.
    pub kernels: Kernels,
    /// The measured speed of the CPU.
    pub cpu_speed: Option<Speed>,
    /// The measured speed of the GPU.
    pub gpu_speed: Option<Speed>,
}

/// The threads that compute on the CPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadStatus {
    pub used: u32,
    /// The most that can be used: the number of cores, or 1 if the browser allows no threads.
    pub most: u32,
}

/// The state of the GPU.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GpuStatus {
    /// Not detected yet.
    Unknown,
    /// The browser or the machine has no GPU.
    Missing { reason: GpuError },
    /// The CPU emulates a GPU. It can still be chosen.
    Software { name: String },
    /// There is a GPU that has not been tested yet.
    Found { name: String },
    /// The self-test compares its results with those of the CPU, and compiles its shaders.
    Checking { name: String, done: usize, total: usize },
    /// It passed the self-test.
    Ready { name: String },
    /// It failed the self-test or stopped working, and is not used.
    Failed { reason: GpuError },
}

/// Why a device is used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceReason {
    /// The GPU has not been found and tested yet.
    GpuNotTested,
    /// There is no GPU.
    NoGpu,
    /// The GPU is emulated by the CPU.
    SoftwareGpu,
    /// The GPU cannot be used.
    GpuFailed { reason: GpuError },
    /// The CPU is faster. Speeds are in images per second.
    CpuFaster { cpu: f64, gpu: f64 },
    /// The GPU is faster. Speeds are in images per second.
    GpuFaster { cpu: f64, gpu: f64 },
    /// The user chose the CPU.
    CpuChosen,
    /// The user chose the GPU, which passed the self-test.
    GpuChosen,
}

impl Localize for DeviceReason {
    fn localize(&self, texts: Texts) -> String {
        let fixed = match self {
            Self::GpuNotTested => texts.device_reason_gpu_not_tested(),
            Self::NoGpu => texts.device_reason_no_gpu(),
            Self::SoftwareGpu => texts.device_reason_software_gpu(),
            Self::GpuFailed { reason } => {
                return texts.device_reason_gpu_failed(&reason.localize(texts));
            }
            Self::CpuFaster { cpu, gpu } => {
                return texts.device_reason_cpu_faster(&texts.speed(*cpu), &texts.speed(*gpu));
            }
            Self::GpuFaster { cpu, gpu } => {
                return texts.device_reason_gpu_faster(&texts.speed(*cpu), &texts.speed(*gpu));
            }
            Self::CpuChosen => texts.device_reason_cpu_chosen(),
            Self::GpuChosen => texts.device_reason_gpu_chosen(),
        };
        fixed.to_owned()
    }
}
