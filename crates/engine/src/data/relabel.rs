//! A dataset in the terms of other tasks: those of a trained network, or of the training part.

use thiserror::Error;

use super::dataset::Dataset;
use tunelab_core::data::task::{Target, Task, TaskKind};

/// Pictures cannot be spoken of in other terms.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RelabelError {
    #[error("nothing is said about `{task}`, which is what was learned; add a column of that name")]
    NoTask { task: String },
    #[error("`{task}` is of another kind than what was learned")]
    OtherKind { task: String },
    #[error("`{class}` is not among what was learned, which is {known}")]
    UnknownClass { class: String, known: String },
}

impl Dataset {
    /// The same pictures with targets of `tasks`, matched by the names of tasks and classes. Where both
    /// have one task, its name does not matter. Numbers may be classes called like them, and the other way
    /// round: a table does not say which they are.
    ///
    /// # Errors
    /// A task or class that the pictures have and `tasks` lack, or the other way round for a task.
    pub fn in_terms_of(&self, tasks: &[Task]) -> Result<Dataset, RelabelError> {
        let mut columns = Vec::new();
        for task in tasks {
            let own = match (&self.tasks[..], tasks) {
                ([_], [_]) => Some(0),
                (own, _) => own.iter().position(|own| own.name == task.name),
            };
            let own = own.ok_or_else(|| RelabelError::NoTask { task: task.name.clone() })?;
            columns.push((own, Column::new(&self.tasks[own], task)?));
        }
        let mut relabelled = Dataset { tasks: tasks.to_vec(), ..self.clone() };
        for example in &mut relabelled.examples {
            let targets = columns.iter().map(|(own, column)| column.target(&example.targets[*own]));
            example.targets = targets.collect::<Result<_, _>>()?;
        }
        Ok(relabelled)
    }
}

/// How one task's targets are said in another's terms.
enum Column<'a> {
    /// The place of each class or label among the other task's, where it has one.
    Names {
        own: &'a [String],
        places: Vec<Option<usize>>,
        known: &'a [String],
    },
    /// Classes whose names are numbers, in the place of numbers.
    NumberNames {
        numbers: Vec<f64>,
    },
    /// Numbers in the place of classes whose names are numbers.
    Numbers {
        known: &'a [String],
    },
    Number,
}

impl<'a> Column<'a> {
    fn new(own: &'a Task, other: &'a Task) -> Result<Self, RelabelError> {
        let places = |own: &[String], known: &[String]| {
            own.iter().map(|name| known.iter().position(|other| other == name)).collect()
        };
        match (&own.kind, &other.kind) {
            (TaskKind::Class { classes: own }, TaskKind::Class { classes: known })
            | (TaskKind::Labels { labels: own }, TaskKind::Labels { labels: known }) => {
                Ok(Column::Names { own, places: places(own, known), known })
            }
            (TaskKind::Number { .. }, TaskKind::Number { .. }) => Ok(Column::Number),
            (TaskKind::Class { classes }, TaskKind::Number { .. }) => {
                let numbers: Option<Vec<f64>> = classes.iter().map(|class| number(class)).collect();
                let numbers =
                    numbers.ok_or_else(|| RelabelError::OtherKind { task: own.name.clone() })?;
                Ok(Column::NumberNames { numbers })
            }
            (TaskKind::Number { .. }, TaskKind::Class { classes: known })
                if known.iter().all(|class| number(class).is_some()) =>
            {
                Ok(Column::Numbers { known })
            }
            _ => Err(RelabelError::OtherKind { task: own.name.clone() }),
        }
    }

