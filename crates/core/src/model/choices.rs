//! What can be chosen about a network, without its tensors.

use serde::{Deserialize, Serialize};

/// How the weights of a new head are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeadInit {
    /// Weights from N(0, 0.01²) and zero bias: at the start every class is about as likely, so the
    /// first gradients do not tear the pretrained features.
    #[default]
    Normal,
    /// PyTorch's default for `nn.Linear`: weights and bias uniform in ±1/√features.
    KaimingUniform,
}

/// Which statistics a batch norm layer normalizes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NormMode {
    /// The batch's own mean and variance; the running statistics follow them. What PyTorch calls
    /// training mode.
    BatchStatistics,
    /// The running statistics, which stay as they are. PyTorch's evaluation mode. The scale and
    /// shift can be trained in either mode.
    #[default]
    Frozen,
}
