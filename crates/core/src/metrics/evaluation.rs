//! The metrics of a network on a dataset.

use serde::{Deserialize, Serialize};

use super::average_precision::{average_precision, mean_average_precision};
use super::confusion::ConfusionMatrix;
use super::prediction::LABEL_THRESHOLD;
use super::regression::RegressionErrors;

/// The metrics of a network on a dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvaluationResults {
    /// The sum of the tasks' mean losses, without label smoothing or weights.
    pub loss: f64,
    /// The metrics of each task.
    pub tasks: Vec<TaskMetrics>,
}

impl EvaluationResults {
    /// The mean of the tasks' scores ([`TaskMetrics::score`]), at most 1.
    pub fn score(&self) -> f64 {
        let sum: f64 = self.tasks.iter().map(TaskMetrics::score).sum();
        sum / self.tasks.len().max(1) as f64
    }

    /// Whether the score is an accuracy: the only task is a classification.
    pub fn is_accuracy(&self) -> bool {
        matches!(self.tasks[..], [TaskMetrics::Class(_)])
    }

    /// Whether the score is higher than that of `other`, or equal with a lower loss.
    pub fn is_better_than(&self, other: &EvaluationResults) -> bool {
        (self.score(), -self.loss) > (other.score(), -other.loss)
    }

    /// The metrics of the first task, if it is a classification.
    pub fn classification(&self) -> Option<&ClassificationMetrics> {
        match self.tasks.first() {
            Some(TaskMetrics::Class(report)) => Some(report),
            _ => None,
        }
    }
}

/// The metrics of one task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskMetrics {
    Class(ClassificationMetrics),
    Labels(MultiLabelMetrics),
    Number(RegressionMetrics),
}

impl TaskMetrics {
    /// Accuracy, mean average precision or R², at most 1.
    pub fn score(&self) -> f64 {
        match self {
            TaskMetrics::Class(report) => report.top1,
            TaskMetrics::Labels(report) => report.mean_average_precision,
            TaskMetrics::Number(report) => report.errors.r_squared.unwrap_or(0.0),
        }
    }

    /// The mean loss of the task, without label smoothing or weights.
    pub fn loss(&self) -> f64 {
        match self {
            TaskMetrics::Class(report) => report.loss,
            TaskMetrics::Labels(report) => report.loss,
            TaskMetrics::Number(report) => report.loss,
        }
    }
}

/// The metrics of a classification into one of several classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassificationMetrics {
    /// Mean cross-entropy, without label smoothing or weights.
    pub loss: f64,
    /// Accuracy: the fraction of correct predictions, 0 to 1.
    pub top1: f64,
    /// The unweighted mean of the classes' F1 scores, 0 to 1.
    pub macro_f1: f64,
    /// The recall of each class, 0 to 1; `None` for a class without examples.
    pub per_class_accuracy: Vec<Option<f64>>,
    /// `confusion[label][prediction]`, in counts.
    pub confusion: ConfusionMatrix,
}

impl ClassificationMetrics {
    /// The metrics of a confusion matrix and the sum of the examples' losses.
    pub fn new(confusion: ConfusionMatrix, loss_sum: f64) -> Self {
        Self {
            loss: loss_sum / confusion.total().max(1) as f64,
            top1: confusion.top1(),
            macro_f1: confusion.macro_f1(),
            per_class_accuracy: confusion.per_class_accuracy(),
            confusion,
        }
    }
}

/// The metrics of a multi-label classification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MultiLabelMetrics {
    /// Mean binary cross-entropy.
    pub loss: f64,
    /// mAP: the mean of the labels' average precisions, 0 to 1, over the labels that occur.
    pub mean_average_precision: f64,
    /// The average precision of each label; `None` for a label that no image has.
    pub average_precision: Vec<Option<f64>>,
    /// Micro-averaged F1 score, 0 to 1, of the labels with a probability of at least [`LABEL_THRESHOLD`].
    pub f1: f64,
}

