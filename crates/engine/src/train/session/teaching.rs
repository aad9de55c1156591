//! What a teacher says about the training pictures.

use std::collections::BTreeMap;

use burn::tensor::{Tensor, TensorData};

use super::Session;
use crate::error::ComputeError;
use crate::model::folded::FoldedResNet;
use crate::model::params::read;
use crate::model::resnet::ResNet;
use tunelab_core::data::augmentation::Mix;
use tunelab_core::train::distillation::TAUGHT_VIEWS;

/// A trained network, and what it said so far.
pub struct Teacher {
    network: FoldedResNet,
    /// Of each version, each picture's logits, one after another; not a number where it was not asked.
    said: BTreeMap<u32, Vec<f32>>,
    pictures: usize,
}

impl Teacher {
    /// A teacher of `pictures` pictures.
    pub fn new(network: &ResNet, pictures: usize) -> Self {
        Self { network: FoldedResNet::new(network), said: BTreeMap::new(), pictures }
    }
}

impl Session {
    /// The version of the pictures that epoch `epoch` sees: one of a few where there is a teacher,
    /// unless pictures are mixed, which makes each of them new.
    pub(super) fn taught_view(&self, epoch: u32) -> u32 {
        match self.teacher {
            Some(_) if self.config.mix() == Mix::None => epoch % TAUGHT_VIEWS,
            _ => epoch,
        }
    }

    /// A teacher's logits for version `view` of the pictures at `indices`, `[N, outputs]`, where there
    /// is a teacher. `images` are these pictures.
    pub(super) async fn teach(
        &mut self,
        indices: &[usize],
        view: u32,
        images: &Tensor<4>,
    ) -> Result<Option<Tensor<2>>, ComputeError> {
        let Some(teacher) = &mut self.teacher else { return Ok(None) };
        if self.config.mix() != Mix::None {
            return Ok(Some(teacher.network.logits(images.clone())));
        }
        let outputs = teacher.network.outputs();
        let pictures = teacher.pictures;
        let said = teacher.said.entry(view).or_insert_with(|| vec![f32::NAN; pictures * outputs]);
        let place = |index: usize| index * outputs..(index + 1) * outputs;
        if indices.iter().any(|index| said[index * outputs].is_nan()) {
            let logits = read(teacher.network.logits(images.clone())).await?;
            for (&index, row) in indices.iter().zip(logits.chunks_exact(outputs)) {
                said[place(index)].copy_from_slice(row);
            }
        }
        let rows = indices.iter().flat_map(|&index| said[place(index)].to_vec());
        let data = TensorData::new(rows.collect::<Vec<f32>>(), [indices.len(), outputs]);
        Ok(Some(Tensor::from_data(data, &self.device)))
    }
}