    fn target(&self, target: &Target) -> Result<Target, RelabelError> {
        let (own, places, known) = match (self, target) {
            (Column::NumberNames { numbers }, Target::Class(class)) => {
                return Ok(Target::Number(numbers[*class]));
            }
            (Column::Numbers { known }, Target::Number(value)) => {
                let place = known.iter().position(|class| number(class) == Some(*value));
                return place.map(Target::Class).ok_or_else(|| RelabelError::UnknownClass {
                    class: value.to_string(),
                    known: known.join(", "),
                });
            }
            (Column::Names { own, places, known }, _) => (own, places, known),
            _ => return Ok(target.clone()),
        };
        let place = |index: usize| {
            places[index].ok_or_else(|| RelabelError::UnknownClass {
                class: own[index].clone(),
                known: known.join(", "),
            })
        };
        Ok(match target {
            Target::Class(class) => Target::Class(place(*class)?),
            Target::Labels(labels) => {
                let mut present = vec![false; known.len()];
                for (index, _) in labels.iter().enumerate().filter(|(_, present)| **present) {
                    present[place(index)?] = true;
                }
                Target::Labels(present)
            }
            other => other.clone(),
        })
    }
}

/// The number that a class is called by.
fn number(class: &str) -> Option<f64> {
    class.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::data::dataset::Example;
    use crate::data::image::RgbImage;
    use crate::data::picture::Picture;
    use crate::data::transform::Preprocessing;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    fn dataset(tasks: Vec<Task>, targets: Vec<Target>) -> Dataset {
        let image = RgbImage::from_fn(32, 32, |_, _| [1, 2, 3]);
        let picture = Arc::new(Picture::new(image, &Preprocessing::default(), true));
        let example = Example { name: "p".into(), targets, picture };
        Dataset { tasks, examples: vec![example], ..Dataset::default() }
    }

    #[test]
    fn classes_and_labels_are_matched_by_name() {
        let own = vec![
            Task::labels("tags", names(&["x", "y"])),
            Task::class("kind", names(&["b", "a"])),
            Task::number("age"),
        ];
        let targets =
            vec![Target::Labels(vec![true, false]), Target::Class(0), Target::Number(3.0)];
        let learned = [
            Task::class("kind", names(&["a", "b", "c"])),
            Task::labels("tags", names(&["z", "y", "x"])),
        ];
        let relabelled = dataset(own, targets).in_terms_of(&learned).unwrap();
        assert_eq!(
            relabelled.examples[0].targets,
            [Target::Class(1), Target::Labels(vec![false, false, true])]
        );
        assert_eq!(relabelled.tasks, learned);
    }

    #[test]
    fn numbers_may_be_classes_and_classes_numbers() {
        let digits = Task::class("digit", names(&["0", "1", "10"]));
        let number = Task::number("digit");
        let own = dataset(vec![digits.clone()], vec![Target::Class(2)]);
        let relabelled = own.in_terms_of(std::slice::from_ref(&number)).unwrap();
        assert_eq!(relabelled.examples[0].targets, [Target::Number(10.0)]);
        let own = dataset(vec![number.clone()], vec![Target::Number(1.0)]);
        let relabelled = own.in_terms_of(std::slice::from_ref(&digits)).unwrap();
        assert_eq!(relabelled.examples[0].targets, [Target::Class(1)]);
        let own = dataset(vec![number.clone()], vec![Target::Missing]);
        assert_eq!(
            own.in_terms_of(std::slice::from_ref(&digits)).unwrap().examples[0].targets,
            [Target::Missing]
        );
        let own = dataset(vec![number], vec![Target::Number(0.5)]);
        let error = own.in_terms_of(&[digits]).unwrap_err();
        assert!(error.to_string().starts_with("`0.5` is not among"), "{error}");
    }

    #[test]
    fn what_was_not_learned_is_named() {
        let own = dataset(vec![Task::only(names(&["cat", "dog"]))], vec![Target::Class(1)]);
        let error = own.in_terms_of(&[Task::class("pet", names(&["cat", "hen"]))]).unwrap_err();
        assert!(error.to_string().contains("`dog`"), "{error}");
        // Only what occurs must be known.
        let error = own.in_terms_of(&[Task::number("age")]).unwrap_err();
        assert!(matches!(error, RelabelError::OtherKind { .. }));
        let several = [Task::number("age"), Task::number("size")];
        assert!(matches!(own.in_terms_of(&several), Err(RelabelError::NoTask { .. })));
    }
}