impl MultiLabelMetrics {
    /// The metrics of `logits` and of whether each label is `present`, both `[N, labels]`, row-major.
    pub fn new(logits: &[f64], present: &[bool], labels: usize) -> Self {
        let column = |label: usize| {
            let scores: Vec<f64> = logits.iter().skip(label).step_by(labels).copied().collect();
            let truth: Vec<bool> = present.iter().skip(label).step_by(labels).copied().collect();
            average_precision(&scores, &truth)
        };
        let average_precision: Vec<Option<f64>> = (0..labels).map(column).collect();
        let entries = || logits.iter().zip(present);
        let loss: f64 = entries().map(|(logit, present)| binary_loss(*logit, *present)).sum();
        let threshold = (LABEL_THRESHOLD / (1.0 - LABEL_THRESHOLD)).ln();
        let count = |predicted: bool, present: bool| {
            entries()
                .filter(|(logit, truth)| (**logit >= threshold, **truth) == (predicted, present))
                .count()
        };
        let (correct, wrong) = (count(true, true), count(true, false) + count(false, true));
        Self {
            loss: loss / logits.len().max(1) as f64,
            mean_average_precision: mean_average_precision(&average_precision).unwrap_or(0.0),
            average_precision,
            f1: 2.0 * correct as f64 / (2 * correct + wrong).max(1) as f64,
        }
    }
}

/// The metrics of a regression.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegressionMetrics {
    /// Mean squared error of the standardized numbers.
    pub loss: f64,
    /// The errors, in the unit of the numbers.
    pub errors: RegressionErrors,
}

impl RegressionMetrics {
    /// The metrics of predicted and true numbers. `deviation` is the standard deviation of the standardization.
    pub fn new(predicted: &[f64], truth: &[f64], deviation: f64) -> Self {
        let errors = RegressionErrors::new(predicted, truth);
        let standardized = errors.root_mean_squared_error / deviation;
        Self { loss: standardized * standardized, errors }
    }
}

/// Binary cross-entropy of one logit.
fn binary_loss(logit: f64, present: bool) -> f64 {
    let wrong = if present { -logit } else { logit };
    wrong.max(0.0) + (-logit.abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multi_label_metrics_of_a_small_example() {
        // Two labels of three images; the second label is ranked wrong once.
        let logits = [2.0, -1.0, -3.0, 0.5, 1.0, 1.5];
        let present = [true, true, false, false, true, true];
        let report = MultiLabelMetrics::new(&logits, &present, 2);
        assert_eq!(report.average_precision[0], Some(1.0));
        // Ranked 1.5 (present), 0.5 (absent), -1.0 (present): (1 + 2/3) / 2.
        assert!((report.average_precision[1].unwrap() - 5.0 / 6.0).abs() < 1e-12);
        assert!((report.mean_average_precision - 11.0 / 12.0).abs() < 1e-12);
        // Three true positives, one false positive, one false negative.
        assert_eq!(report.f1, 6.0 / 8.0);
        assert!((binary_loss(0.0, true) - 2f64.ln()).abs() < 1e-12);
        assert!((binary_loss(-40.0, true) - 40.0).abs() < 1e-12);
    }

    #[test]
    fn the_score_of_several_tasks_is_their_mean() {
        let number = RegressionMetrics::new(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0], 1.0);
        let mut confusion = ConfusionMatrix::new(2);
        confusion.add(0, 0);
        confusion.add(0, 1);
        let class = ClassificationMetrics::new(confusion, 1.0);
        let report = EvaluationResults {
            loss: 1.0,
            tasks: vec![TaskMetrics::Class(class), TaskMetrics::Number(number)],
        };
        assert_eq!(report.score(), 0.75);
        let worse = EvaluationResults { loss: 2.0, ..report.clone() };
        assert!(report.is_better_than(&worse) && !worse.is_better_than(&report));
    }
}
