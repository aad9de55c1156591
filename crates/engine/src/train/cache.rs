//! The activations at the border of the frozen part, computed once: an epoch then costs only what is
//! trained.
//!
//! Kept as float16, in memory up to a budget and beyond it in a [`Spill`] that the host provides.

mod store;

pub use store::{Spill, Store};

use burn::tensor::{Device, Tensor, TensorData};

use super::input::Input;
use crate::data::batch::Batch;
use crate::error::ComputeError;
use crate::eval::evaluator::EVALUATION_BATCH;
use crate::model::folded::FoldedBackbone;
use crate::model::params::read;

/// Who asks for a batch of pictures: view `v` of the pictures at some indices.
pub type Views<'a> = &'a dyn Fn(&[usize], u32) -> Batch;

/// The activations of every view of every picture of a dataset.
pub struct ActivationCache {
    /// Of one picture: `[C]` before the head, `[C, H, W]` before a stage.
    shape: Vec<usize>,
    pictures: usize,
    views: u32,
    store: Store,
}

impl ActivationCache {
    /// A cache with nothing in it yet, for `views` versions of each of `pictures` pictures, whose
    /// activations have `shape`.
    pub fn new(shape: Vec<usize>, pictures: usize, views: u32, store: Store) -> Self {
        Self { shape, pictures, views, store }
    }

    /// How many activations there will be.
    pub fn total(&self) -> usize {
        self.pictures * self.views as usize
    }

    /// How many there are.
    pub fn done(&self) -> usize {
        self.store.len()
    }

    /// Computes the next activations; `batch` gives a view of pictures.
    ///
    /// # Errors
    /// The device failed, or the spill.
    pub async fn advance(
        &mut self,
        backbone: &FoldedBackbone,
        batch: Views<'_>,
        device: &Device,
    ) -> Result<(), ComputeError> {
        let (view, start) = (self.done() / self.pictures, self.done() % self.pictures);
        let end = (start + EVALUATION_BATCH).min(self.pictures);
        let indices: Vec<usize> = (start..end).collect();
        let images = batch(&indices, view as u32).into_tensor(device);
        let values = if self.shape.len() == 1 {
            read(backbone.features(images)).await?
        } else {
            read(backbone.activations(images)).await?
        };
        for activation in values.chunks_exact(self.shape.iter().product()) {
            self.store.push(activation)?;
        }
        Ok(())
    }

    /// View `view` (counted round) of the pictures at `indices`.
    ///
    /// # Errors
    /// The spill failed.
    ///
    /// # Panics
    /// When one of them is not computed yet.
    pub fn input(
        &mut self,
        indices: &[usize],
        view: u32,
        device: &Device,
    ) -> Result<Input, ComputeError> {
        let values = self.values(indices, view)?;
        let count = indices.len();
        Ok(match self.shape[..] {
            [channels, height, width] => {
                let data = TensorData::new(values, [count, channels, height, width]);
                Input::Maps(Tensor::from_data(data, device))
            }
            _ => {
                let data = TensorData::new(values, [count, self.shape[0]]);
                Input::Features(Tensor::from_data(data, device))
            }
        })
    }

    /// The same in host memory, row-major.
    ///
    /// # Errors
    /// The spill failed.
    ///
    /// # Panics
    /// When one of them is not computed yet.
    pub fn values(&mut self, indices: &[usize], view: u32) -> Result<Vec<f32>, ComputeError> {
        let first = (view % self.views) as usize * self.pictures;
        let mut values = Vec::with_capacity(indices.len() * self.shape.iter().product::<usize>());
        for index in indices {
            self.store.read(first + index, &mut values)?;
        }
        Ok(values)
    }
}
