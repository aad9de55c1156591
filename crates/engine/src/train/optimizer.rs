//! SGD, Adam and AdamW, with L1 and L2-SP penalties and a state that can be saved.
//!
//! The update rules match PyTorch's exactly. burn's own optimizers are not used because saving their state blocks
//! until the device is done, which a browser does not allow, and because this state is keyed by torchvision's parameter
//! names.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};

use crate::kernels;
use crate::kernels::optimizer::Tensors;
use crate::model::parameters::{Path, read};
use crate::model::resnet::ResNet;
use crate::model::weights::{HostTensor, StateDict};
use tunelab_core::device::{ComputeError, Kernels};
use tunelab_core::model::trainable::{is_bias, is_norm};
use tunelab_core::options::values::UpdateRule;
use tunelab_core::train::optimizer::OptimizerConfig;
use tunelab_kernels::optimizer::{Rule, Update};

/// Decay rates of Adam's moments, and its epsilon; PyTorch's defaults.
const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const ADAM_EPSILON: f64 = 1e-8;

/// An optimizer and its state.
pub struct Optimizer {
    config: OptimizerConfig,
    /// By torchvision's parameter names.
    states: BTreeMap<String, ParameterState>,
    /// The pretrained weights of L2-SP, flat, by name.
    pretrained: BTreeMap<String, Tensor<1>>,
}

/// The state of one parameter with `n` elements.
#[derive(Clone)]
struct ParameterState {
    /// Steps taken.
    steps: u64,
    /// Momentum, or Adam's first moment; `[n]`.
    first: Tensor<1>,
    /// Adam's second moment; `[n]`.
    second: Option<Tensor<1>>,
}

impl Optimizer {
    /// An optimizer without state.
    pub fn new(config: OptimizerConfig) -> Self {
        Self { config, states: BTreeMap::new(), pretrained: BTreeMap::new() }
    }

    /// L2-SP: decays the parameters of these names towards these flat values, with the coefficient
    /// [`OptimizerConfig::l2_sp`].
    pub fn with_pretrained(self, pretrained: BTreeMap<String, Tensor<1>>) -> Self {
        Self { pretrained, ..self }
    }

    /// The pretrained weights of L2-SP, flat, by name.
    pub fn pretrained(&self) -> &BTreeMap<String, Tensor<1>> {
        &self.pretrained
    }

    /// Changes the configuration. Clears the state if the update rule changes.
    pub fn set_config(&mut self, config: OptimizerConfig) {
        if config.rule != self.config.rule {
            self.states.clear();
        }
        self.config = config;
    }

    /// Updates every parameter that has a gradient. `learning_rate` maps a parameter's name to its rate.
    pub fn step(
        &mut self,
        network: ResNet,
        gradients: GradientsParams,
        learning_rate: impl Fn(&str) -> f64,
    ) -> ResNet {
        let (kernels, path) = (network.kernels, Path::default());
        network.map(&mut Step { optimizer: self, gradients, learning_rate, kernels, path })
    }

    /// Whether weight decay and L1 spare the parameter.
    fn is_exempt(&self, name: &str) -> bool {
        !self.config.decay_bias_and_norm && (is_bias(name) || is_norm(name))
    }

    /// As [`Optimizer::update`], with the processor's own kernels.
    fn update_fast(
        &mut self,
        name: &str,
        value: Tensor<1>,
        gradient: Tensor<1>,
        rate: f64,
    ) -> Tensor<1> {
        let OptimizerConfig { rule, momentum, nesterov, weight_decay, l1, l2_sp, .. } = self.config;
        let exempt = self.is_exempt(name);
        let start = self.pretrained.get(name).cloned();
        let zeros = || Tensor::zeros(value.shape(), &value.device());
        let (steps, first, second) = match self.states.remove(name) {
            Some(ParameterState { steps, first, second }) => (steps + 1, first, second),
            None => (1, zeros(), None),
        };
        let (rule, second) = match rule {
            UpdateRule::Sgd => (Rule::Sgd { momentum: momentum as f32, nesterov }, None),
            UpdateRule::Adam | UpdateRule::AdamW => {
                let corrections = bias_corrections(steps);
                let adam = Rule::Adam {
                    beta_1: BETA_1 as f32,
                    beta_2: BETA_2 as f32,
                    correction_1: corrections[0] as f32,
                    correction_2_root: corrections[1].sqrt() as f32,
                    epsilon: ADAM_EPSILON as f32,
                    decoupled: rule == UpdateRule::AdamW,
                };
                (adam, Some(second.unwrap_or_else(zeros)))
            }
        };
        let decay = match start {
            Some(_) => l2_sp,
            None if exempt => 0.0,
            None => weight_decay,
        };
        let update = Update {
            rule,
            learning_rate: rate as f32,
            decay: decay as f32,
            l1: if exempt { 0.0 } else { l1 as f32 },
        };
        let tensors = Tensors { value, gradient, start, first, second };
        let (value, first, second) = kernels::optimizer::update(&update, tensors);
        self.states.insert(name.to_string(), ParameterState { steps, first, second });
        value
    }

