//! Labelled pictures, ready to train on.

use std::sync::Arc;

use thiserror::Error;

use crate::data::picture::Picture;
use tunelab_core::data::{skipped::SkippedFile, warning::DataWarning};
use tunelab_core::data::input::SettingError;
use tunelab_core::data::split::subset_per_class;
use tunelab_core::data::task::{
    Target, Task, TaskError, TaskKind, check_targets, first_classes, validate_tasks,
};

/// Why data or its settings cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum DataError {
    /// There is nothing to train on.
    #[error("there are no pictures; add PNG, JPEG, WebP, GIF or BMP pictures to each class")]
    NoPictures,
    /// One class cannot be told from anything.
    #[error("there is only one class, `{class}`; add pictures of at least one other class")]
    OneClass { class: String },
    /// A class nobody can learn.
    #[error("class `{class}` has no pictures; add some, or remove the class")]
    EmptyClass { class: String },
    /// Tasks that cannot be learned.
    #[error(transparent)]
    Tasks(#[from] TaskError),
    /// A target of another kind than its task.
    #[error("picture `{name}`: {problem}")]
    Target { name: String, problem: TaskError },
    /// A task about which nothing is known.
    #[error("nothing is known of any picture for `{task}`; add values, or remove the column")]
    EmptyTask { task: String },
    /// A setting out of range.
    #[error(transparent)]
    Setting(#[from] SettingError),
}

/// One labelled picture.
#[derive(Debug, Clone)]
pub struct Example {
    /// Where it came from: a path, or a name such as `data_batch_1 #17`.
    pub name: String,
    /// What is known of it, one a task of the dataset.
    pub targets: Vec<Target>,
    pub picture: Arc<Picture>,
}

impl Example {
    /// A picture of one class.
    pub fn of_class(name: impl Into<String>, class: usize, picture: Arc<Picture>) -> Self {
        Self { name: name.into(), targets: vec![Target::Class(class)], picture }
    }

    /// A picture of which nothing is known, for `tasks` tasks.
    pub fn unlabelled(name: impl Into<String>, tasks: usize, picture: Arc<Picture>) -> Self {
        Self { name: name.into(), targets: vec![Target::Missing; tasks], picture }
    }

    /// Its class in the first task, where that sorts into classes and it is known.
    pub fn class(&self) -> Option<usize> {
        match self.targets.first() {
            Some(Target::Class(class)) => Some(*class),
            _ => None,
        }
    }
}

/// Labelled pictures of one part (training or validation) of a dataset. Clones share the pictures.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// What is predicted; one task of classes where pictures are only sorted.
    pub tasks: Vec<Task>,
    pub examples: Vec<Example>,
    /// Files that could not be used.
    pub skipped: Vec<SkippedFile>,
    /// What else should be known of them.
    pub notices: Vec<DataWarning>,
}

impl Dataset {
    /// The number of pictures.
    pub fn len(&self) -> usize {
        self.examples.len()
    }

    /// Whether there are no pictures.
    pub fn is_empty(&self) -> bool {
        self.examples.is_empty()
    }

    /// Pictures to be sorted into these classes, none yet.
    pub fn of_classes(classes: Vec<String>) -> Self {
        Self { tasks: vec![Task::only(classes)], ..Self::default() }
    }

    /// Names of the classes of the first task, in the order of their numbers; none where it does not
    /// sort into classes.
    pub fn classes(&self) -> &[String] {
        first_classes(&self.tasks)
    }

    /// The first task's class of each example, in order; a number of its own where none is known. By
    /// these, parts are drawn so that they are alike.
    pub fn strata(&self) -> Vec<usize> {
        let unknown = self.classes().len();
        self.examples.iter().map(|example| example.class().unwrap_or(unknown)).collect()
    }

    /// The number of pictures of each class of the first task.
    pub fn class_counts(&self) -> Vec<usize> {
        self.counts_of(0)
    }

    /// The number of pictures of each class of a task; none where it does not sort into classes.
    pub fn counts_of(&self, task: usize) -> Vec<usize> {
        let mut counts = match self.tasks.get(task).map(|task| &task.kind) {
            Some(TaskKind::Class { classes }) => vec![0; classes.len()],
            _ => Vec::new(),
        };
        for example in &self.examples {
            if let Some(Target::Class(class)) = example.targets.get(task)
                && let Some(count) = counts.get_mut(*class)
            {
                *count += 1;
            }
        }
        counts
    }

    /// The examples at `indices`, in that order, with the same tasks and nothing skipped.
    ///
    /// # Panics
    /// When an index is not below [`Self::len`].
    pub fn subset(&self, indices: &[usize]) -> Self {
        Self {
            tasks: self.tasks.clone(),
            examples: indices.iter().map(|&index| self.examples[index].clone()).collect(),
            skipped: Vec::new(),
            notices: Vec::new(),
        }
    }

