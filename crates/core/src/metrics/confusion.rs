//! The confusion matrix, and the metrics that follow from it.

use serde::{Deserialize, Serialize};

/// How often each class was predicted for the images of each class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConfusionMatrix {
    /// `counts[label][prediction]`.
    counts: Vec<Vec<u64>>,
}

impl ConfusionMatrix {
    /// A matrix of zeros.
    pub fn new(classes: usize) -> Self {
        Self { counts: vec![vec![0; classes]; classes] }
    }

    /// Counts one prediction. Both are class indices of this matrix.
    pub fn add(&mut self, label: usize, prediction: usize) {
        self.counts[label][prediction] += 1;
    }

    /// `counts[label][prediction]`.
    pub fn counts(&self) -> &[Vec<u64>] {
        &self.counts
    }

    /// The number of predictions.
    pub fn total(&self) -> u64 {
        self.counts.iter().flatten().sum()
    }

    /// Accuracy: the fraction of correct predictions, 0 to 1; 0 without predictions.
    pub fn top1(&self) -> f64 {
        let correct: u64 = (0..self.counts.len()).map(|class| self.counts[class][class]).sum();
        ratio(correct, self.total())
    }

    /// The recall of each class, 0 to 1: the fraction of its examples that were predicted as that class.
    /// `None` for a class without examples.
    pub fn per_class_accuracy(&self) -> Vec<Option<f64>> {
        let of_class = |(class, row): (usize, &Vec<u64>)| {
            let examples: u64 = row.iter().sum();
            (examples > 0).then(|| ratio(row[class], examples))
        };
        self.counts.iter().enumerate().map(of_class).collect()
    }

    /// The unweighted mean of the classes' F1 scores, 0 to 1, as scikit-learn's
    /// `f1_score(average="macro")`: over the classes that occur as a label or as a prediction.
    pub fn macro_f1(&self) -> f64 {
        let scores: Vec<f64> = (0..self.counts.len())
            .filter_map(|class| {
                let labeled: u64 = self.counts[class].iter().sum();
                let predicted: u64 = self.counts.iter().map(|row| row[class]).sum();
                let occurs = labeled + predicted > 0;
                occurs.then(|| ratio(2 * self.counts[class][class], labeled + predicted))
            })
            .collect();
        if scores.is_empty() { 0.0 } else { scores.iter().sum::<f64>() / scores.len() as f64 }
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values computed with scikit-learn's definitions by hand: labels 0 0 0 1 1 2,
    /// predictions 0 0 1 1 1 0, a fourth class that never occurs.
    #[test]
    fn metrics_match_scikit_learn() {
        let mut matrix = ConfusionMatrix::new(4);
        for (label, prediction) in [(0, 0), (0, 0), (0, 1), (1, 1), (1, 1), (2, 0)] {
            matrix.add(label, prediction);
        }
        assert_eq!(matrix.top1(), 4.0 / 6.0);
        assert_eq!(matrix.per_class_accuracy(), [Some(2.0 / 3.0), Some(1.0), Some(0.0), None]);
        let expected = (4.0 / 6.0 + 4.0 / 5.0 + 0.0) / 3.0;
        assert!((matrix.macro_f1() - expected).abs() < 1e-12);
    }

    #[test]
    fn metrics_of_an_empty_matrix_are_zero() {
        let matrix = ConfusionMatrix::new(2);
        assert_eq!((matrix.top1(), matrix.macro_f1()), (0.0, 0.0));
    }
}
