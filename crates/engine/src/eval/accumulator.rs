//! Accumulates the predictions and targets of a task, image by image.

use std::ops::Range;

use tunelab_core::data::task::{Target, Task, TaskKind};
use tunelab_core::metrics::confusion::ConfusionMatrix;
use tunelab_core::metrics::evaluation::{
    ClassificationMetrics, MultiLabelMetrics, RegressionMetrics, TaskMetrics,
};
use tunelab_core::metrics::prediction::ClassPrediction;

use super::predict::{argmax, log_softmax};

/// The predictions and the targets of one task.
#[derive(Debug, Clone)]
pub struct TaskAccumulator {
    /// The task's outputs among those of the network.
    range: Range<usize>,
    state: State,
}

#[derive(Debug, Clone)]
enum State {
    Class {
        confusion: ConfusionMatrix,
        /// One per image; `None` where the class is unknown.
        predictions: Vec<Option<ClassPrediction>>,
    },
    Labels {
        /// `[images with known labels, labels]`.
        logits: Vec<f64>,
        present: Vec<bool>,
    },
    Number {
        predicted: Vec<f64>,
        targets: Vec<f64>,
        mean: f64,
        deviation: f64,
    },
}

impl TaskAccumulator {
    /// An accumulator without images for `task`, whose outputs are at `range`.
    pub fn new(task: &Task, range: Range<usize>) -> Self {
        let state = match &task.kind {
            TaskKind::Class { classes } => State::Class {
                confusion: ConfusionMatrix::new(classes.len()),
                predictions: Vec::new(),
            },
            TaskKind::Labels { .. } => State::Labels { logits: Vec::new(), present: Vec::new() },
            TaskKind::Number { mean, deviation } => State::Number {
                predicted: Vec::new(),
                targets: Vec::new(),
                mean: *mean,
                deviation: *deviation,
            },
        };
        Self { range, state }
    }

    /// Adds an image, given its outputs for all tasks and its target. A missing target is ignored.
    pub fn add(&mut self, outputs: &[f32], target: &Target) {
        let outputs = &outputs[self.range.clone()];
        match (&mut self.state, target) {
            (State::Class { confusion, predictions }, Target::Class(class)) => {
                let predicted = argmax(outputs);
                let logs = log_softmax(outputs);
                confusion.add(*class, predicted);
                let (confidence, loss) = (logs[predicted].exp(), -logs[*class]);
                predictions.push(Some(ClassPrediction { predicted, confidence, loss }));
            }
            (State::Class { predictions, .. }, _) => predictions.push(None),
            (State::Labels { logits, present }, Target::Labels(labels)) => {
                logits.extend(outputs.iter().map(|logit| f64::from(*logit)));
                present.extend(labels);
            }
            (State::Number { predicted, targets, mean, deviation }, Target::Number(number)) => {
                predicted.push(f64::from(outputs[0]) * *deviation + *mean);
                targets.push(*number);
            }
            _ => {}
        }
    }

    /// The metrics so far.
    pub fn metrics(&self) -> TaskMetrics {
        match &self.state {
            State::Class { confusion, predictions } => {
                let loss = predictions.iter().flatten().map(|prediction| prediction.loss).sum();
                TaskMetrics::Class(ClassificationMetrics::new(confusion.clone(), loss))
            }
            State::Labels { logits, present } => {
                TaskMetrics::Labels(MultiLabelMetrics::new(logits, present, self.range.len()))
            }
            State::Number { predicted, targets, deviation, .. } => {
                TaskMetrics::Number(RegressionMetrics::new(predicted, targets, *deviation))
            }
        }
    }

    /// Predicted and true numbers of the images whose number is known; empty for other tasks than regression.
    pub fn predicted_numbers(&self) -> Vec<(f64, f64)> {
        match &self.state {
            State::Number { predicted, targets, .. } => {
                predicted.iter().copied().zip(targets.iter().copied()).collect()
            }
            State::Class { .. } | State::Labels { .. } => Vec::new(),
        }
    }

    /// The prediction for each image; empty for other tasks than classification.
    pub fn into_class_predictions(self) -> Vec<Option<ClassPrediction>> {
        match self.state {
            State::Class { predictions, .. } => predictions,
            State::Labels { .. } | State::Number { .. } => Vec::new(),
        }
    }
}
