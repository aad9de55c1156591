//! Pictures to tensors.

use burn::tensor::{Device, Tensor, TensorData};

use super::dataset::{Dataset, Example};
use super::image::RgbImage;
use super::mix::Mixture;
use crate::data::transform::Normalization;
use tunelab_core::data::augmentation::AugmentationConfig;
use tunelab_core::data::input::InputSize;
use tunelab_core::rng;
use tunelab_core::rng::Purpose;

/// A batch ready for the network, still in host memory.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Normalized pixels, `[N, 3, size, size]`, row-major.
    pixels: Vec<f32>,
    pictures: usize,
    size: InputSize,
}

impl Batch {
    /// The pictures at `indices`, prepared and normalized, without augmentation.
    ///
    /// # Panics
    /// When an index is not below the dataset's length.
    pub fn plain(dataset: &Dataset, indices: &[usize]) -> Self {
        Self::build(dataset, indices, |_, example, out| example.picture.normalized_into(out))
    }

    /// The pictures at `indices` as epoch `epoch` of a run sees them. A picture's augmentation
    /// depends on the seed, the epoch and its index alone.
    ///
    /// # Panics
    /// When an index is not below the dataset's length.
    pub fn augmented(
        dataset: &Dataset,
        indices: &[usize],
        augmentation: &AugmentationConfig,
        seed: u64,
        epoch: u32,
    ) -> Self {
        Self::build(dataset, indices, |index, example, out| {
            let mut rng = rng::stream(seed, Purpose::Augment, u64::from(epoch), index as u64);
            example.picture.augmented_into(augmentation, &mut rng, out);
        })
    }

    fn build(
        dataset: &Dataset,
        indices: &[usize],
        fill: impl Fn(usize, &Example, &mut [f32]),
    ) -> Self {
        let examples = indices.iter().map(|&index| &dataset.examples[index]);
        let size = examples
            .clone()
            .next()
            .map_or(InputSize::default(), |first| first.picture.preprocessing().size);
        let picture_values = 3 * size.area();
        let mut pixels = vec![0.0; indices.len() * picture_values];
        let slots = pixels.chunks_exact_mut(picture_values);
        for ((&index, example), out) in indices.iter().zip(examples.clone()).zip(slots) {
            fill(index, example, out);
        }
        Self { pixels, pictures: indices.len(), size }
    }

    /// Mixes the pictures with each other.
    ///
    /// # Panics
    /// When the mixture is for another number of pictures.
    pub fn mix(&mut self, mixture: &Mixture) {
        mixture.mix_pictures(&mut self.pixels, self.size.get() as usize);
    }

    /// The side of its pictures.
    pub fn size(&self) -> InputSize {
        self.size
    }

    /// The pictures as the network sees them, for people to look at.
    pub fn to_pictures(&self, normalization: &Normalization) -> Vec<RgbImage> {
        let pictures = self.pixels.chunks_exact(3 * self.size.area());
        pictures.map(|pixels| normalization.undo(pixels, self.size)).collect()
    }

    /// The pictures on `device`, `[N, 3, size, size]`.
    pub fn into_images(self, device: &Device) -> Tensor<4> {
        let side = self.size.get() as usize;
        let shape = [self.pictures, 3, side, side];
        Tensor::from_data(TensorData::new(self.pixels, shape), device)
    }
}
