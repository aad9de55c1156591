//! The features of every image, computed once by the frozen backbone.

use burn::tensor::{Device, Tensor, TensorData};

use crate::data::batch::Batch;
use crate::data::dataset::Dataset;
use crate::error::ComputeError;
use crate::eval::evaluator::EVALUATION_BATCH;
use crate::model::FoldedBackbone;
use crate::model::params::read;

/// The features of a dataset's images, in its order, kept in host memory.
#[derive(Debug, Clone)]
pub struct FeatureCache {
    /// `[done, width]`, row-major.
    values: Vec<f32>,
    width: usize,
    done: usize,
}

impl FeatureCache {
    /// A cache of features of `width` numbers, with none computed yet.
    pub fn new(width: usize) -> Self {
        Self { values: Vec::new(), width, done: 0 }
    }

    /// How many images have their features.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Computes the features of the dataset's next images.
    ///
    /// # Errors
    /// The device failed.
    pub async fn advance(
        &mut self,
        backbone: &FoldedBackbone,
        dataset: &Dataset,
        device: &Device,
    ) -> Result<(), ComputeError> {
        let end = (self.done + EVALUATION_BATCH).min(dataset.len());
        let indices: Vec<usize> = (self.done..end).collect();
        let images = Batch::plain(dataset, &indices).into_images(device);
        self.values.extend(read(backbone.features(images)).await?);
        self.done = end;
        Ok(())
    }

    /// The features of the images at `indices`, `[N, width]`.
    ///
    /// # Panics
    /// When an index is not below [`FeatureCache::done`].
    pub fn rows(&self, indices: &[usize], device: &Device) -> Tensor<2> {
        let row = |&index: &usize| &self.values[index * self.width..(index + 1) * self.width];
        let values: Vec<f32> = indices.iter().flat_map(row).copied().collect();
        Tensor::from_data(TensorData::new(values, [indices.len(), self.width]), device)
    }
}
