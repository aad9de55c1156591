//! What a network predicts of one image.

use serde::{Deserialize, Serialize};

/// The probability from which on a label is predicted.
pub const LABEL_THRESHOLD: f64 = 0.5;

/// The prediction of one task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prediction {
    /// The probability of each class, 0 to 1, in the order of the logits.
    Class(Vec<f64>),
    /// The probability that the image has each label, 0 to 1.
    Labels(Vec<f64>),
    Number(f64),
}

/// The predicted class of an image whose class is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClassPrediction {
    /// The index of the class with the highest probability.
    pub predicted: usize,
    /// The probability of the predicted class, 0 to 1.
    pub confidence: f64,
    /// Cross-entropy with the true class.
    pub loss: f64,
}
