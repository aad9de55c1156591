//! Optimizer settings: update rule, weight decay, other penalties on the weights, and weight averaging.

use serde::{Deserialize, Serialize};

use crate::options::values::UpdateRule;

/// An update rule and the penalties on the weights.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OptimizerConfig {
    pub rule: UpdateRule,
    /// Momentum of SGD, in [0, 1).
    pub momentum: f64,
    /// Nesterov momentum (Sutskever et al., 2013) for SGD.
    pub nesterov: bool,
    /// L2 penalty with SGD and Adam, decoupled weight decay with AdamW; 0 for none.
    pub weight_decay: f64,
    /// Whether weight decay and the L1 penalty also apply to biases and to the scale and shift of batch norm.
    pub decay_bias_and_norm: bool,
    /// L1 penalty: adds `l1 * sign(weight)` to the gradient; 0 for none.
    pub l1: f64,
    /// L2-SP (Li et al., 2018): the backbone decays towards its pretrained weights with this coefficient instead of
    /// towards 0; `weight_decay` applies only to the head. 0 for none.
    pub l2_sp: f64,
}

impl Default for OptimizerConfig {
    /// SGD with a Nesterov momentum of 0.9, without penalties.
    fn default() -> Self {
        Self {
            rule: UpdateRule::Sgd,
            momentum: 0.9,
            nesterov: true,
            weight_decay: 0.0,
            decay_bias_and_norm: false,
            l1: 0.0,
            l2_sp: 0.0,
        }
    }
}

/// Weight averaging.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Averaging {
    #[default]
    None,
    /// EMA: an exponential moving average of the weights is validated and exported. `decay` is in (0, 1); at step
    /// t it is at most (1 + t) / (10 + t), as TensorFlow's `ExponentialMovingAverage`.
    Exponential { decay: f64 },
    /// SWA (Izmailov et al., 2018): the last epoch is validated with the mean of the weights after each epoch
    /// from the fraction `start` of the run on, in [0, 1), and recomputed batch norm statistics. A run that ends
    /// early does not use it.
    Stochastic { start: f64 },
}
