//! Optimizer steps over the network, with weight decay by parameter and a state that can be saved.
//!
//! The rules are PyTorch's to the letter. burn's own optimizers are not used because saving their
//! state waits for the device, which a browser does not allow, and because this state is kept by
//! torchvision's parameter names.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};

use super::update_rule::{OptimizerConfig, UpdateRule};
use crate::error::ComputeError;
use crate::model::ResNet;
use crate::model::params::{Path, is_bias_or_norm, read};
use crate::model::weights::{HostTensor, StateDict};

/// Decay rates of Adam's moments and the term that keeps its division stable; PyTorch's defaults.
const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const ADAM_EPSILON: f64 = 1e-8;

/// An optimizer and what it remembers of each parameter.
pub struct Optimizer {
    config: OptimizerConfig,
    /// By torchvision's parameter names.
    memory: BTreeMap<String, Memory>,
}

/// What an optimizer remembers of one parameter of `n` numbers.
#[derive(Clone)]
struct Memory {
    /// Steps taken.
    steps: u64,
    /// Momentum, or Adam's first moment; `[n]`.
    first: Tensor<1>,
    /// Adam's second moment; `[n]`.
    second: Option<Tensor<1>>,
}

impl Optimizer {
    /// An optimizer that remembers nothing yet.
    pub fn new(config: OptimizerConfig) -> Self {
        Self { config, memory: BTreeMap::new() }
    }

    /// Moves every parameter that has a gradient by one step. `learning_rate` gives a parameter's
    /// rate by its name.
    pub fn step(
        &mut self,
        network: ResNet,
        gradients: GradientsParams,
        learning_rate: impl Fn(&str) -> f64,
    ) -> ResNet {
        network.map(&mut Step { optimizer: self, gradients, learning_rate, path: Path::default() })
    }

    /// One parameter's step: its value and gradient `[n]` to its new value.
    fn update(
        &mut self,
        name: &str,
        value: Tensor<1>,
        gradient: Tensor<1>,
        rate: f64,
    ) -> Tensor<1> {
        let spared = !self.config.decay_bias_and_norm && is_bias_or_norm(name);
        let decay = if spared { 0.0 } else { self.config.weight_decay };
        let memory = self.memory.remove(name);
        let decayed = |gradient: Tensor<1>| match decay {
            0.0 => gradient,
            decay => gradient + value.clone() * decay,
        };
        let (value, memory) = match self.config.rule {
            UpdateRule::Sgd { momentum, nesterov } => {
                let gradient = decayed(gradient);
                let (steps, velocity) = match memory {
                    Some(Memory { steps, first, .. }) => {
                        (steps, first * momentum + gradient.clone())
                    }
                    None => (0, gradient.clone()),
                };
                let direction = if nesterov {
                    gradient + velocity.clone() * momentum
                } else {
                    velocity.clone()
                };
                let memory = Memory { steps: steps + 1, first: velocity, second: None };
                (value - direction * rate, memory)
            }
            UpdateRule::Adam => {
                let (direction, memory) = adam_direction(memory, decayed(gradient));
                (value - direction * rate, memory)
            }
            UpdateRule::AdamW => {
                let (direction, memory) = adam_direction(memory, gradient);
                (value * (1.0 - rate * decay) - direction * rate, memory)
            }
        };
        self.memory.insert(name.to_string(), memory);
        value
    }

    /// All it remembers, as named tensors `{parameter}/{steps|first|second}`, for a checkpoint.
    ///
    /// # Errors
    /// The device failed to hand the values over.
    pub async fn save(&self) -> Result<StateDict, ComputeError> {
        let mut state = StateDict::default();
        let mut put = |name: &str, field: &str, tensor: HostTensor| {
            state.tensors.insert(format!("{name}/{field}"), tensor);
        };
        for (name, memory) in &self.memory {
            put(name, "steps", HostTensor::integer([1], vec![memory.steps as i64]));
            let first = read(memory.first.clone()).await?;
            put(name, "first", HostTensor::float([first.len()], first));
            if let Some(second) = &memory.second {
                let second = read(second.clone()).await?;
                put(name, "second", HostTensor::float([second.len()], second));
            }
        }
        Ok(state)
    }

    /// The optimizer with what [`Optimizer::save`] wrote, on `device`. Entries of another kind are
    /// passed over.
    pub fn restore(config: OptimizerConfig, state: &StateDict, device: &Device) -> Self {
        let floats = |name: &str, field: &str| {
            let values = state.tensors.get(&format!("{name}/{field}"))?.as_floats()?;
            let data = TensorData::new(values.to_vec(), [values.len()]);
            Some(Tensor::<1>::from_data(data, device))
        };
        let remembered = state.tensors.iter().filter_map(|(key, tensor)| {
            let name = key.strip_suffix("/steps")?;
            let memory = Memory {
                steps: u64::try_from(*tensor.as_integers()?.first()?).ok()?,
                first: floats(name, "first")?,
                second: floats(name, "second"),
            };
            Some((name.to_string(), memory))
        });
        Self { config, memory: remembered.collect() }
    }
}

/// Adam's update direction, bias corrected.
fn adam_direction(memory: Option<Memory>, gradient: Tensor<1>) -> (Tensor<1>, Memory) {
    let square = gradient.clone().square() * (1.0 - BETA_2);
    let fresh = gradient * (1.0 - BETA_1);
    let (steps, first, second) = match memory {
        Some(Memory { steps, first, second: Some(second) }) => {
            (steps + 1, first * BETA_1 + fresh, second * BETA_2 + square)
        }
        _ => (1, fresh, square),
    };
    let exponent = i32::try_from(steps).unwrap_or(i32::MAX);
    let first_correction = 1.0 - BETA_1.powi(exponent);
    let second_correction = 1.0 - BETA_2.powi(exponent);
    let denominator = second.clone().sqrt() / second_correction.sqrt() + ADAM_EPSILON;
    let direction = first.clone() / first_correction / denominator;
    (direction, Memory { steps, first, second: Some(second) })
}

struct Step<'a, F> {
    optimizer: &'a mut Optimizer,
    gradients: GradientsParams,
    learning_rate: F,
    path: Path,
}

impl<F: Fn(&str) -> f64> ModuleMapper for Step<'_, F> {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.exit();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(gradient) = self.gradients.remove::<D>(param.id) else {
            return param;
        };
        let name = self.path.name();
        let rate = (self.learning_rate)(&name);
        let shape: [usize; D] = param.dims();
        let count = shape.iter().product::<usize>();
        let id = param.id;
        let value = param.into_value().without_autodiff().reshape([count]);
        let gradient = gradient.without_autodiff().reshape([count]);
        let updated = self.optimizer.update(&name, value, gradient, rate).reshape(shape);
        Param::initialized(id, updated.autodiff()).set_require_grad(true)
    }
}
