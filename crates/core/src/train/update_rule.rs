//! Which optimizer is used, and how.

use serde::{Deserialize, Serialize};

/// Which rule turns gradients into updates.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UpdateRule {
    /// Stochastic gradient descent with momentum, plain or Nesterov's (Sutskever et al., 2013).
    /// Weight decay is added to the gradient.
    Sgd { momentum: f64, nesterov: bool },
    /// Adam (Kingma and Ba, 2014). Weight decay is added to the gradient.
    Adam,
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2017).
    #[serde(rename = "adamw")]
    AdamW,
}

impl UpdateRule {
    /// Whether its steps are of a size of their own, whatever the gradient's.
    pub fn is_adam(self) -> bool {
        matches!(self, Self::Adam | Self::AdamW)
    }
}

/// An update rule, and what holds the weights back.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OptimizerConfig {
    pub rule: UpdateRule,
    /// Weight decay; 0 for none.
    pub weight_decay: f64,
    /// Whether biases and batch norm's scale and shift decay too. Usually they do not.
    pub decay_bias_and_norm: bool,
    /// L1 regularization of what decays: this times each weight's sign is added to its gradient; 0 for
    /// none.
    pub l1: f64,
    /// L2-SP (Li et al., 2018): the backbone decays towards its pretrained weights at this strength
    /// instead of towards 0; only the new head decays by `weight_decay`. 0 for none.
    pub pull: f64,
}
