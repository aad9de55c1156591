//! What the trained part of a network is given.

use burn::tensor::Tensor;

use crate::model::resnet::ResNet;
use tunelab_core::model::part::Part;

/// The activations before the first trained part, or images where that is the stem.
#[derive(Debug, Clone)]
pub enum Input {
    /// `[N, C, H, W]`
    Maps(Tensor<4>),
    /// Pooled features, the head's input: `[N, features]`.
    Features(Tensor<2>),
}

impl Input {
    /// The pooled features that `network`, from `first` on, makes of it, tracked by autodiff;
    /// `[N, features]`.
    pub fn features(self, network: &mut ResNet, first: Part) -> Tensor<2> {
        match self {
            Input::Maps(maps) => network.features_from(first, maps.autodiff()),
            Input::Features(features) => features.autodiff(),
        }
    }
}
