//! The weights of classes and tasks in the loss.

use serde::{Deserialize, Serialize};

use super::error::Problem;
use super::value::{Kind, OptionValue};

/// The weights of the classes in the cross-entropy.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClassWeights {
    #[default]
    Equal,
    /// Inversely proportional to the number of training examples of the class, with a mean of 1 over the examples,
    /// as scikit-learn's `balanced`; 0 for a class without examples.
    Balanced,
    /// One weight per class.
    Given(Vec<f64>),
}

impl ClassWeights {
    /// The weight of each class, given the number of training examples of each.
    pub fn resolve(&self, class_counts: &[usize]) -> Vec<f64> {
        let classes = class_counts.len();
        match self {
            ClassWeights::Equal => vec![1.0; classes],
            ClassWeights::Given(weights) => weights.clone(),
            ClassWeights::Balanced => {
                let total: usize = class_counts.iter().sum();
                let present = class_counts.iter().filter(|count| **count > 0).count();
                let mean = total as f64 / present.max(1) as f64;
                let weight = |count: &usize| if *count > 0 { mean / *count as f64 } else { 0.0 };
                class_counts.iter().map(weight).collect()
            }
        }
    }
}

/// The weights of the tasks in the total loss.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskWeights {
    #[default]
    Equal,
    /// Learned homoscedastic uncertainty (Kendall et al., 2018).
    Learned,
    /// One weight per task.
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
    fn balanced_weights_equalize_the_classes() {
        let weights = ClassWeights::Balanced.resolve(&[1, 3]);
        assert_eq!(weights, [2.0, 2.0 / 3.0]);
        // A class without images does not change the weights of the others.
        assert_eq!(ClassWeights::Balanced.resolve(&[1, 0, 3]), [2.0, 0.0, 2.0 / 3.0]);
    }
}
