//! The teacher of knowledge distillation, with a cache of its logits.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor, TensorData};

use crate::model::folded::FoldedResNet;
use crate::model::parameters::read;
use crate::model::resnet::ResNet;
use tunelab_core::device::ComputeError;

/// A trained network and its cached logits.
pub struct Teacher {
    network: FoldedResNet,
    /// By augmented view, the logits of the images, `[images, outputs]`, row-major; NaN if not computed yet.
    logits: BTreeMap<u32, Vec<f32>>,
    images: usize,
}

impl Teacher {
    /// A teacher for a dataset of `images` images.
    pub fn new(network: &ResNet, images: usize) -> Self {
        Self { network: FoldedResNet::new(network), logits: BTreeMap::new(), images }
    }

    /// The logits `[N, outputs]` of images `[N, 3, H, W]`.
    pub fn logits(&self, images: &Tensor<4>) -> Tensor<2> {
        self.network.logits(images.clone())
    }

    /// The logits `[N, outputs]` of view `view` of the images at `indices` of the dataset, which are `images`
    /// `[N, 3, H, W]`. Computed once per image and view.
    ///
    /// # Errors
    /// The device failed.
    pub async fn cached_logits(
        &mut self,
        indices: &[usize],
        view: u32,
        images: &Tensor<4>,
        device: &Device,
    ) -> Result<Tensor<2>, ComputeError> {
        let outputs = self.network.outputs();
        let count = self.images;
        let cached = self.logits.entry(view).or_insert_with(|| vec![f32::NAN; count * outputs]);
        let row = |index: usize| index * outputs..(index + 1) * outputs;
        if indices.iter().any(|index| cached[index * outputs].is_nan()) {
            let logits = read(self.network.logits(images.clone())).await?;
            for (&index, logits) in indices.iter().zip(logits.chunks_exact(outputs)) {
                cached[row(index)].copy_from_slice(logits);
            }
        }
        let rows = indices.iter().flat_map(|&index| cached[row(index)].to_vec());
        let data = TensorData::new(rows.collect::<Vec<f32>>(), [indices.len(), outputs]);
        Ok(Tensor::from_data(data, device))
    }
}
