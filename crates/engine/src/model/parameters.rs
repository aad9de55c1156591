//! Reads, replaces and counts the parameters of a network by their torchvision names.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};

use super::resnet::ResNet;
use super::weights::{HostTensor, StateDict};
use tunelab_core::device::ComputeError;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::Trainable;

/// The path of the visited field, which is the parameter's torchvision name.
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

/// Replaces the parameters of `network` that are in `values`. The others keep their values.
///
/// # Errors
/// A tensor has integers or another shape than the parameter. The network is dropped.
pub fn load_state_dict(network: ResNet, values: &StateDict) -> Result<ResNet, ComputeError> {
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

/// All parameters and running statistics, read back from the device.
///
/// # Errors
/// The device failed.
pub async fn state_dict(network: &ResNet) -> Result<StateDict, ComputeError> {
    state_dict_from(network, Part::Stem).await
}

/// The parameters and running statistics of the parts from `first` on.
///
/// # Errors
/// The device failed.
pub async fn state_dict_from(network: &ResNet, first: Part) -> Result<StateDict, ComputeError> {
    let mut state = StateDict::default();
    for (name, shape, tensor) in flattened(network, |name| Part::of_parameter(name) >= first) {
        state.tensors.insert(name, HostTensor::float(shape, read(tensor).await?));
    }
    Ok(state)
}

/// The network with autodiff; only the trainable parameters require gradients.
pub fn set_trainable(network: ResNet, trainable: Trainable) -> ResNet {
    struct Set {
        path: Path,
        trainable: Trainable,
    }
    impl ModuleMapper for Set {
        fn enter_module(&mut self, name: &str, _: &str) {
            self.path.enter(name);
        }
        fn exit_module(&mut self, _: &str, _: &str) {
            self.path.exit();
        }
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let trains = self.trainable.contains(&self.path.name());
            // Moving the network to a device with autodiff would do nothing, because that device counts as equal.
            let id = param.id;
            let value = param.into_value().without_autodiff().autodiff();
            Param::initialized(id, value).set_require_grad(trains)
        }
    }
    network.map(&mut Set { path: Path::default(), trainable })
}

/// The parameters for whose names `wanted` is true, flattened, on the device.
pub fn values(network: &ResNet, wanted: impl Fn(&str) -> bool) -> BTreeMap<String, Tensor<1>> {
    flattened(network, wanted).into_iter().map(|(name, _, value)| (name, value)).collect()
}

/// Names, shapes and flattened values of the parameters for whose names `wanted` is true.
fn flattened(
    network: &ResNet,
    wanted: impl Fn(&str) -> bool,
) -> Vec<(String, Vec<usize>, Tensor<1>)> {
    struct Flattened<F> {
        path: Path,
        wanted: F,
        values: Vec<(String, Vec<usize>, Tensor<1>)>,
    }
    impl<F: Fn(&str) -> bool> ModuleVisitor for Flattened<F> {
        fn enter_module(&mut self, name: &str, _: &str) {
            self.path.enter(name);
        }
        fn exit_module(&mut self, _: &str, _: &str) {
            self.path.exit();
        }
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let name = self.path.name();
            if (self.wanted)(&name) {
                let value = param.val().without_autodiff();
                let shape = value.shape();
                let count = shape.num_elements();
                self.values.push((name, shape.to_vec(), value.reshape([count])));
            }
        }
    }
    let mut visitor = Flattened { path: Path::default(), wanted, values: Vec::new() };
    network.visit(&mut visitor);
    visitor.values
}

/// The moving average `keep · average + (1 - keep) · network` of all parameters and running statistics, without autodiff.
pub fn blend(average: ResNet, network: &ResNet, keep: f64) -> ResNet {
    struct Blend {
        path: Path,
        newest: BTreeMap<String, Tensor<1>>,
        keep: f64,
    }
    impl ModuleMapper for Blend {
        fn enter_module(&mut self, name: &str, _: &str) {
            self.path.enter(name);
        }
        fn exit_module(&mut self, _: &str, _: &str) {
            self.path.exit();
        }
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let Some(newest) = self.newest.remove(&self.path.name()) else {
                return param;
            };
            let shape: [usize; D] = param.dims();
            let id = param.id;
            let kept = param.into_value().without_autodiff() * self.keep;
            let value = kept + newest.reshape(shape) * (1.0 - self.keep);
            Param::initialized(id, value).set_require_grad(false)
        }
    }
    let newest = values(network, |_| true);
    average.map(&mut Blend { path: Path::default(), newest, keep })
}

/// The number of trained parameters.
pub fn count_trainable(network: &ResNet, trainable: Trainable) -> usize {
    let values = values(network, |name| trainable.contains(name));
    values.values().map(|value| value.dims()[0]).sum()
}

/// The values of a tensor, read back without blocking.
///
/// # Errors
/// The device failed.
pub async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, ComputeError> {
    let data = tensor.into_data_async().await;
    let data = data.map_err(|error| ComputeError::Device(error.to_string()))?;
    data.try_into_vec::<f32>().map_err(|error| ComputeError::Read(format!("{error:?}")))
}
