//! Knowledge distillation: a small student network that starts from random weights, and its teacher.

use serde::{Deserialize, Serialize};

use crate::data::input::InputSize;
use crate::model::architecture::Architecture;
use crate::options::choices::Choices;
use crate::options::context::{Context, TaskCounts};
use crate::options::error::OptionError;
use crate::options::table::TrainConfig;
use crate::options::values::Strategy;

/// Augmented versions of each picture that a teacher is asked about; the epochs take turns among them,
/// since asking costs more than a small student's step.
pub const TEACHER_VIEWS: u32 = 8;

/// How much a student follows its teacher (Hinton et al., 2015).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Distillation {
    /// Divides the logits of both before they are compared, above 0: the higher, the more the teacher's small
    /// probabilities count.
    pub temperature: f64,
    /// Fraction of the loss that is the teacher's, 0 to 1; the rest is the labels'.
    pub weight: f64,
}

/// A student and the options of its training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Student {
    /// One of [`Architecture::STUDENTS`].
    pub architecture: Architecture,
    choices: Choices,
}

/// One of the models that a distillation compares.
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
    /// A student that is trained with these options; the others keep their defaults.
    ///
    /// # Errors
    /// A value that its option may not have.
    pub fn from_choices(
        architecture: Architecture,
        choices: &Choices,
    ) -> Result<Self, OptionError> {
        let student =
            Self { architecture, choices: choices.clone().with("strategy", Strategy::Full) };
        let resolved = student.choices.resolve(&context(1, TaskCounts::default(), true));
        resolved.errors.into_iter().next().map_or(Ok(student), Err)
    }

    /// The options of its run on `images` training images of these tasks, with or without its teacher.
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

/// What a student's options are for.
fn context(images: usize, tasks: TaskCounts, has_teacher: bool) -> Context {
    let from_scratch = true;
    Context { images, has_validation: true, tasks, from_scratch, has_teacher, ..Context::default() }
}
