//! The network: ResNet as torchvision defines it, its pretrained weights, and its head.
//!
//! - [`resnet`], [`block`], [`norm`], [`head`]: the layers, trainable.
//! - [`folded`]: the same network for inference, with each norm folded into its convolution.
//! - [`params`]: parameters by their torchvision names: put in, read out.
//! - [`weights`]: files of weights, their formats and namings.

pub mod block;
pub mod folded;
pub mod head;
pub mod norm;
pub mod params;
pub mod resnet;
pub mod weights;

/// A trainable parameter with a fresh identity.
fn parameter<const D: usize>(
    value: burn::tensor::Tensor<D>,
) -> burn::module::Param<burn::tensor::Tensor<D>> {
    let trains = value.device().is_autodiff();
    burn::module::Param::initialized(burn::module::ParamId::new(), value).set_require_grad(trains)
}
