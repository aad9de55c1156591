//! What was predicted and what is true, of one task, gathered example by example.

use std::ops::Range;

use super::evaluator::{log_probabilities, predicted_class};
use tunelab_core::data::task::{Target, Task, TaskKind};
use tunelab_core::metrics::confusion::ConfusionMatrix;
use tunelab_core::metrics::guess::Guess;
use tunelab_core::metrics::report::{ClassReport, LabelsReport, NumberReport, TaskReport};

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
        guesses: Vec<Option<Guess>>,
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
                Seen::Class { confusion: ConfusionMatrix::new(classes.len()), guesses: Vec::new() }
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
            (Seen::Class { confusion, guesses }, Target::Class(class)) => {
                let predicted = predicted_class(outputs);
                let logs = log_probabilities(outputs);
                confusion.add(*class, predicted);
                let (confidence, loss) = (logs[predicted].exp(), -logs[*class]);
                guesses.push(Some(Guess { predicted, confidence, loss }));
            }
            (Seen::Class { guesses, .. }, _) => guesses.push(None),
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
    pub fn report(&self) -> TaskReport {
        match &self.seen {
            Seen::Class { confusion, guesses } => {
                let losses = guesses.iter().flatten().map(|guess| guess.loss).sum();
                TaskReport::Class(ClassReport::new(confusion.clone(), losses))
            }
            Seen::Labels { logits, present } => {
                TaskReport::Labels(LabelsReport::new(logits, present, self.range.len()))
            }
            Seen::Number { predicted, truth, deviation, .. } => {
                TaskReport::Number(NumberReport::new(predicted, truth, *deviation))
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
    pub fn into_guesses(self) -> Vec<Option<Guess>> {
        match self.seen {
            Seen::Class { guesses, .. } => guesses,
            Seen::Labels { .. } | Seen::Number { .. } => Vec::new(),
        }
    }
}