    /// At most `count` examples of each class of the first task, drawn by `seed`.
    pub fn at_most_per_class(&self, count: usize, seed: u64) -> Self {
        let chosen = subset_per_class(&self.strata(), count, seed);
        Self {
            skipped: self.skipped.clone(),
            notices: self.notices.clone(),
            ..self.subset(&chosen)
        }
    }

    /// The examples of which everything is known.
    pub fn labelled(&self) -> Self {
        let indices = self.examples.iter().enumerate();
        let known = indices.filter(|(_, example)| !example.targets.contains(&Target::Missing));
        self.subset(&known.map(|(index, _)| index).collect::<Vec<_>>())
    }

    /// Bytes of pixels held in memory.
    pub fn pixel_bytes(&self) -> usize {
        self.examples.iter().map(|example| example.picture.pixel_bytes()).sum()
    }

    /// Checks that a network can be trained on this part.
    ///
    /// # Errors
    /// When there are no pictures, or tasks that cannot be learned: fewer than two classes, a class
    /// without pictures where pictures are only sorted, nothing known for a task, or a target that is
    /// not its task's.
    pub fn validate_for_training(&self) -> Result<(), DataError> {
        if self.is_empty() {
            return Err(DataError::NoPictures);
        }
        if let ([_], [class]) = (&self.tasks[..], self.classes()) {
            return Err(DataError::OneClass { class: class.clone() });
        }
        self.validate_for_evaluation()?;
        if let [_] = self.tasks[..]
            && let Some((class, _)) =
                self.classes().iter().zip(self.class_counts()).find(|(_, count)| *count == 0)
        {
            return Err(DataError::EmptyClass { class: class.clone() });
        }
        let known = |task: usize| {
            let mut examples = self.examples.iter();
            examples.any(|example| example.targets[task] != Target::Missing)
        };
        match self.tasks.iter().enumerate().find(|(index, _)| !known(*index)) {
            Some((_, task)) => Err(DataError::EmptyTask { task: task.name.clone() }),
            None => Ok(()),
        }
    }

    /// Checks that this part can be validated on; classes may lack pictures here.
    ///
    /// # Errors
    /// When there are no pictures, or a target that is not its task's.
    pub fn validate_for_evaluation(&self) -> Result<(), DataError> {
        if self.is_empty() {
            return Err(DataError::NoPictures);
        }
        validate_tasks(&self.tasks)?;
        for example in &self.examples {
            check_targets(&self.tasks, &example.targets)
                .map_err(|problem| DataError::Target { name: example.name.clone(), problem })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::image::RgbImage;
    use crate::data::transform::Preprocessing;

    fn dataset(classes: &[&str], labels: &[usize]) -> Dataset {
        let image = RgbImage::from_fn(32, 32, |_, _| [1, 2, 3]);
        let picture = Arc::new(Picture::new(image, &Preprocessing::default(), true));
        let classes = classes.iter().map(|class| class.to_string()).collect();
        let examples = labels
            .iter()
            .enumerate()
            .map(|(i, &label)| Example::of_class(format!("p{i}"), label, Arc::clone(&picture)));
        Dataset { examples: examples.collect(), ..Dataset::of_classes(classes) }
    }

    #[test]
    fn counts_and_subsets_follow_the_labels() {
        let all = dataset(&["a", "b", "c"], &[0, 2, 2, 1, 2]);
        assert_eq!(all.class_counts(), [1, 1, 3]);
        let part = all.subset(&[4, 0]);
        assert_eq!(part.strata(), [2, 0]);
        assert_eq!(part.examples[0].name, "p4");
        assert!(Arc::ptr_eq(&part.examples[0].picture, &all.examples[4].picture));
        assert_eq!(all.pixel_bytes(), 5 * 32 * 32 * 3);
        assert_eq!(all.at_most_per_class(2, 0).class_counts(), [1, 1, 2]);
        assert_eq!(all.at_most_per_class(9, 0).len(), all.len());
    }

    #[test]
    fn unusable_datasets_are_named() {
        assert_eq!(dataset(&["a", "b"], &[0, 1]).validate_for_training(), Ok(()));
        assert_eq!(dataset(&["a", "b"], &[]).validate_for_training(), Err(DataError::NoPictures));
        assert_eq!(
            dataset(&["a"], &[0]).validate_for_training(),
            Err(DataError::OneClass { class: "a".into() })
        );
        let missing = dataset(&["a", "b"], &[0]);
        assert_eq!(
            missing.validate_for_training(),
            Err(DataError::EmptyClass { class: "b".into() })
        );
        assert_eq!(missing.validate_for_evaluation(), Ok(()));
        let beyond = dataset(&["a", "b"], &[0, 2]).validate_for_evaluation().unwrap_err();
        assert!(beyond.to_string().starts_with("picture `p1`"), "{beyond}");
    }
}
