//! Which losses are trained on: choices only, without tensors.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The largest `gamma` of the focal loss: what Lin et al. tried.
const MOST_GAMMA: f64 = 5.0;

/// How a wrong class is punished.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClassLoss {
    /// The negative logarithm of the true class's probability.
    #[default]
    CrossEntropy,
    /// Cross-entropy times `(1 - p)^gamma`, `p` the true class's probability, so that what is already
    /// recognized counts for less (Lin et al., 2017, section 3.2, without its alpha: class weights do
    /// that). `gamma` is 0 to 5; 0 is cross-entropy, 2 the paper's choice.
    Focal { gamma: f64 },
}

/// How a number that is off is punished. Distances are in standard deviations of the training examples.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberLoss {
    /// The mean of the squared distances, as PyTorch's `MSELoss`.
    MeanSquared,
    /// Half the square up to a distance of `delta` (above 0), and beyond it a straight line, so that
    /// outliers count for less (Huber, 1964), as PyTorch's `HuberLoss`.
    Huber { delta: f64 },
}

impl Default for NumberLoss {
    /// Huber's with a delta of one standard deviation: outliers are common in labels made by hand.
    fn default() -> Self {
        Self::Huber { delta: 1.0 }
    }
}

impl ClassLoss {
    /// # Errors
    /// When `gamma` is not between 0 and 5.
    pub fn validate(&self) -> Result<(), LossKindError> {
        match *self {
            Self::Focal { gamma } if !(0.0..=MOST_GAMMA).contains(&gamma) => Err(LossKindError {
                option: "focal loss's gamma",
                allowed: "between 0 and 5",
                found: gamma.to_string(),
            }),
            Self::CrossEntropy | Self::Focal { .. } => Ok(()),
        }
    }
}

impl NumberLoss {
    /// # Errors
    /// When `delta` is not above 0 and finite.
    pub fn validate(&self) -> Result<(), LossKindError> {
        match *self {
            Self::Huber { delta } if !(delta > 0.0 && delta.is_finite()) => Err(LossKindError {
                option: "Huber loss's delta",
                allowed: "above 0",
                found: delta.to_string(),
            }),
            Self::MeanSquared | Self::Huber { .. } => Ok(()),
        }
    }
}

/// A loss's number out of its range.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the {option} must be {allowed}, not {found}")]
pub struct LossKindError {
    option: &'static str,
    allowed: &'static str,
    found: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_out_of_range_are_refused_by_name() {
        let focal = |gamma| ClassLoss::Focal { gamma }.validate();
        assert_eq!(ClassLoss::default().validate(), Ok(()));
        assert!(focal(0.0).is_ok() && focal(5.0).is_ok());
        for gamma in [-0.1, 5.1, f64::NAN, f64::INFINITY] {
            assert!(focal(gamma).is_err(), "{gamma}");
        }
        let message = focal(7.0).unwrap_err().to_string();
        assert_eq!(message, "the focal loss's gamma must be between 0 and 5, not 7");

        let huber = |delta| NumberLoss::Huber { delta }.validate();
        assert_eq!(NumberLoss::default().validate(), Ok(()));
        assert!(NumberLoss::MeanSquared.validate().is_ok() && huber(1e-3).is_ok());
        for delta in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(huber(delta).is_err(), "{delta}");
        }
    }

    #[test]
    fn choices_are_written_by_name_and_read_again() {
        let kinds = (ClassLoss::Focal { gamma: 2.0 }, ClassLoss::default());
        let json = serde_json::to_string(&kinds).unwrap();
        assert_eq!(json, r#"[{"focal":{"gamma":2.0}},"cross-entropy"]"#);
        assert_eq!(serde_json::from_str::<(ClassLoss, ClassLoss)>(&json).unwrap(), kinds);

        let kinds = (NumberLoss::MeanSquared, NumberLoss::default());
        let json = serde_json::to_string(&kinds).unwrap();
        assert_eq!(json, r#"["mean-squared",{"huber":{"delta":1.0}}]"#);
        assert_eq!(serde_json::from_str::<(NumberLoss, NumberLoss)>(&json).unwrap(), kinds);
    }
}
