//! The form of a distillation: the student and its options.

use crate::input::with_decimal_points;
use tunelab_core::model::architecture::Architecture;
use tunelab_core::options::context::Context;
use tunelab_core::options::{Choices, OptionError, Problem, TrainConfig, TrainOption};
use tunelab_core::train::distillation::Student;

/// The values of the form.
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
    /// The text of an option, or its default.
    pub fn text(&self, key: &str) -> String {
        let context = Context { from_scratch: true, has_teacher: true, ..Context::default() };
        let default = |config: &TrainConfig| {
            TrainOption::find(key).map(|option| option.text(config)).unwrap_or_default()
        };
        let written = self.choices.get(key).map(str::to_owned);
        written.unwrap_or_else(|| default(&Choices::default().resolve(&context).config))
    }

    /// The problem of an option's value, if it is invalid.
    pub fn error(&self, key: &str) -> Option<Problem> {
        self.student(0).err().filter(|error| error.key == key).map(|error| error.problem)
    }

    /// The student.
    ///
    /// # Errors
    /// The first option whose value is invalid.
    pub fn student(&self, seed: u64) -> Result<Student, OptionError> {
        let choices = with_decimal_points(&self.choices).with("seed", seed);
        Student::from_choices(self.architecture, &choices)
    }
}

/// Bytes of a student's file in float16, without its names, for a number of outputs, such as classes.
pub fn file_bytes(student: Architecture, outputs: usize) -> u64 {
    let head = outputs * (student.feature_width() + 1);
    2 * (student.backbone_parameters() + head) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::data::input::InputSize;
    use tunelab_core::options::context::TaskCounts;

    fn config(form: &DistillationForm) -> TrainConfig {
        let student = form.student(7).unwrap();
        student.config(InputSize::default(), 100, TaskCounts::default(), true)
    }

    #[test]
    fn an_untouched_form_has_the_defaults() {
        let form = DistillationForm::default();
        let TrainConfig { epochs, temperature, distillation_weight, seed, .. } = config(&form);
        assert_eq!((epochs, temperature, distillation_weight, seed), (60, 4.0, 0.9, 7));
        let texts = ["epochs", "temperature", "distillation_weight"].map(|key| form.text(key));
        assert_eq!(texts, ["60", "4", "0.9"]);
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
            assert_eq!(form.student(0).unwrap_err().key, key);
            assert!(form.error(key).is_some() && form.text(key) == text);
        }
        let mut form = DistillationForm::default();
        form.choices.set("distillation_weight", "0,5");
        assert_eq!(config(&form).distillation_weight, 0.5);
    }

    #[test]
    fn students_are_below_a_megabyte() {
        let sizes = Architecture::STUDENTS.map(|student| file_bytes(student, 8));
        assert!(sizes[1] < sizes[0] && sizes[0] < 1_000_000, "{sizes:?}");
        let [few, many] = [8, 100].map(|outputs| file_bytes(Architecture::STUDENTS[0], outputs));
        assert!(many > few);
    }
}
