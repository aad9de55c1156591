//! The network: ResNet as torchvision defines it, its pretrained weights, and its head.
//!
//! - [`arch`]: which layers a ResNet18, 34 or 50 has, and what their parameters are called.
//! - [`resnet`], [`block`], [`norm`], [`head`]: the layers, trainable.
//! - [`folded`]: the same network for inference, with each norm folded into its convolution.
//! - [`params`]: parameters by their torchvision names: put in, read out.
//! - [`weights`]: files of pretrained weights, their formats, namings and sources.

pub mod arch;
pub mod block;
pub mod folded;
pub mod head;
pub mod norm;
pub mod params;
pub mod resnet;
pub mod weights;

use burn::module::{Param, ParamId};
use burn::tensor::Tensor;

pub use arch::Architecture;
pub use folded::{FoldedBackbone, FoldedResNet};
pub use head::{Head, HeadInit};
pub use norm::NormMode;
pub use resnet::{Part, ResNet};

/// A trainable parameter with a fresh identity.
fn parameter<const D: usize>(value: Tensor<D>) -> Param<Tensor<D>> {
    let trains = value.device().is_autodiff();
    Param::initialized(ParamId::new(), value).set_require_grad(trains)
}
