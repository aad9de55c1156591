//! The figures of a network on a dataset.

use serde::{Deserialize, Serialize};

use crate::metrics::average_precision::{average_precision, mean_average_precision};
use crate::metrics::confusion::ConfusionMatrix;
use crate::metrics::regression::RegressionReport;

/// The evaluation of a network on a dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Sum of the tasks' mean losses, without smoothing or weights.
    pub loss: f64,
    /// One a task.
    pub tasks: Vec<TaskReport>,
}

impl Report {
    /// How good it is, at most 1: the mean of the tasks' accuracy, mean average precision or R².
    pub fn score(&self) -> f64 {
        let sum: f64 = self.tasks.iter().map(TaskReport::score).sum();
        sum / self.tasks.len().max(1) as f64
    }

    /// Whether the score is the share of right answers: that is all there is to tell of pictures that are
    /// only sorted.
    pub fn is_accuracy(&self) -> bool {
        matches!(self.tasks[..], [TaskReport::Class(_)])
    }

    /// Whether it is better than `other`: a higher score, or the same at a lower loss.
    pub fn is_better_than(&self, other: &Report) -> bool {
        (self.score(), -self.loss) > (other.score(), -other.loss)
    }

    /// The figures of the first task, where that sorts into classes.
    pub fn classes(&self) -> Option<&ClassReport> {
        match self.tasks.first() {
            Some(TaskReport::Class(report)) => Some(report),
            _ => None,
        }
    }
}

/// The evaluation of one task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskReport {
    Class(ClassReport),
    Labels(LabelsReport),
    Number(NumberReport),
}

impl TaskReport {
    /// Accuracy, mean average precision, or R²; at most 1.
    pub fn score(&self) -> f64 {
        match self {
            TaskReport::Class(report) => report.top1,
            TaskReport::Labels(report) => report.mean_average_precision,
            TaskReport::Number(report) => report.errors.r_squared.unwrap_or(0.0),
        }
    }

    /// Mean loss of the task, without smoothing or weights.
    pub fn loss(&self) -> f64 {
        match self {
            TaskReport::Class(report) => report.loss,
            TaskReport::Labels(report) => report.loss,
            TaskReport::Number(report) => report.loss,
        }
    }
}

/// How well pictures are sorted into classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassReport {
    /// Mean cross-entropy, without smoothing or weights.
    pub loss: f64,
    /// Share of right predictions, 0 to 1.
    pub top1: f64,
    /// Mean F1 score of the classes, 0 to 1.
    pub macro_f1: f64,
    /// Recall of each class, 0 to 1; `None` for a class without examples.
    pub per_class_accuracy: Vec<Option<f64>>,
    /// `confusion[label][prediction]`, in counts.
    pub confusion: ConfusionMatrix,
}

impl ClassReport {
    /// The report of these counts and the sum of the examples' losses.
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

/// How well labels are found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelsReport {
    /// Mean binary cross-entropy.
    pub loss: f64,
    /// Mean of the labels' average precisions, 0 to 1, over the labels that occur.
    pub mean_average_precision: f64,
    /// Average precision of each label; `None` for one that no picture has.
    pub average_precision: Vec<Option<f64>>,
    /// F1 score of all decisions together, a label being there from a probability of one half on.
    pub f1: f64,
}

impl LabelsReport {
    /// The report of logits and of whether each label is there, both `[N, labels]`, row-major.
    pub fn new(logits: &[f64], present: &[bool], labels: usize) -> Self {
        let column = |label: usize| {
            let scores: Vec<f64> = logits.iter().skip(label).step_by(labels).copied().collect();
            let truth: Vec<bool> = present.iter().skip(label).step_by(labels).copied().collect();
            average_precision(&scores, &truth)
        };
        let average_precision: Vec<Option<f64>> = (0..labels).map(column).collect();
        let entries = || logits.iter().zip(present);
        let loss: f64 = entries().map(|(logit, present)| binary_loss(*logit, *present)).sum();
        let count = |found: bool, there: bool| {
            entries()
                .filter(|(logit, present)| (**logit >= 0.0, **present) == (found, there))
                .count()
        };
        let (hits, wrong) = (count(true, true), count(true, false) + count(false, true));
        Self {
            loss: loss / logits.len().max(1) as f64,
            mean_average_precision: mean_average_precision(&average_precision).unwrap_or(0.0),
            average_precision,
            f1: 2.0 * hits as f64 / (2 * hits + wrong).max(1) as f64,
        }
    }
}

/// How well a number is predicted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NumberReport {
    /// Mean squared error of the standardized number.
    pub loss: f64,
    /// The errors in the number's own unit.
    pub errors: RegressionReport,
}

impl NumberReport {
    /// The report of predicted and true numbers, of which `deviation` is one standard deviation.
    pub fn new(predicted: &[f64], truth: &[f64], deviation: f64) -> Self {
        let errors = RegressionReport::new(predicted, truth);
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
    fn labels_are_scored_by_rank_and_by_decision() {
        // Two labels on three pictures; the second label is ranked wrong once.
        let logits = [2.0, -1.0, -3.0, 0.5, 1.0, 1.5];
        let present = [true, true, false, false, true, true];
        let report = LabelsReport::new(&logits, &present, 2);
        assert_eq!(report.average_precision[0], Some(1.0));
        // Ranked 1.5 (there), 0.5 (not), -1.0 (there): (1 + 2/3) / 2.
        assert!((report.average_precision[1].unwrap() - 5.0 / 6.0).abs() < 1e-12);
        assert!((report.mean_average_precision - 11.0 / 12.0).abs() < 1e-12);
        // Three hits, one false alarm, one miss.
        assert_eq!(report.f1, 6.0 / 8.0);
        assert!((binary_loss(0.0, true) - 2f64.ln()).abs() < 1e-12);
        assert!((binary_loss(-40.0, true) - 40.0).abs() < 1e-12);
    }

    #[test]
    fn the_score_of_several_tasks_is_their_mean() {
        let number = NumberReport::new(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0], 1.0);
        let mut confusion = ConfusionMatrix::new(2);
        confusion.add(0, 0);
        confusion.add(0, 1);
        let class = ClassReport::new(confusion, 1.0);
        let report =
            Report { loss: 1.0, tasks: vec![TaskReport::Class(class), TaskReport::Number(number)] };
        assert_eq!(report.score(), 0.75);
        let worse = Report { loss: 2.0, ..report.clone() };
        assert!(report.is_better_than(&worse) && !worse.is_better_than(&report));
    }
}
