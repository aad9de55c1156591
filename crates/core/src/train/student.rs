//! A small network that starts from nothing: what it is, and how it learns, alone or from a teacher.

use serde::{Deserialize, Serialize};

use super::config::{Distillation, TrainConfig};
use crate::data::input::InputSize;
use crate::model::architecture::Architecture;

/// Passes over the pictures that a student takes where nothing else is chosen: it starts from nothing.
pub const EPOCHS: u32 = 60;

/// Augmented versions of each picture that a teacher is asked about; the epochs take turns among them,
/// since asking costs more than a small student's step.
pub const TAUGHT_VIEWS: u32 = 8;

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
    /// The choices of its run on `examples` images.
    pub fn choices(&self, size: InputSize, examples: usize, taught: bool) -> TrainConfig {
        let distillation = taught.then_some(self.distillation);
        TrainConfig {
            epochs: self.epochs,
            seed: self.seed,
            ..TrainConfig::of_student(size, examples, distillation)
        }
    }
}
