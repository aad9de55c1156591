//! Batches of images as tensors.

use std::sync::{Mutex, PoisonError};

use burn::tensor::{Device, Tensor, TensorData};
use tunelab_kernels::threads::Threads;

use super::dataset::{Dataset, Example};
use super::image::RgbImage;
use super::mix::Mixture;
use crate::data::transform::Normalization;
use tunelab_core::data::augmentation::AugmentationConfig;
use tunelab_core::data::input::InputSize;
use tunelab_core::rng::{self, Purpose};

/// A batch of images for the network, in host memory.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Normalized pixels, `[N, 3, size, size]`.
    pixels: Vec<f32>,
    images: usize,
    size: InputSize,
}

impl Batch {
    /// The images at `indices`, preprocessed and normalized, without augmentation.
    ///
    /// # Panics
    /// When an index is not below the length of the dataset.
    pub fn plain(dataset: &Dataset, indices: &[usize]) -> Self {
        Self::build(dataset, indices, |_, example, out| example.image.normalized_into(out))
    }

    /// The images at `indices` with the augmentation of epoch `epoch`. The augmentation of an image depends only
    /// on the seed, the epoch and its index.
    ///
    /// # Panics
    /// When an index is not below the length of the dataset.
    pub fn augmented(
        dataset: &Dataset,
        indices: &[usize],
        augmentation: &AugmentationConfig,
        seed: u64,
        epoch: u32,
    ) -> Self {
        Self::build(dataset, indices, |index, example, out| {
            let mut rng = rng::stream(seed, Purpose::Augment, u64::from(epoch), index as u64);
            example.image.augmented_into(augmentation, &mut rng, out);
        })
    }

    fn build(
        dataset: &Dataset,
        indices: &[usize],
        fill: impl Fn(usize, &Example, &mut [f32]) + Sync,
    ) -> Self {
        let size = indices.first().map_or(InputSize::default(), |&first| {
            dataset.examples[first].image.preprocessing().size
        });
        let image_values = 3 * size.area();
        let mut pixels = vec![0.0; indices.len() * image_values];
        let slots: Vec<_> = pixels.chunks_exact_mut(image_values).map(Mutex::new).collect();
        threads().run(indices.len(), &|position| {
            let index = indices[position];
            // No other task has this slot.
            let mut out = slots[position].lock().unwrap_or_else(PoisonError::into_inner);
            fill(index, &dataset.examples[index], &mut out);
        });
        Self { pixels, images: indices.len(), size }
    }

    /// Mixes the images with each other.
    ///
    /// # Panics
    /// When the mixture is for another number of images.
    pub fn mix(&mut self, mixture: &Mixture) {
        mixture.mix_images(&mut self.pixels, self.size.get() as usize);
    }

    /// The input size.
    pub fn size(&self) -> InputSize {
        self.size
    }

    /// The images as the network sees them, to show them.
    pub fn to_images(&self, normalization: &Normalization) -> Vec<RgbImage> {
        let images = self.pixels.chunks_exact(3 * self.size.area());
        images.map(|pixels| normalization.undo(pixels, self.size)).collect()
    }

    /// The images on `device`, `[N, 3, size, size]`.
    pub fn into_tensor(self, device: &Device) -> Tensor<4> {
        let side = self.size.get() as usize;
        let shape = [self.images, 3, side, side];
        Tensor::from_data(TensorData::new(self.pixels, shape), device)
    }
}

/// Threads that may allocate memory, unlike those of the kernels in a browser.
fn threads() -> impl Threads {
    #[cfg(not(target_arch = "wasm32"))]
    return tunelab_kernels::threads::Rayon;
    #[cfg(target_arch = "wasm32")]
    tunelab_kernels::threads::Serial
}
