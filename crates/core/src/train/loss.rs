//! The loss: its form, and how much each class and each task counts in it.

use serde::{Deserialize, Serialize};

use crate::options::error::Problem;
use crate::options::value::{Kind, OptionValue};
use crate::options::values::RegressionLoss;

/// The form of the losses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LossConfig {
    /// Focal loss: cross-entropy times `(1 - p)^gamma`, `p` the true class's probability, so that what is already
    /// recognized counts for less (Lin et al., 2017, section 3.2, without its alpha: class weights do that). 0 is
    /// cross-entropy, 2 the paper's choice.
    pub focal_gamma: f64,
    /// Distances are in standard deviations of the training images' numbers.
    pub regression_loss: RegressionLoss,
    /// The distance up to which the Huber loss is half the square; beyond it, it is linear. As PyTorch's
    /// `HuberLoss`.
    pub huber_delta: f64,
}

impl Default for LossConfig {
    /// Cross-entropy, and Huber's loss with a delta of one standard deviation: outliers are common in labels made
    /// by hand.
    fn default() -> Self {
        Self { focal_gamma: 0.0, regression_loss: RegressionLoss::Huber, huber_delta: 1.0 }
    }
}

/// How mistakes of the classes are weighed against each other.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClassWeights {
    /// All alike.
    #[default]
    Equal,
    /// Inversely to how many training examples a class has; the mean over the examples is 1. A class
    /// without any counts for nothing: there is nothing to weigh.
    Balanced,
    /// As given, one a class.
    Given(Vec<f64>),
}

impl ClassWeights {
    /// The weight of each class, given how many training examples each has.
    pub fn resolve(&self, class_counts: &[usize]) -> Vec<f64> {
        let classes = class_counts.len();
        match self {
            ClassWeights::Equal => vec![1.0; classes],
            ClassWeights::Given(weights) => weights.clone(),
            ClassWeights::Balanced => {
                let total: usize = class_counts.iter().sum();
                let there = class_counts.iter().filter(|count| **count > 0).count();
                let share = total as f64 / there.max(1) as f64;
                let weight = |count: &usize| if *count > 0 { share / *count as f64 } else { 0.0 };
                class_counts.iter().map(weight).collect()
            }
        }
    }
}

/// How much the losses of several tasks count.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskWeights {
    /// All alike.
    #[default]
    Equal,
    /// Learned from how uncertain each task is (Kendall et al., 2018).
    Learned,
    /// As given, one a task.
    Given(Vec<f64>),
}

macro_rules! weights_option {
    ($type:ident, $word:literal, $variant:ident) => {
        impl OptionValue for $type {
            const KIND: Kind = Kind::Weights(&["equal", $word]);

            fn text(&self) -> Option<String> {
                match self {
                    Self::Equal => Some("equal".to_owned()),
                    Self::$variant => Some($word.to_owned()),
                    Self::Given(weights) => weights.text(),
                }
            }

            fn parse(text: &str) -> Result<Self, Problem> {
                match text {
                    "equal" => Ok(Self::Equal),
                    $word => Ok(Self::$variant),
                    found => OptionValue::parse(found).map(Self::Given).map_err(|_| {
                        Problem::NotWeights {
                            found: found.to_owned(),
                            words: vec!["equal".into(), $word.into()],
                        }
                    }),
                }
            }
        }
    };
}
weights_option!(ClassWeights, "balanced", Balanced);
weights_option!(TaskWeights, "learned", Learned);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balanced_weights_make_every_class_count_the_same() {
        let weights = ClassWeights::Balanced.resolve(&[1, 3]);
        assert_eq!(weights, [2.0, 2.0 / 3.0]);
        // One without pictures takes nothing from the others, and smoothing gives it nothing.
        assert_eq!(ClassWeights::Balanced.resolve(&[1, 0, 3]), [2.0, 0.0, 2.0 / 3.0]);
    }
}
