//! Maps the targets of a dataset to other tasks: those of a trained network, or of the training set.

use super::dataset::Dataset;
use tunelab_core::data::dataset_error::TargetMappingError;
use tunelab_core::data::task::{Target, Task, TaskKind};

impl Dataset {
    /// The same images with their targets mapped to `tasks` by the names of tasks and classes. If both have one
    /// task, its name does not matter. Numbers are mapped to classes with the same names and vice versa, since
    /// a table does not say which they are.
    ///
    /// # Errors
    /// When the dataset has no targets for one of `tasks`, or a class or label that the task does not have.
    pub fn map_targets(&self, tasks: &[Task]) -> Result<Dataset, TargetMappingError> {
        let mut maps = Vec::new();
        for task in tasks {
            let own = match (&self.tasks[..], tasks) {
                ([_], [_]) => Some(0),
                (own, _) => own.iter().position(|own| own.name == task.name),
            };
            let own =
                own.ok_or_else(|| TargetMappingError::MissingTask { task: task.name.clone() })?;
            maps.push((own, TargetMap::new(&self.tasks[own], task)?));
        }
        let mut mapped = Dataset { tasks: tasks.to_vec(), ..self.clone() };
        for example in &mut mapped.examples {
            let targets = maps.iter().map(|(own, map)| map.apply(&example.targets[*own]));
            example.targets = targets.collect::<Result<_, _>>()?;
        }
        Ok(mapped)
    }
}

/// How the targets of one task are mapped to another task.
enum TargetMap<'a> {
    /// Classes or labels by name. Each has its index in the other task, if it is there.
    Names { own: &'a [String], places: Vec<Option<usize>>, known: &'a [String] },
    /// Classes whose names are numbers, to numbers.
    ClassesToNumbers { numbers: Vec<f64> },
    /// Numbers to classes whose names are numbers.
    NumbersToClasses { known: &'a [String] },
    /// Numbers, unchanged.
    Numbers,
}

impl<'a> TargetMap<'a> {
    fn new(own: &'a Task, other: &'a Task) -> Result<Self, TargetMappingError> {
        let places = |own: &[String], known: &[String]| {
            own.iter().map(|name| known.iter().position(|other| other == name)).collect()
        };
        match (&own.kind, &other.kind) {
            (TaskKind::Class { classes: own }, TaskKind::Class { classes: known })
            | (TaskKind::Labels { labels: own }, TaskKind::Labels { labels: known }) => {
                Ok(Self::Names { own, places: places(own, known), known })
            }
            (TaskKind::Number { .. }, TaskKind::Number { .. }) => Ok(Self::Numbers),
            (TaskKind::Class { classes }, TaskKind::Number { .. }) => {
                let numbers: Option<Vec<f64>> = classes.iter().map(|class| number(class)).collect();
                let numbers = numbers
                    .ok_or_else(|| TargetMappingError::OtherKind { task: own.name.clone() })?;
                Ok(Self::ClassesToNumbers { numbers })
            }
            (TaskKind::Number { .. }, TaskKind::Class { classes: known })
                if known.iter().all(|class| number(class).is_some()) =>
            {
                Ok(Self::NumbersToClasses { known })
            }
            _ => Err(TargetMappingError::OtherKind { task: own.name.clone() }),
        }
    }

    fn apply(&self, target: &Target) -> Result<Target, TargetMappingError> {
        let (own, places, known) = match (self, target) {
            (Self::ClassesToNumbers { numbers }, Target::Class(class)) => {
                return Ok(Target::Number(numbers[*class]));
            }
            (Self::NumbersToClasses { known }, Target::Number(value)) => {
                let place = known.iter().position(|class| number(class) == Some(*value));
                return place.map(Target::Class).ok_or_else(|| TargetMappingError::UnknownClass {
                    class: value.to_string(),
                    known: known.to_vec(),
                });
            }
            (Self::Names { own, places, known }, _) => (own, places, known),
            _ => return Ok(target.clone()),
        };
        let place = |index: usize| {
            places[index].ok_or_else(|| TargetMappingError::UnknownClass {
                class: own[index].clone(),
                known: known.to_vec(),
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

/// The number that is the name of a class.
fn number(class: &str) -> Option<f64> {
    class.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::data::cached_image::CachedImage;
    use crate::data::dataset::Example;
    use crate::data::image::RgbImage;
    use crate::data::transform::Preprocessing;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    fn dataset(tasks: Vec<Task>, targets: Vec<Target>) -> Dataset {
        let image = RgbImage::from_fn(32, 32, |_, _| [1, 2, 3]);
        let image = Arc::new(CachedImage::new(image, &Preprocessing::default(), true));
        let example = Example { name: "p".into(), targets, image };
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
        let mapped = dataset(own, targets).map_targets(&learned).unwrap();
        assert_eq!(
            mapped.examples[0].targets,
            [Target::Class(1), Target::Labels(vec![false, false, true])]
        );
        assert_eq!(mapped.tasks, learned);
    }

    #[test]
    fn numbers_are_mapped_to_classes_and_back() {
        let digits = Task::class("digit", names(&["0", "1", "10"]));
        let number = Task::number("digit");
        let own = dataset(vec![digits.clone()], vec![Target::Class(2)]);
        let mapped = own.map_targets(std::slice::from_ref(&number)).unwrap();
        assert_eq!(mapped.examples[0].targets, [Target::Number(10.0)]);
        let own = dataset(vec![number.clone()], vec![Target::Number(1.0)]);
        let mapped = own.map_targets(std::slice::from_ref(&digits)).unwrap();
        assert_eq!(mapped.examples[0].targets, [Target::Class(1)]);
        let own = dataset(vec![number.clone()], vec![Target::Missing]);
        assert_eq!(
            own.map_targets(std::slice::from_ref(&digits)).unwrap().examples[0].targets,
            [Target::Missing]
        );
        let own = dataset(vec![number], vec![Target::Number(0.5)]);
        let error = own.map_targets(&[digits]).unwrap_err();
        assert!(matches!(error, TargetMappingError::UnknownClass { class, .. } if class == "0.5"));
    }

    #[test]
    fn unknown_classes_and_tasks_are_rejected() {
        let own = dataset(vec![Task::only(names(&["cat", "dog"]))], vec![Target::Class(1)]);
        let error = own.map_targets(&[Task::class("pet", names(&["cat", "hen"]))]).unwrap_err();
        assert!(matches!(error, TargetMappingError::UnknownClass { class, .. } if class == "dog"));
        let error = own.map_targets(&[Task::number("age")]).unwrap_err();
        assert!(matches!(error, TargetMappingError::OtherKind { .. }));
        let several = [Task::number("age"), Task::number("size")];
        assert!(matches!(own.map_targets(&several), Err(TargetMappingError::MissingTask { .. })));
    }
}
