//! Compute devices, and their errors.

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

use crate::model::part::Part;

/// The device that stores tensors and computes with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ComputeDevice {
    /// The CPU, with burn-flex: portable SIMD, on all cores if threads are available.
    #[default]
    Cpu,
    /// The GPU, with burn-wgpu: Vulkan, Metal or DirectX 12 natively, WebGPU in the browser.
    Wgpu,
}

/// A computation failed. Strings are messages of the driver or the operating system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum ComputeError {
    /// The device failed.
    Device(String),
    /// There is no usable GPU.
    NoGpu(String),
    /// Values could not be read back from the device.
    Read(String),
    /// The storage for cached activations cannot be used.
    Spill(String),
    /// The storage for cached activations took or gave fewer bytes than it should.
    ShortTransfer { transferred: u64, expected: u64 },
    /// A tensor does not have the shape of the network's parameter.
    Mismatch { name: String, expected: Vec<usize>, found: Vec<usize> },
}

impl ComputeError {
    /// Whether the device may be the cause, so that another device could do the same work.
    pub fn is_of_device(&self) -> bool {
        !matches!(self, Self::Spill(_) | Self::ShortTransfer { .. })
    }
}

impl Localize for ComputeError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::Device(problem) => texts.error_compute_device(problem),
            Self::NoGpu(problem) => texts.error_compute_no_gpu(problem),
            Self::Read(problem) => texts.error_compute_read(problem),
            Self::Spill(problem) => texts.error_compute_storage(problem),
            Self::ShortTransfer { transferred, expected } => texts.error_compute_short_transfer(
                &texts.file_size(*transferred),
                &texts.file_size(*expected),
            ),
            Self::Mismatch { name, expected, found } => {
                texts.error_compute_shape(name, &format!("{expected:?}"), &format!("{found:?}"))
            }
        }
    }
}

/// A computation that the self-test compares between two devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SelfTestStage {
    /// The activations before this part.
    Forward(Part),
    /// The updates of this part and all after it by a training step.
    Training(Part),
}

/// The self-test of a device failed, so the device must not be used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum SelfTestError {
    /// The results differ from those of the CPU. `error` is relative.
    WrongResult { stage: SelfTestStage, error: f64 },
    /// The device failed.
    Compute(#[from] ComputeError),
}

impl Localize for SelfTestError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::WrongResult { stage, error } => {
                let error = texts.percent(*error);
                match stage {
                    SelfTestStage::Forward(part) => {
                        texts.error_self_test_forward(part.name(), &error)
                    }
                    SelfTestStage::Training(part) => {
                        texts.error_self_test_training(part.name(), &error)
                    }
                }
            }
            Self::Compute(error) => error.localize(texts),
        }
    }
}

/// Why the GPU of a browser cannot be used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum GpuError {
    /// The browser has no WebGPU.
    NotOffered,
    /// The browser cannot open the GPU; `problem` is its message.
    Refused { problem: String },
    /// The browser or the GPU does not respond.
    NoAnswer,
    /// There is no pretrained model to test the GPU with.
    NoModel,
    /// The self-test failed.
    SelfTest(SelfTestError),
    /// The GPU stopped working.
    Lost(#[from] ComputeError),
}

impl From<SelfTestError> for GpuError {
    fn from(error: SelfTestError) -> Self {
        match error {
            SelfTestError::Compute(error) => Self::Lost(error),
            error @ SelfTestError::WrongResult { .. } => Self::SelfTest(error),
        }
    }
}

impl Localize for GpuError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::NotOffered => texts.error_gpu_not_offered().into(),
            Self::Refused { problem } => texts.error_gpu_refused(problem),
            Self::NoAnswer => texts.error_gpu_no_answer().into(),
            Self::NoModel => texts.error_gpu_no_model().into(),
            Self::SelfTest(error) => error.localize(texts),
            Self::Lost(error) => error.localize(texts),
        }
    }
}

display_in_english!(ComputeError, SelfTestError, GpuError);
