//! The device that computes, and why one cannot be used.

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

use crate::model::part::Part;

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

/// A device could not compute. Problems are in the words of the driver or the operating system.
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
    /// A tensor has another shape than the network's parameter.
    Mismatch { name: String, expected: Vec<usize>, found: Vec<usize> },
}

impl ComputeError {
    /// Whether the device may be to blame, so that another one could do the same work.
    pub fn is_of_device(&self) -> bool {
        !matches!(self, Self::Spill(_))
    }
}

impl Localize for ComputeError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::Device(problem) => texts.error_compute_device(problem),
            Self::NoGpu(problem) => texts.error_compute_no_gpu(problem),
            Self::Read(problem) => texts.error_compute_read(problem),
            Self::Spill(problem) => texts.error_compute_storage(problem),
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
    /// The changes that a training step makes to this part and all after it.
    Training(Part),
}

/// The self-test of a device failed, so the device must not be used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum SelfTestError {
    /// The results differ from those of the processor. The error is relative.
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
    /// The browser offers no GPU to web pages.
    NotOffered,
    /// The browser does not open the GPU. The problem is in the browser's own words.
    Refused { problem: String },
    /// The browser or the GPU does not answer.
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