    /// The updated value of a parameter, from its value and gradient, all `[n]`.
    fn update(
        &mut self,
        name: &str,
        value: Tensor<1>,
        gradient: Tensor<1>,
        rate: f64,
    ) -> Tensor<1> {
        let exempt = self.is_exempt(name);
        let gradient = match self.config.l1 {
            l1 if l1 > 0.0 && !exempt => gradient + value.clone().sign() * l1,
            _ => gradient,
        };
        // The offset from the pretrained value or from 0, and its decay coefficient.
        let offset = match (self.pretrained.get(name), self.config.weight_decay) {
            (Some(start), _) => Some((value.clone() - start.clone(), self.config.l2_sp)),
            (None, decay) if decay > 0.0 && !exempt => Some((value.clone(), decay)),
            _ => None,
        };
        let state = self.states.remove(name);
        let decayed = |gradient: Tensor<1>| match offset.clone() {
            Some((offset, decay)) => gradient + offset * decay,
            None => gradient,
        };
        let (value, state) = match self.config.rule {
            UpdateRule::Sgd => {
                let OptimizerConfig { momentum, nesterov, .. } = self.config;
                let gradient = decayed(gradient);
                let (steps, velocity) = match state {
                    Some(ParameterState { steps, first, .. }) => {
                        (steps, first * momentum + gradient.clone())
                    }
                    None => (0, gradient.clone()),
                };
                let direction = if nesterov {
                    gradient + velocity.clone() * momentum
                } else {
                    velocity.clone()
                };
                let state = ParameterState { steps: steps + 1, first: velocity, second: None };
                (value - direction * rate, state)
            }
            UpdateRule::Adam => {
                let (direction, state) = adam_direction(state, decayed(gradient));
                (value - direction * rate, state)
            }
            UpdateRule::AdamW => {
                let (direction, state) = adam_direction(state, gradient);
                let value = match offset {
                    Some((offset, decay)) => value - offset * (rate * decay),
                    None => value,
                };
                (value - direction * rate, state)
            }
        };
        self.states.insert(name.to_string(), state);
        value
    }

    /// The state as tensors named `{parameter}/{steps|first|second}`, for a checkpoint.
    ///
    /// # Errors
    /// Reading tensors from the device failed.
    pub async fn save(&self) -> Result<StateDict, ComputeError> {
        let mut state = StateDict::default();
        let mut put = |name: &str, field: &str, tensor: HostTensor| {
            state.tensors.insert(format!("{name}/{field}"), tensor);
        };
        for (name, state) in &self.states {
            put(name, "steps", HostTensor::integer([1], vec![state.steps as i64]));
            let first = read(state.first.clone()).await?;
            put(name, "first", HostTensor::float([first.len()], first));
            if let Some(second) = &state.second {
                let second = read(second.clone()).await?;
                put(name, "second", HostTensor::float([second.len()], second));
            }
        }
        Ok(state)
    }

    /// The pretrained weights of L2-SP, by parameter name, for a checkpoint.
    ///
    /// # Errors
    /// Reading tensors from the device failed.
    pub async fn save_pretrained(&self) -> Result<StateDict, ComputeError> {
        let mut state = StateDict::default();
        for (name, values) in &self.pretrained {
            let values = read(values.clone()).await?;
            state.tensors.insert(name.clone(), HostTensor::float([values.len()], values));
        }
        Ok(state)
    }

    /// An optimizer with the state from [`Optimizer::save`] and [`Optimizer::save_pretrained`], on `device`. Ignores
    /// other entries.
    pub fn restore(
        config: OptimizerConfig,
        state: &StateDict,
        pretrained: &StateDict,
        device: &Device,
    ) -> Self {
        let flat = |tensor: &HostTensor| {
            let values = tensor.as_floats()?;
            let data = TensorData::new(values.to_vec(), [values.len()]);
            Some(Tensor::<1>::from_data(data, device))
        };
        let floats = |name: &str, field: &str| flat(state.tensors.get(&format!("{name}/{field}"))?);
        let pretrained = pretrained.tensors.iter();
        let states = state.tensors.iter().filter_map(|(key, tensor)| {
            let name = key.strip_suffix("/steps")?;
            let state = ParameterState {
                steps: u64::try_from(*tensor.as_integers()?.first()?).ok()?,
                first: floats(name, "first")?,
                second: floats(name, "second"),
            };
            Some((name.to_string(), state))
        });
        Self {
            config,
            states: states.collect(),
            pretrained: pretrained
                .filter_map(|(name, tensor)| Some((name.clone(), flat(tensor)?)))
                .collect(),
        }
    }
}

/// Adam's bias-corrected update direction, `[n]`, and the new state.
fn adam_direction(
    state: Option<ParameterState>,
    gradient: Tensor<1>,
) -> (Tensor<1>, ParameterState) {
    let square = gradient.clone().square() * (1.0 - BETA_2);
    let scaled = gradient * (1.0 - BETA_1);
    let (steps, first, second) = match state {
        Some(ParameterState { steps, first, second: Some(second) }) => {
            (steps + 1, first * BETA_1 + scaled, second * BETA_2 + square)
        }
        _ => (1, scaled, square),
    };
    let [first_correction, second_correction] = bias_corrections(steps);
    let denominator = second.clone().sqrt() / second_correction.sqrt() + ADAM_EPSILON;
    let direction = first.clone() / first_correction / denominator;
    (direction, ParameterState { steps, first, second: Some(second) })
}

/// 1 - βᵗ of both moments after step t.
fn bias_corrections(steps: u64) -> [f64; 2] {
    let exponent = i32::try_from(steps).unwrap_or(i32::MAX);
    [BETA_1, BETA_2].map(|beta| 1.0 - beta.powi(exponent))
}

struct Step<'a, F> {
    optimizer: &'a mut Optimizer,
    gradients: GradientsParams,
    learning_rate: F,
    kernels: Kernels,
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
        let updated = match self.kernels {
            Kernels::Fast => self.optimizer.update_fast(&name, value, gradient, rate),
            Kernels::Reference => self.optimizer.update(&name, value, gradient, rate),
        };
        let updated = updated.reshape(shape);
        Param::initialized(id, updated.autodiff()).set_require_grad(true)
    }
}
