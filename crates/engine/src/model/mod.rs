//! The network: ResNet as in torchvision, its head, and files of its weights.
//!
//! - [`resnet`], [`block`], [`norm`], [`head`]: the trainable layers.
//! - [`folded`]: the network for inference, with the batch norms folded into the convolutions.
//! - [`init`]: random and pretrained weights. [`parameters`]: reads and replaces parameters by their torchvision names.
//! - [`weights`]: files of weights.

pub mod block;
pub mod folded;
pub mod head;
mod init;
pub mod norm;
pub mod parameters;
pub mod resnet;
pub mod weights;

/// A parameter with a new identity, trainable if its device has autodiff.
fn parameter<const D: usize>(
    value: burn::tensor::Tensor<D>,
) -> burn::module::Param<burn::tensor::Tensor<D>> {
    let trains = value.device().is_autodiff();
    burn::module::Param::initialized(burn::module::ParamId::new(), value).set_require_grad(trains)
}
