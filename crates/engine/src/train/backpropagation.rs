//! Forward and backward pass of a network in training: with the processor's own kernels, or with burn's autodiff.

use burn::optim::GradientsParams;
use burn::tensor::Tensor;
use tunelab_core::device::{ComputeError, Kernels};
use tunelab_core::model::part::Part;

use super::activation_cache::Activations;
use crate::kernels::training::{Step, TrainingKernels};
use crate::model::resnet::ResNet;

/// Computes features and gradients, with buffers that steps share.
#[derive(Default)]
pub struct Backpropagation {
    kernels: TrainingKernels,
}

/// The pooled features of a batch, before the backward pass.
pub struct Features {
    /// `[N, C]`, tracked by autodiff, to compute a loss from.
    pub values: Tensor<2>,
    /// Set if the kernels computed them.
    step: Option<Step>,
}

impl Backpropagation {
    /// Reserves the memory for steps with an input `[N, C, H, W]` of these dimensions, the activations before `first`.
    ///
    /// # Errors
    /// The batch does not fit in the memory.
    pub fn reserve(
        &mut self,
        network: &ResNet,
        first: Part,
        input: [usize; 4],
    ) -> Result<(), ComputeError> {
        match network.kernels {
            Kernels::Fast if first < Part::Head => self.kernels.reserve(network, first, input),
            _ => Ok(()),
        }
    }

    /// The features of `input`, the activations before `first`. Norms in
    /// [`NormMode::BatchStatistics`](tunelab_core::model::trainable::NormMode) update their running statistics.
    ///
    /// # Errors
    /// The batch does not fit in the memory.
    pub fn features(
        &mut self,
        network: &mut ResNet,
        first: Part,
        input: Activations,
    ) -> Result<Features, ComputeError> {
        Ok(match input {
            Activations::Features(values) => Features { values: values.autodiff(), step: None },
            Activations::Maps(maps) if network.kernels == Kernels::Fast => {
                let (values, step) = self.kernels.forward(network, first, maps)?;
                Features { values: values.autodiff().require_grad(), step: Some(step) }
            }
            Activations::Maps(maps) => {
                Features { values: network.features_from(first, maps.autodiff()), step: None }
            }
        })
    }

    /// The gradients of the trained parameters for `loss`, `[1]`, which was computed from `features`, the latest of
    /// [`Backpropagation::features`].
    pub fn gradients(
        &mut self,
        network: &ResNet,
        features: &Features,
        loss: &Tensor<1>,
    ) -> GradientsParams {
        let all = loss.backward();
        let feature_gradient = features.values.grad(&all);
        let mut gradients = GradientsParams::from_grads(all, network);
        if let (Some(step), Some(feature_gradient)) = (&features.step, feature_gradient) {
            self.kernels.backward(network, step, feature_gradient, &mut gradients);
        }
        gradients
    }
}
