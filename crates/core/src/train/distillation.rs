//! Knowledge distillation (Hinton et al., 2015) from a fine-tuned teacher into a small, randomly initialized student.

use serde::{Deserialize, Serialize};

use crate::data::input::InputSize;
use crate::model::architecture::Architecture;
use crate::options::choices::Choices;
use crate::options::context::{Context, TaskCounts};
use crate::options::error::OptionError;
use crate::options::table::TrainConfig;
use crate::options::values::Strategy;

/// Augmented views of each training image. Epochs cycle through them, so that the teacher's logits can be cached:
/// computing them costs more than a step of a small student.
pub const TEACHER_VIEWS: u32 = 8;

/// The distillation loss (Hinton et al., 2015).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Distillation {
    /// Softmax temperature of the teacher's and the student's logits, above 0. Higher values give more weight to
    /// the teacher's small probabilities.
    pub temperature: f64,
    /// Weight of the distillation loss, 0 to 1; the loss on the labels has the rest.
    pub weight: f64,
}

/// A student and its training options.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Student {
    /// One of [`Architecture::STUDENTS`].
    pub architecture: Architecture,
    choices: Choices,
}

/// The models that a distillation compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComparedModel {
    Teacher,
    /// The student trained without the teacher.
    Baseline,
    /// The student trained with the teacher.
    Distilled,
}

impl Student {
    /// A student with these training options; the others have their defaults.
    ///
    /// # Errors
    /// An option's value is invalid.
    pub fn from_choices(
        architecture: Architecture,
        choices: &Choices,
    ) -> Result<Self, OptionError> {
        let student =
            Self { architecture, choices: choices.clone().with("strategy", Strategy::Full) };
        let resolved = student.choices.resolve(&context(1, TaskCounts::default(), true));
        resolved.errors.into_iter().next().map_or(Ok(student), Err)
    }

    /// The resolved options for training on `images` images of these tasks, with or without the teacher.
    pub fn config(
        &self,
        size: InputSize,
        images: usize,
        tasks: TaskCounts,
        has_teacher: bool,
    ) -> TrainConfig {
        let choices = self.choices.clone().with("size", size.get());
        choices.resolve(&context(images, tasks, has_teacher)).config
    }
}

/// The context in which a student's options are resolved.
fn context(images: usize, tasks: TaskCounts, has_teacher: bool) -> Context {
    let from_scratch = true;
    Context { images, has_validation: true, tasks, from_scratch, has_teacher, ..Context::default() }
}
