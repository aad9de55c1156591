//! The context of the options: the images, the tasks and the network.

use serde::{Deserialize, Serialize};

use super::values::Strategy;
use crate::data::task::{Task, TaskKind};

/// The context of a run, on which the defaults of options depend, and whether they apply.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Context {
    /// Training images, before the validation images are split off.
    pub images: usize,
    /// Whether the dataset has its own validation images, so that none are split off.
    pub has_validation: bool,
    /// Classes of the first task; 0 if it is not a classification.
    pub classes: usize,
    pub tasks: TaskCounts,
    /// The default strategy; `None` to choose it by the number of images.
    pub advised: Option<Strategy>,
    /// Whether the network starts from random weights, as the student of a distillation.
    pub from_scratch: bool,
    /// Whether the loss includes a teacher's logits.
    pub has_teacher: bool,
}

/// The number of tasks of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskCounts {
    /// Single-label classification.
    pub class: usize,
    /// Multi-label classification.
    pub labels: usize,
    /// Regression.
    pub number: usize,
}

impl Default for TaskCounts {
    /// One classification.
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

    /// Whether the only task is a classification.
    pub fn only_classes(&self) -> bool {
        *self == Self::default()
    }
}

/// Fewer images per class than this make training and validation unreliable.
pub const FEW: usize = 5;

impl Context {
    /// The context of `images` training images with these tasks and their own validation images.
    pub fn of(tasks: &[Task], images: usize) -> Self {
        let classes = match tasks.first().map(|task| &task.kind) {
            Some(TaskKind::Class { classes }) => classes.len(),
            _ => 0,
        };
        let tasks = TaskCounts::of(tasks);
        Self { images, has_validation: true, classes, tasks, ..Self::default() }
    }

    /// The default strategy for this many training images. With very few images per class, too few are left to select
    /// the best epoch reliably, so the head is trained first, which makes every epoch a good one.
    pub fn strategy(&self, train_images: usize) -> Strategy {
        let few = train_images / self.classes.max(1) < FEW;
        self.advised.unwrap_or(if few { Strategy::ProbeThenFull } else { Strategy::Adaptive })
    }

    /// Training images after splitting off a fraction for validation and limiting each class to `per_class`.
    pub fn train_images(&self, validation_share: f64, per_class: Option<u32>) -> usize {
        let fraction = if self.has_validation { 0.0 } else { validation_share.clamp(0.0, 1.0) };
        let train = self.images - (self.images as f64 * fraction).round() as usize;
        // Images without classes are limited like a single class.
        let limit = |count: u32| (count as usize).saturating_mul(self.classes.max(1));
        train.min(per_class.map_or(usize::MAX, limit))
    }
}
