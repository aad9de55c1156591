//! What options are for.

use serde::{Deserialize, Serialize};

use super::values::Strategy;
use crate::data::task::{Task, TaskKind};

/// What a run learns from. Default rules follow from it, and which options apply.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Context {
    /// Images before a validation part is split off.
    pub images: usize,
    /// Whether the images come with a validation part, so that none is split off.
    pub has_validation: bool,
    /// Classes of the first task; 0 where it has none.
    pub classes: usize,
    pub tasks: TaskCounts,
    /// The strategy to take where none is chosen; by default what suits the number of images.
    pub advised: Option<Strategy>,
    /// Whether the network starts from random weights, as a student of distillation does.
    pub from_scratch: bool,
    /// Whether a teacher's logits are in the loss.
    pub has_teacher: bool,
}

/// How many tasks of each kind are learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskCounts {
    /// One of several classes.
    pub class: usize,
    /// Any number of labels (multi-label).
    pub labels: usize,
    /// A number (regression).
    pub number: usize,
}

impl Default for TaskCounts {
    /// Images in classes.
    fn default() -> Self {
        Self { class: 1, labels: 0, number: 0 }
    }
}

impl TaskCounts {
    pub fn of(tasks: &[Task]) -> Self {
        let mut counts = Self { class: 0, labels: 0, number: 0 };
        for task in tasks {
            match task.kind {
                TaskKind::Class { .. } => counts.class += 1,
                TaskKind::Labels { .. } => counts.labels += 1,
                TaskKind::Number { .. } => counts.number += 1,
            }
        }
        counts
    }

    pub fn total(&self) -> usize {
        self.class + self.labels + self.number
    }

    /// Whether images are classified, and nothing else is learned.
    pub fn only_classes(&self) -> bool {
        *self == Self::default()
    }
}

/// Fewer images of a class than this leave much to chance.
pub const FEW: usize = 5;

impl Context {
    /// For `images` training images of these tasks, with a validation part of their own.
    pub fn of(tasks: &[Task], images: usize) -> Self {
        let classes = match tasks.first().map(|task| &task.kind) {
            Some(TaskKind::Class { classes }) => classes.len(),
            _ => 0,
        };
        let tasks = TaskCounts::of(tasks);
        Self { images, has_validation: true, classes, tasks, ..Self::default() }
    }

    /// The strategy where none is chosen, for so many training images. Very few images come with very few to choose the best epoch on, so
    /// the run then starts from a trained head, from where no epoch is a bad one.
    pub fn strategy(&self, train_images: usize) -> Strategy {
        let few = train_images / self.classes.max(1) < FEW;
        self.advised.unwrap_or(if few { Strategy::ProbeThenFull } else { Strategy::Adaptive })
    }

    /// Training images that are left of these when a share is validated on and a class has at most
    /// `per_class`.
    pub fn train_images(&self, validation_share: f64, per_class: Option<u32>) -> usize {
        let share = if self.has_validation { 0.0 } else { validation_share };
        let kept = self.images - (self.images as f64 * share.clamp(0.0, 1.0)).round() as usize;
        // Images without classes are limited as one class.
        let most = |count: u32| (count as usize).saturating_mul(self.classes.max(1));
        kept.min(per_class.map_or(usize::MAX, most))
    }
}
