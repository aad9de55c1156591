//! The devices as the page shows them.

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts};

use crate::device::{ComputeDevice, GpuError};

/// The device that computes, and the other one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceStatus {
    pub gpu: GpuStatus,
    /// The device that a run would use now.
    pub device: ComputeDevice,
    /// Why it is used.
    pub reason: DeviceReason,
    /// Measured training speed of the processor at 64 px, in images per second.
    pub cpu_speed: Option<f64>,
    /// Measured training speed of the GPU at 64 px, in images per second.
    pub gpu_speed: Option<f64>,
}

/// The state of the GPU.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GpuStatus {
    /// It is being looked for.
    Unknown,
    /// The browser or the machine offers none.
    Missing { reason: GpuError },
    /// The processor emulates one. It can be chosen all the same.
    Software { name: String },
    /// There is one that was not tested yet.
    Found { name: String },
    /// Its results are being compared with those of the processor, and its shaders compiled.
    Checking { name: String, done: usize, total: usize },
    /// Its results are correct.
    Ready { name: String },
    /// Its results are wrong, or it stopped working. It is not used.
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
    /// The GPU is emulated by the processor.
    SoftwareGpu,
    /// The GPU cannot be used.
    GpuFailed { reason: GpuError },
    /// The processor is faster. Speeds are in images per second.
    CpuFaster { cpu: f64, gpu: f64 },
    /// The GPU is faster. Speeds are in images per second.
    GpuFaster { cpu: f64, gpu: f64 },
    /// The user chose the processor.
    CpuChosen,
    /// The user chose the GPU, which passed its test.
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
