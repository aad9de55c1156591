//! Datasets: labeled images, ready for training.

use std::sync::Arc;

use crate::data::cached_image::CachedImage;
use tunelab_core::data::dataset_error::DatasetError;
use tunelab_core::data::skipped::SkippedFile;
use tunelab_core::data::split::{stratified_split, subset_per_class};
use tunelab_core::data::task::{
    Target, Task, TaskKind, check_targets, first_classes, validate_tasks,
};
use tunelab_core::data::warning::DataWarning;

/// An image and its targets.
#[derive(Debug, Clone)]
pub struct Example {
    /// Its path, or a name such as `data_batch_1 #17`.
    pub name: String,
    /// One per task of the dataset.
    pub targets: Vec<Target>,
    pub image: Arc<CachedImage>,
}

impl Example {
    /// An image of one class.
    pub fn of_class(name: impl Into<String>, class: usize, image: Arc<CachedImage>) -> Self {
        Self { name: name.into(), targets: vec![Target::Class(class)], image }
    }

    /// An image without known targets for `tasks` tasks.
    pub fn unlabeled(name: impl Into<String>, tasks: usize, image: Arc<CachedImage>) -> Self {
        Self { name: name.into(), targets: vec![Target::Missing; tasks], image }
    }

    /// Its class in the first task, if that is a classification and the class is known.
    pub fn class(&self) -> Option<usize> {
        match self.targets.first() {
            Some(Target::Class(class)) => Some(*class),
            _ => None,
        }
    }
}

/// The images of one split (training or validation). Clones share the images.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// In the order of the outputs.
    pub tasks: Vec<Task>,
    pub examples: Vec<Example>,
    pub skipped: Vec<SkippedFile>,
    pub warnings: Vec<DataWarning>,
}

impl Dataset {
    /// The number of images.
    pub fn len(&self) -> usize {
        self.examples.len()
    }

    /// Whether there are no images.
    pub fn is_empty(&self) -> bool {
        self.examples.is_empty()
    }

    /// An empty dataset for one task of these classes.
    pub fn of_classes(classes: Vec<String>) -> Self {
        Self { tasks: vec![Task::only(classes)], ..Self::default() }
    }

    /// The classes of the first task, in the order of their indices; empty if it is not a classification.
    pub fn classes(&self) -> &[String] {
        first_classes(&self.tasks)
    }

    /// The strata of stratified splits: the class of each example in the first task, or the number of classes for
    /// unlabeled examples.
    pub fn strata(&self) -> Vec<usize> {
        let unknown = self.classes().len();
        self.examples.iter().map(|example| example.class().unwrap_or(unknown)).collect()
    }

    /// The number of images of each class of the first task.
    pub fn class_counts(&self) -> Vec<usize> {
        self.counts_of(0)
    }

    /// The number of images of each class of a task; empty if it is not a classification.
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

