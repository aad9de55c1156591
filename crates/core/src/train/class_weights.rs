//! How much each class counts.

use serde::{Deserialize, Serialize};

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
    Given { weights: Vec<f64> },
}

impl ClassWeights {
    /// The weight of each class, given how many training examples each has.
    pub fn resolve(&self, class_counts: &[usize]) -> Vec<f64> {
        let classes = class_counts.len();
        match self {
            ClassWeights::Equal => vec![1.0; classes],
            ClassWeights::Given { weights } => weights.clone(),
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
