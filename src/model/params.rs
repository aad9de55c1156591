//! Parameters by their torchvision names: put into a network, read out of it, counted.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};

use super::part::Part;
use super::resnet::ResNet;
use super::weights::{HostTensor, StateDict};
use crate::error::ComputeError;

/// The dotted path of the field being visited, which is the parameter's torchvision name.
#[derive(Default)]
pub(crate) struct Path(Vec<String>);

impl Path {
    pub(crate) fn enter(&mut self, name: &str) {
        self.0.push(name.to_string());
    }

    pub(crate) fn exit(&mut self) {
        self.0.pop();
    }

    pub(crate) fn name(&self) -> String {
        self.0.join(".")
    }
}

/// Whether a tensor of this name is a statistic that follows the batches, not something trained.
pub fn is_running_statistic(name: &str) -> bool {
    name.ends_with(".running_mean") || name.ends_with(".running_var")
}

/// Whether weight decay conventionally spares this parameter: biases and batch norm's scale and shift.
pub fn is_bias_or_norm(name: &str) -> bool {
    let mut path = name.rsplit('.');
    let (field, module, owner) = (path.next(), path.next(), path.next());
    let in_norm = module.is_some_and(|module| module.starts_with("bn"))
        || (owner, module) == (Some("downsample"), Some("1"));
    field == Some("bias") || in_norm
}

/// Replaces every parameter of `network` whose name `values` holds with a tensor of the same shape.
/// Parameters it does not hold keep their values.
///
/// # Errors
/// A tensor of integers or of another shape than the parameter's; the network is lost then.
pub fn assign(network: ResNet, values: &StateDict) -> Result<ResNet, ComputeError> {
    struct Assign<'a> {
        path: Path,
        values: &'a StateDict,
        mismatch: Option<ComputeError>,
    }
    impl ModuleMapper for Assign<'_> {
        fn enter_module(&mut self, name: &str, _: &str) {
            self.path.enter(name);
        }
        fn exit_module(&mut self, _: &str, _: &str) {
            self.path.exit();
        }
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let name = self.path.name();
            let Some(tensor) = self.values.tensors.get(&name) else {
                return param;
            };
            let expected = param.lazy_shape().to_vec();
            match tensor.as_floats() {
                Some(values) if tensor.shape == expected => {
                    let trains = param.is_require_grad();
                    let data = TensorData::new(values.to_vec(), tensor.shape.clone());
                    let value = Tensor::from_data(data, &param.lazy_device());
                    Param::initialized(param.id, value).set_require_grad(trains)
                }
                _ => {
                    self.mismatch.get_or_insert(ComputeError::Mismatch {
                        name,
                        expected,
                        found: tensor.shape.clone(),
                    });
                    param
                }
            }
        }
    }
    let mut mapper = Assign { path: Path::default(), values, mismatch: None };
    let network = network.map(&mut mapper);
    match mapper.mismatch {
        Some(mismatch) => Err(mismatch),
        None => Ok(network),
    }
}

/// Reads every parameter and running statistic back from the device, by its torchvision name.
///
/// # Errors
/// The device failed to hand the values over.
pub async fn collect(network: &ResNet) -> Result<StateDict, ComputeError> {
    collect_from(network, Part::Stem).await
}

/// Like [`collect`], of the parts from `first` on.
///
/// # Errors
/// The device failed to hand the values over.
pub async fn collect_from(network: &ResNet, first: Part) -> Result<StateDict, ComputeError> {
    struct Collect {
        path: Path,
        first: Part,
        tensors: Vec<(String, Vec<usize>, Tensor<1>)>,
    }
    impl ModuleVisitor for Collect {
        fn enter_module(&mut self, name: &str, _: &str) {
            self.path.enter(name);
        }
        fn exit_module(&mut self, _: &str, _: &str) {
            self.path.exit();
        }
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let name = self.path.name();
            if Part::of_parameter(&name) >= self.first {
                let value = param.val().without_autodiff();
                let shape = value.shape().to_vec();
                let count = shape.iter().product::<usize>();
                self.tensors.push((name, shape, value.reshape([count])));
            }
        }
    }
    let mut visitor = Collect { path: Path::default(), first, tensors: Vec::new() };
    network.visit(&mut visitor);

    let mut state = StateDict::default();
    for (name, shape, tensor) in visitor.tensors {
        state.tensors.insert(name, HostTensor::float(shape, read(tensor).await?));
    }
    Ok(state)
}

/// The network with autodiff, and which parameters get gradients set: those of `first` and of the
/// parts after it, but no running statistics.
pub fn train_from(network: ResNet, first: Part) -> ResNet {
    struct TrainFrom {
        path: Path,
        first: Part,
    }
    impl ModuleMapper for TrainFrom {
        fn enter_module(&mut self, name: &str, _: &str) {
            self.path.enter(name);
        }
        fn exit_module(&mut self, _: &str, _: &str) {
            self.path.exit();
        }
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let name = self.path.name();
            let trains = Part::of_parameter(&name) >= self.first && !is_running_statistic(&name);
            // Not by moving devices: a device counts as equal to itself with autodiff, so nothing
            // would move.
            let id = param.id;
            let value = param.into_value().without_autodiff().autodiff();
            Param::initialized(id, value).set_require_grad(trains)
        }
    }
    network.map(&mut TrainFrom { path: Path::default(), first })
}

/// How many trainable numbers the parts from `first` on have.
pub fn count_trainable(network: &ResNet, first: Part) -> usize {
    struct Count {
        path: Path,
        first: Part,
        total: usize,
    }
    impl ModuleVisitor for Count {
        fn enter_module(&mut self, name: &str, _: &str) {
            self.path.enter(name);
        }
        fn exit_module(&mut self, _: &str, _: &str) {
            self.path.exit();
        }
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let name = self.path.name();
            if Part::of_parameter(&name) >= self.first && !is_running_statistic(&name) {
                self.total += param.lazy_shape().num_elements();
            }
        }
    }
    let mut visitor = Count { path: Path::default(), first, total: 0 };
    network.visit(&mut visitor);
    visitor.total
}

/// The values of a tensor, waited for without blocking.
///
/// # Errors
/// The device failed before or while handing them over.
pub async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, ComputeError> {
    let data = tensor.into_data_async().await;
    let data = data.map_err(|error| ComputeError::Device(error.to_string()))?;
    data.try_into_vec::<f32>().map_err(|error| ComputeError::Read(format!("{error:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn biases_and_norms_are_told_from_weights() {
        let spared = ["bn1.weight", "bn1.bias", "layer2.0.downsample.1.weight", "fc.bias"];
        assert!(spared.iter().all(|name| is_bias_or_norm(name)));
        let decaying = ["conv1.weight", "layer2.0.downsample.0.weight", "fc.weight"];
        assert!(decaying.iter().all(|name| !is_bias_or_norm(name)));
    }
}