    /// The examples at `indices`, in this order, without skipped files and warnings.
    ///
    /// # Panics
    /// When an index is not below [`Self::len`].
    pub fn subset(&self, indices: &[usize]) -> Self {
        Self {
            tasks: self.tasks.clone(),
            examples: indices.iter().map(|&index| self.examples[index].clone()).collect(),
            skipped: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// At most `count` examples of each class of the first task, drawn by `seed`.
    pub fn at_most_per_class(&self, count: usize, seed: u64) -> Self {
        let chosen = subset_per_class(&self.strata(), count, seed);
        Self {
            skipped: self.skipped.clone(),
            warnings: self.warnings.clone(),
            ..self.subset(&chosen)
        }
    }

    /// The examples without missing targets.
    pub fn labeled(&self) -> Self {
        let indices = self.examples.iter().enumerate();
        let known = indices.filter(|(_, example)| !example.targets.contains(&Target::Missing));
        self.subset(&known.map(|(index, _)| index).collect::<Vec<_>>())
    }

    /// Bytes of pixels held in memory.
    pub fn pixel_bytes(&self) -> usize {
        self.examples.iter().map(|example| example.image.pixel_bytes()).sum()
    }

    /// Checks that a network can be trained on this split.
    ///
    /// # Errors
    /// When there are no images, or a task cannot be learned: it has fewer than two classes, is the only task
    /// and has a class without images, has no known targets, or has targets that do not fit.
    pub fn validate_for_training(&self) -> Result<(), DatasetError> {
        if self.is_empty() {
            return Err(DatasetError::NoImages);
        }
        if let ([_], [class]) = (&self.tasks[..], self.classes()) {
            return Err(DatasetError::OneClass { class: class.clone() });
        }
        self.validate_for_evaluation()?;
        if let [_] = self.tasks[..]
            && let Some((class, _)) =
                self.classes().iter().zip(self.class_counts()).find(|(_, count)| *count == 0)
        {
            return Err(DatasetError::EmptyClass { class: class.clone() });
        }
        let known = |task: usize| {
            let mut examples = self.examples.iter();
            examples.any(|example| example.targets[task] != Target::Missing)
        };
        match self.tasks.iter().enumerate().find(|(index, _)| !known(*index)) {
            Some((_, task)) => Err(DatasetError::EmptyTask { task: task.name.clone() }),
            None => Ok(()),
        }
    }

    /// Checks that a network can be evaluated on this split. Classes may have no images.
    ///
    /// # Errors
    /// When there are no images, or a target does not fit its task.
    pub fn validate_for_evaluation(&self) -> Result<(), DatasetError> {
        if self.is_empty() {
            return Err(DatasetError::NoImages);
        }
        validate_tasks(&self.tasks)?;
        for example in &self.examples {
            check_targets(&self.tasks, &example.targets)
                .map_err(|error| DatasetError::Image { name: example.name.clone(), error })?;
        }
        Ok(())
    }
}

/// The training set, and the validation set if the data have one.
pub struct Splits {
    pub train: Dataset,
    pub validation: Option<Dataset>,
}

impl Splits {
    /// The training and the validation set. If the data have no validation set, it is the fraction `share` of each
    /// class, drawn at random.
    pub fn split(self, share: f64, seed: u64) -> (Dataset, Dataset) {
        match self.validation {
            Some(validation) => (self.train, validation),
            None => {
                let split = stratified_split(&self.train.strata(), share, seed);
                let mut train = self.train.subset(&split.train);
                let validation = self.train.subset(&split.validation);
                train.skipped = self.train.skipped;
                train.warnings = self.train.warnings;
                (train, validation)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::image::RgbImage;
    use crate::data::transform::Preprocessing;

    fn dataset(classes: &[&str], labels: &[usize]) -> Dataset {
        let image = RgbImage::from_fn(32, 32, |_, _| [1, 2, 3]);
        let image = Arc::new(CachedImage::new(image, &Preprocessing::default(), true));
        let classes = classes.iter().map(|class| class.to_string()).collect();
        let examples = labels
            .iter()
            .enumerate()
            .map(|(i, &label)| Example::of_class(format!("p{i}"), label, Arc::clone(&image)));
        Dataset { examples: examples.collect(), ..Dataset::of_classes(classes) }
    }

    #[test]
    fn counts_and_subsets_follow_the_labels() {
        let all = dataset(&["a", "b", "c"], &[0, 2, 2, 1, 2]);
        assert_eq!(all.class_counts(), [1, 1, 3]);
        let part = all.subset(&[4, 0]);
        assert_eq!(part.strata(), [2, 0]);
        assert_eq!(part.examples[0].name, "p4");
        assert!(Arc::ptr_eq(&part.examples[0].image, &all.examples[4].image));
        assert_eq!(all.pixel_bytes(), 5 * 32 * 32 * 3);
        assert_eq!(all.at_most_per_class(2, 0).class_counts(), [1, 1, 2]);
        assert_eq!(all.at_most_per_class(9, 0).len(), all.len());
    }

    #[test]
    fn unusable_datasets_are_rejected() {
        assert_eq!(dataset(&["a", "b"], &[0, 1]).validate_for_training(), Ok(()));
        assert_eq!(dataset(&["a", "b"], &[]).validate_for_training(), Err(DatasetError::NoImages));
        assert_eq!(
            dataset(&["a"], &[0]).validate_for_training(),
            Err(DatasetError::OneClass { class: "a".into() })
        );
        let missing = dataset(&["a", "b"], &[0]);
        assert_eq!(
            missing.validate_for_training(),
            Err(DatasetError::EmptyClass { class: "b".into() })
        );
        assert_eq!(missing.validate_for_evaluation(), Ok(()));
        let beyond = dataset(&["a", "b"], &[0, 2]).validate_for_evaluation().unwrap_err();
        assert!(matches!(beyond, DatasetError::Image { name, .. } if name == "p1"));
    }
}
