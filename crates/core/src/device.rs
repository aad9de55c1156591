//! Compute devices, and the errors of computing with them.

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

/// The device that stores tensors and computes with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ComputeDevice {
    /// The CPU, with tunelab's kernels for ResNets and burn-flex for the rest, on all cores if threads are available.
    #[default]
    Cpu,
    /// The GPU, with burn-wgpu: Vulkan, Metal or DirectX 12 natively, WebGPU in the browser.
    Wgpu,
}

/// What computes a network on the processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kernels {
    /// tunelab's own kernels for ResNets.
    #[default]
    Fast,
    /// burn's operations, which the others are compared with. Also on the GPU.
    Reference,
}

/// The speed of a device at 64 px, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Speed {
    /// Of a training step of the whole network, without its images: the weights are prepared and updated.
    pub step: f64,
    /// Of a training step of the whole network, per image.
    pub training: f64,
    /// Of inference, per image.
    pub inference: f64,
    /// Of preparing the network for inference.
    pub folding: f64,
}

impl Speed {
    /// The batch size of [`Self::images_per_second`].
    pub const BATCH: usize = 16;

    /// From the seconds of two training steps with different numbers of images, and of inference.
    pub fn from_steps(steps: [(usize, f64); 2], inference: f64, folding: f64) -> Self {
        let [(few, short), (many, long)] = steps.map(|(images, seconds)| (images as f64, seconds));
        // Noise may make the larger step the faster one.
        let training = ((long - short) / (many - few)).max(long / many / 10.0);
        Self { step: (long - many * training).max(0.0), training, inference, folding }
    }

    /// A typical device that trains this many images per second.
    pub fn typical(images_per_second: f64) -> Self {
        let image = 1.0 / images_per_second;
        let step = 0.2 * image * Self::BATCH as f64;
        Self { step, training: 0.8 * image, inference: 0.25 * image, folding: step }
    }

    /// Images per second of training the whole network in batches of [`Self::BATCH`].
    pub fn images_per_second(&self) -> f64 {
        let batch = Self::BATCH as f64;
        batch / (self.step + batch * self.training)
    }
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
    /// So many images do not fit in the memory together.
    BatchTooLarge { images: usize },
    /// A tensor does not have the shape of the network's parameter.
    Mismatch { name: String, expected: Vec<usize>, found: Vec<usize> },
}

impl ComputeError {
    /// Whether the device may be the cause, so that another device could do the same work.
    pub fn is_of_device(&self) -> bool {
        !matches!(self, Self::Spill(_) | Self::ShortTransfer { .. } | Self::BatchTooLarge { .. })
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
            Self::BatchTooLarge { images } => texts.error_compute_batch_too_large(*images),
            Self::Mismatch { name, expected, found } => {
                texts.error_compute_shape(name, &format!("{expected:?}"), &format!("{found:?}"))
            }
        }
    }
}

display_in_english!(ComputeError);
