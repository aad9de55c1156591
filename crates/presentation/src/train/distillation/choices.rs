//! The choices of a small copy: which student, and how it learns.

use crate::plot::format::{parse_decimal, sentence};
use tunelab_core::data::input::InputSize;
use tunelab_core::data::task::Task;
use tunelab_core::model::architecture::Architecture;
use tunelab_core::train::config::Distillation;
use tunelab_core::train::student::{EPOCHS, Student};

/// A number among the choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Epochs,
    Temperature,
    Weight,
}

/// The choices as they are written.
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    pub architecture: Architecture,
    pub epochs: String,
    pub temperature: String,
    pub weight: String,
}

impl Default for Choices {
    fn default() -> Self {
        let Distillation { temperature, weight } = Distillation::default();
        Self {
            architecture: Architecture::STUDENTS[0],
            epochs: EPOCHS.to_string(),
            temperature: temperature.to_string(),
            weight: weight.to_string(),
        }
    }
}

impl Choices {
    /// One of the numbers as it is written.
    pub fn text(&mut self, field: Field) -> &mut String {
        match field {
            Field::Epochs => &mut self.epochs,
            Field::Temperature => &mut self.temperature,
            Field::Weight => &mut self.weight,
        }
    }

    /// The student that is chosen.
    ///
    /// # Errors
    /// The first number that is wrong, and why, in words.
    pub fn student(&self, seed: u64) -> Result<Student, (Field, String)> {
        let mut student = Student {
            architecture: self.architecture,
            epochs: EPOCHS,
            distillation: Distillation::default(),
            seed,
        };
        let not_whole = |_| "Write a whole number, such as 60.".to_string();
        let not_number = || "Write a number, such as 0.9.".to_string();
        for field in [Field::Epochs, Field::Temperature, Field::Weight] {
            let read = match field {
                Field::Epochs => self.epochs.trim().parse().map_err(not_whole).map(|epochs| {
                    student.epochs = epochs;
                }),
                Field::Temperature => {
                    parse_decimal(&self.temperature).ok_or_else(not_number).map(|value| {
                        student.distillation.temperature = value;
                    })
                }
                Field::Weight => parse_decimal(&self.weight).ok_or_else(not_number).map(|value| {
                    student.distillation.weight = value;
                }),
            };
            read.and_then(|()| judge(&student)).map_err(|words| (field, words))?;
        }
        Ok(student)
    }
}

/// What the engine says of a student, whatever the pictures.
fn judge(student: &Student) -> Result<(), String> {
    let tasks = [Task::only(vec![String::new(); 2])];
    let choices = student.choices(InputSize::default(), 1, true);
    choices.validate(&tasks).map_err(|error| sentence(&error.to_string()))
}

/// Bytes of a student's file in float16, its names aside, where it tells `classes` apart.
pub fn file_bytes(student: Architecture, classes: usize) -> u64 {
    let head = classes * (student.feature_width() + 1);
    2 * (student.backbone_parameters() + head) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untouched_choices_are_those_of_the_engine() {
        let student = Choices::default().student(7).unwrap();
        assert_eq!(student.epochs, EPOCHS);
        assert_eq!(student.distillation, Distillation::default());
        assert_eq!((student.architecture, student.seed), (Architecture::ResNet10Quarter, 7));
    }

    #[test]
    fn a_wrong_number_is_told_where_it_is() {
        for (field, text, expected) in [
            (Field::Epochs, "many", "Write a whole number"),
            (Field::Epochs, "0", "The epochs must be 1 or more, not 0."),
            (Field::Temperature, "", "Write a number"),
            (Field::Temperature, "0", "The temperature must be above 0"),
            (Field::Weight, "1,5", "The teacher's share must be between 0 and 1"),
        ] {
            let mut choices = Choices::default();
            *choices.text(field) = text.into();
            let (wrong, words) = choices.student(0).unwrap_err();
            assert_eq!(wrong, field);
            assert!(words.starts_with(expected), "{words}");
        }
        let mut choices = Choices::default();
        *choices.text(Field::Weight) = "0,5".into();
        assert_eq!(choices.student(0).unwrap().distillation.weight, 0.5);
    }

    #[test]
    fn students_are_below_a_megabyte() {
        let sizes = Architecture::STUDENTS.map(|student| file_bytes(student, 8));
        assert!(sizes[1] < sizes[0] && sizes[0] < 1_000_000, "{sizes:?}");
    }
}
