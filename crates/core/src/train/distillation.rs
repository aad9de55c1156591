//! Knowledge distillation: a small student network that starts from random weights, and its teacher.

use serde::{Deserialize, Serialize};

use crate::data::input::InputSize;
use crate::model::architecture::Architecture;
use crate::options::choices::Choices;
use crate::options::context::{Context, TaskCounts};
use crate::options::table::TrainConfig;

/// Augmented versions of each picture that a teacher is asked about; the epochs take turns among them,
/// since asking costs more than a small student's step.
pub const TAUGHT_VIEWS: u32 = 8;

/// How much a student follows its teacher (Hinton et al., 2015).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Distillation {
    /// Divides the logits of both before they are compared, above 0: the higher, the more the teacher's small
    /// probabilities count.
    pub temperature: f64,
    /// Fraction of the loss that is the teacher's, 0 to 1; the rest is the labels'.
    pub weight: f64,
}

/// A student and how it learns.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Student {
    /// One of [`Architecture::STUDENTS`].
    pub architecture: Architecture,
    /// Passes over the pictures, at least 1.
    pub epochs: u32,
    /// How much it follows its teacher, where it has one.
    pub distillation: Distillation,
    pub seed: u64,
}

/// One of those that are compared at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contestant {
    Teacher,
    /// The student that had no teacher.
    Alone,
    /// The student that had one.
    Taught,
}

impl Student {
    /// The options of its run on `images` training images of these tasks, with or without its teacher.
    pub fn config(
        &self,
        size: InputSize,
        images: usize,
        tasks: TaskCounts,
        has_teacher: bool,
    ) -> TrainConfig {
        let Distillation { temperature, weight } = self.distillation;
        let choices = Choices::default()
            .with("strategy", "full")
            .with("size", size.get())
            .with("epochs", self.epochs)
            .with("seed", self.seed)
            .with("temperature", temperature)
            .with("distillation_weight", weight);
        let context = Context {
            images,
            has_validation: true,
            tasks,
            from_scratch: true,
            has_teacher,
            ..Context::default()
        };
        choices.resolve(&context).config
    }
}
