//! How weights move: by which rule, held back by what, and whether they are averaged.

use serde::{Deserialize, Serialize};

use crate::options::values::UpdateRule;

/// An update rule, and what holds the weights back.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OptimizerConfig {
    pub rule: UpdateRule,
    /// Of SGD, 0 up to (not including) 1.
    pub momentum: f64,
    /// Whether SGD's momentum is Nesterov's (Sutskever et al., 2013).
    pub nesterov: bool,
    /// Weight decay; 0 for none.
    pub weight_decay: f64,
    /// Whether biases and batch norm's scale and shift decay too. Usually they do not.
    pub decay_bias_and_norm: bool,
    /// L1 regularization of what decays: this times each weight's sign is added to its gradient; 0 for none.
    pub l1: f64,
    /// L2-SP (Li et al., 2018): the backbone decays towards its pretrained weights at this strength instead of
    /// towards 0; only the new head decays by `weight_decay`. 0 for none.
    pub l2_sp: f64,
}

impl Default for OptimizerConfig {
    /// SGD with Nesterov momentum of 0.9, and nothing that holds the weights back.
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

/// Whether weights are averaged over steps.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Averaging {
    #[default]
    None,
    /// EMA: an exponential moving average is validated and kept; each step leaves `decay` of it, above 0 and
    /// below 1. In the first steps the decay is smaller: (1 + t) / (10 + t), as TensorFlow's.
    Exponential { decay: f64 },
    /// SWA (Izmailov et al., 2018): at the end, the mean of the weights after each epoch from `start` of the run
    /// on (0 up to, not including, 1), with batch norm's statistics measured anew, takes the place of the last
    /// epoch's weights. A run that ends early has none.
    Stochastic { start: f64 },
}
