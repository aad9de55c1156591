//! Gradients of a network: their norm, and clipping.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

use crate::model::parameters::Path;
use crate::model::resnet::ResNet;

/// The L2 norm over all gradients, `[1]`, as PyTorch's `clip_grad_norm_` returns. `None` without gradients.
pub fn global_norm(network: &ResNet, gradients: &GradientsParams) -> Option<Tensor<1>> {
    struct Norm<'a> {
        gradients: &'a GradientsParams,
        squares: Option<Tensor<1>>,
    }
    impl ModuleVisitor for Norm<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if let Some(gradient) = self.gradients.get::<D>(param.id) {
                let square = gradient.square().sum();
                self.squares = Some(match self.squares.take() {
                    Some(sum) => sum + square,
                    None => square,
                });
            }
        }
    }
    let mut visitor = Norm { gradients, squares: None };
    network.visit(&mut visitor);
    visitor.squares.map(Tensor::sqrt)
}

/// The gradients without autodiff, flat, by torchvision parameter name.
pub fn by_name(network: &ResNet, gradients: GradientsParams) -> BTreeMap<String, Tensor<1>> {
    struct Named {
        path: Path,
        gradients: GradientsParams,
        named: BTreeMap<String, Tensor<1>>,
    }
    impl ModuleVisitor for Named {
        fn enter_module(&mut self, name: &str, _: &str) {
            self.path.enter(name);
        }
        fn exit_module(&mut self, _: &str, _: &str) {
            self.path.exit();
        }
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if let Some(gradient) = self.gradients.remove::<D>(param.id) {
                let gradient = gradient.without_autodiff();
                let count = gradient.shape().num_elements();
                self.named.insert(self.path.name(), gradient.reshape([count]));
            }
        }
    }
    let mut visitor = Named { path: Path::default(), gradients, named: BTreeMap::new() };
    network.visit(&mut visitor);
    visitor.named
}

/// Clips gradients by their global norm (Pascanu et al., 2013), as PyTorch's `clip_grad_norm_`: scales all of them by
/// one factor, so that the norm is at most `max_norm`. Does not wait for the device.
pub fn clip(network: &ResNet, gradients: GradientsParams, max_norm: f64) -> GradientsParams {
    struct Scale {
        gradients: GradientsParams,
        factor: Tensor<1>,
    }
    impl ModuleVisitor for Scale {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if let Some(gradient) = self.gradients.remove::<D>(param.id) {
                let scaled = gradient * self.factor.clone().reshape([1; D]);
                self.gradients.register(param.id, scaled);
            }
        }
    }
    let Some(norm) = global_norm(network, &gradients) else {
        return gradients;
    };
    let factor = (norm + 1e-6).recip().mul_scalar(max_norm).clamp_max(1.0);
    let mut visitor = Scale { gradients, factor };
    network.visit(&mut visitor);
    visitor.gradients
}
