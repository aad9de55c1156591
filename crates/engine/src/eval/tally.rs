//! What was predicted and what is true, of one task, gathered example by example.

use std::ops::Range;

use super::evaluator::{log_probabilities, predicted_class};
use tunelab_core::data::task::{Target, Task, TaskKind};
use tunelab_core::metrics::confusion::ConfusionMatrix;
use tunelab_core::metrics::prediction::ClassPrediction;
use tunelab_core::metrics::evaluation::{ClassificationMetrics, MultiLabelMetrics, RegressionMetrics, TaskMetrics};

/// One task's outputs against what is known.
#[derive(Debug, Clone)]
pub struct TaskTally {
    /// The task's outputs.
    range: Range<usize>,
    seen: Seen,
}

#[derive(Debug, Clone)]
enum Seen {
    Class {
        confusion: ConfusionMatrix,
        /// One an example.
        class_predictions: Vec<Option<ClassPrediction>>,
    },
    Labels {
        /// `[known examples, labels]`.
        logits: Vec<f64>,
        present: Vec<bool>,
    },
    Number {
        predicted: Vec<f64>,
        truth: Vec<f64>,
        mean: f64,
        deviation: f64,
    },
}

impl TaskTally {
    /// Nothing seen yet of `task`, whose outputs are those in `range`.
    pub fn new(task: &Task, range: Range<usize>) -> Self {
        let seen = match &task.kind {
            TaskKind::Class { classes } => {
                Seen::Class { confusion: ConfusionMatrix::new(classes.len()), class_predictions: Vec::new() }
            }
            TaskKind::Labels { .. } => Seen::Labels { logits: Vec::new(), present: Vec::new() },
            TaskKind::Number { mean, deviation } => Seen::Number {
                predicted: Vec::new(),
                truth: Vec::new(),
                mean: *mean,
                deviation: *deviation,
            },
        };
        Self { range, seen }
    }

    /// Takes note of an example's outputs, those of all tasks, and what is known of it. Where nothing
    /// is, it does not count.
    pub fn add(&mut self, outputs: &[f32], target: &Target) {
        let outputs = &outputs[self.range.clone()];
        match (&mut self.seen, target) {
            (Seen::Class { confusion, class_predictions }, Target::Class(class)) => {
                let predicted = predicted_class(outputs);
                let logs = log_probabilities(outputs);
                confusion.add(*class, predicted);
                let (confidence, loss) = (logs[predicted].exp(), -logs[*class]);
                class_predictions.push(Some(ClassPrediction { predicted, confidence, loss }));
            }
            (Seen::Class { class_predictions, .. }, _) => class_predictions.push(None),
            (Seen::Labels { logits, present }, Target::Labels(labels)) => {
                logits.extend(outputs.iter().map(|logit| f64::from(*logit)));
                present.extend(labels);
            }
            (Seen::Number { predicted, truth, mean, deviation }, Target::Number(number)) => {
                predicted.push(f64::from(outputs[0]) * *deviation + *mean);
                truth.push(*number);
            }
            _ => {}
        }
    }

    /// The figures so far.
    pub fn report(&self) -> TaskMetrics {
        match &self.seen {
            Seen::Class { confusion, class_predictions } => {
                let losses = class_predictions.iter().flatten().map(|prediction| prediction.loss).sum();
                TaskMetrics::Class(ClassificationMetrics::new(confusion.clone(), losses))
            }
            Seen::Labels { logits, present } => {
                TaskMetrics::Labels(MultiLabelMetrics::new(logits, present, self.range.len()))
            }
            Seen::Number { predicted, truth, deviation, .. } => {
                TaskMetrics::Number(RegressionMetrics::new(predicted, truth, *deviation))
            }
        }
    }

    /// Predicted and true number of each example, where it predicts one and the true one is known.
    pub fn compared(&self) -> Vec<(f64, f64)> {
        match &self.seen {
            Seen::Number { predicted, truth, .. } => {
                predicted.iter().copied().zip(truth.iter().copied()).collect()
            }
            Seen::Class { .. } | Seen::Labels { .. } => Vec::new(),
        }
    }

    /// The guess at each example, where it sorts into classes and the true one is known.
    pub fn into_class_predictions(self) -> Vec<Option<ClassPrediction>> {
        match self.seen {
            Seen::Class { class_predictions, .. } => class_predictions,
            Seen::Labels { .. } | Seen::Number { .. } => Vec::new(),
        }
    }
}
