//! The network: ResNet as torchvision defines it, its pretrained weights, and its head.
//!
//! - [`arch`]: which layers a ResNet18, 34 or 50 has, and what their parameters are called.
//! - [`part`]: the parts by which it is decided what is trained. [`choices`]: what else can be chosen.
//! - [`resnet`], [`block`], [`norm`], [`head`]: the layers, trainable.
//! - [`folded`]: the same network for inference, with each norm folded into its convolution.
//! - [`names`]: what a parameter's name says about it. [`trainable`]: which parameters are trained.
//! - [`params`]: parameters by their torchvision names: put in, read out.
//! - [`weights`]: files of pretrained weights, their formats, namings and sources.

pub mod arch;
#[cfg(feature = "compute")]
pub mod block;
pub mod choices;
#[cfg(feature = "compute")]
pub mod folded;
#[cfg(feature = "compute")]
pub mod head;
pub mod names;
#[cfg(feature = "compute")]
pub mod norm;
#[cfg(feature = "compute")]
pub mod params;
pub mod part;
#[cfg(feature = "compute")]
pub mod resnet;
pub mod trainable;
pub mod weights;

pub use arch::Architecture;
pub use choices::{HeadInit, NormMode};
#[cfg(feature = "compute")]
pub use folded::{FoldedBackbone, FoldedResNet};
#[cfg(feature = "compute")]
pub use head::Head;
pub use part::Part;
#[cfg(feature = "compute")]
pub use resnet::ResNet;
pub use trainable::{ParameterKind, Trainable};

/// A trainable parameter with a fresh identity.
#[cfg(feature = "compute")]
fn parameter<const D: usize>(
    value: burn::tensor::Tensor<D>,
) -> burn::module::Param<burn::tensor::Tensor<D>> {
    let trains = value.device().is_autodiff();
    burn::module::Param::initialized(burn::module::ParamId::new(), value).set_require_grad(trains)
}
