//! The form of a distillation: which student, and how it is trained.

use crate::input::sentence;
use tunelab_core::model::architecture::Architecture;
use tunelab_core::options::context::Context;
use tunelab_core::options::{Choices, Resolved, TrainConfig, TrainOption};
use tunelab_core::train::distillation::{Distillation, Student};

/// The options of a student that the form has.
pub const FIELDS: [&str; 3] = ["epochs", "temperature", "distillation_weight"];

/// What is set.
#[derive(Debug, Clone, PartialEq)]
pub struct DistillationForm {
    pub architecture: Architecture,
    pub choices: Choices,
}

impl Default for DistillationForm {
    fn default() -> Self {
        Self { architecture: Architecture::STUDENTS[0], choices: Choices::default() }
    }
}

impl DistillationForm {
    fn resolve(&self) -> Resolved {
        let context = Context { from_scratch: true, has_teacher: true, ..Context::default() };
        let mut choices = self.choices.clone().with("strategy", "full");
        for key in FIELDS {
            if let Some(text) = self.choices.get(key) {
                choices.set(key, text.replacen(',', ".", 1));
            }
        }
        choices.resolve(&context)
    }

    /// An option as it is shown.
    pub fn text(&self, key: &str) -> String {
        let default = |config: &TrainConfig| {
            TrainOption::find(key).map(|option| option.text(config)).unwrap_or_default()
        };
        let written = self.choices.get(key).map(str::to_owned);
        written.unwrap_or_else(|| default(&self.resolve().config))
    }

    /// What is wrong with an option.
    pub fn error(&self, key: &str) -> Option<String> {
        let errors = self.resolve().errors;
        let error = errors.into_iter().find(|error| error.key == key)?;
        Some(sentence(&error.problem.to_string()))
    }

    /// The student, if every option is valid.
    pub fn student(&self, seed: u64) -> Option<Student> {
        let Resolved { config, errors, .. } = self.resolve();
        let distillation =
            Distillation { temperature: config.temperature, weight: config.distillation_weight };
        let student =
            Student { architecture: self.architecture, epochs: config.epochs, distillation, seed };
        errors.is_empty().then_some(student)
    }
}

/// Bytes of a student's file in float16, without its names, for a number of classes.
pub fn file_bytes(student: Architecture, classes: usize) -> u64 {
    let head = classes * (student.feature_width() + 1);
    2 * (student.backbone_parameters() + head) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_untouched_form_has_the_defaults() {
        let student = DistillationForm::default().student(7).unwrap();
        assert_eq!((student.epochs, student.seed), (60, 7));
        assert_eq!(student.distillation, Distillation { temperature: 4.0, weight: 0.9 });
        assert_eq!(student.architecture, Architecture::ResNet10Quarter);
        assert_eq!(DistillationForm::default().text("temperature"), "4");
    }

    #[test]
    fn an_invalid_value_has_an_error() {
        for (key, text) in [
            ("epochs", "many"),
            ("epochs", "0"),
            ("temperature", ""),
            ("temperature", "0"),
            ("distillation_weight", "1,5"),
        ] {
            let mut form = DistillationForm::default();
            form.choices.set(key, text);
            assert_eq!((form.student(0), form.text(key).as_str()), (None, text));
            assert!(form.error(key).is_some());
        }
        let mut form = DistillationForm::default();
        form.choices.set("distillation_weight", "0,5");
        assert_eq!(form.student(0).unwrap().distillation.weight, 0.5);
    }

    #[test]
    fn students_are_below_a_megabyte() {
        let sizes = Architecture::STUDENTS.map(|student| file_bytes(student, 8));
        assert!(sizes[1] < sizes[0] && sizes[0] < 1_000_000, "{sizes:?}");
    }
}
