//! What a network says about one picture.

use serde::{Deserialize, Serialize};

/// A network's answer to one task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prediction {
    /// The probability of each class, 0 to 1, in the order of the logits.
    Class(Vec<f64>),
    /// The probability of each label being there, 0 to 1.
    Labels(Vec<f64>),
    Number(f64),
}
