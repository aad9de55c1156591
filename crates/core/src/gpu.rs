//! The self-test of a GPU, and why a GPU cannot be used.

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

use crate::device::ComputeError;
use crate::model::part::Part;

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

display_in_english!(SelfTestError, GpuError);
