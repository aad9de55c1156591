//! Labelled pictures, ready to train on.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::data::picture::Picture;

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
    /// A label without a class.
    #[error("picture `{name}` has label {label}, but there are only {classes} classes")]
    Label { name: String, label: usize, classes: usize },
    /// A setting out of range.
    #[error("the setting `{name}` is out of range: {problem}")]
    Setting { name: &'static str, problem: String },
}

impl DataError {
    pub(crate) fn setting(name: &'static str, problem: impl Into<String>) -> Self {
        Self::Setting { name, problem: problem.into() }
    }
}

/// One labelled picture.
#[derive(Debug, Clone)]
pub struct Example {
    /// Where it came from: a path, or a name such as `data_batch_1 #17`.
    pub name: String,
    /// Index into [`Dataset::classes`].
    pub label: usize,
    pub picture: Arc<Picture>,
}

/// A file that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    pub name: String,
    pub reason: String,
}

/// Labelled pictures of one part (training or validation) of a dataset. Clones share the pictures.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// Names of the classes in label order.
    pub classes: Vec<String>,
    pub examples: Vec<Example>,
    /// Files that could not be used.
    pub skipped: Vec<Skipped>,
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

    /// The label of each example, in order.
    pub fn labels(&self) -> Vec<usize> {
        self.examples.iter().map(|example| example.label).collect()
    }

    /// The number of pictures per class, in label order.
    pub fn class_counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.classes.len()];
        for example in &self.examples {
            if let Some(count) = counts.get_mut(example.label) {
                *count += 1;
            }
        }
        counts
    }

    /// The examples at `indices`, in that order, with the same classes and nothing skipped.
    ///
    /// # Panics
    /// When an index is not below [`Self::len`].
    pub fn subset(&self, indices: &[usize]) -> Self {
        Self {
            classes: self.classes.clone(),
            examples: indices.iter().map(|&index| self.examples[index].clone()).collect(),
            skipped: Vec::new(),
        }
    }

    /// Bytes of pixels held in memory.
    pub fn pixel_bytes(&self) -> usize {
        self.examples.iter().map(|example| example.picture.pixel_bytes()).sum()
    }

    /// Checks that a classifier can be trained on this part.
    ///
    /// # Errors
    /// When there are no pictures, fewer than two classes, a class without pictures, or a label
    /// without a class.
    pub fn validate_for_training(&self) -> Result<(), DataError> {
        self.validate_labels()?;
        if self.is_empty() {
            return Err(DataError::NoPictures);
        }
        if let [class] = self.classes.as_slice() {
            return Err(DataError::OneClass { class: class.clone() });
        }
        match self.classes.iter().zip(self.class_counts()).find(|(_, count)| *count == 0) {
            Some((class, _)) => Err(DataError::EmptyClass { class: class.clone() }),
            None => Ok(()),
        }
    }

    /// Checks that this part can be validated on; classes may lack pictures here.
    ///
    /// # Errors
    /// When there are no pictures, or a label without a class.
    pub fn validate_for_evaluation(&self) -> Result<(), DataError> {
        self.validate_labels()?;
        if self.is_empty() { Err(DataError::NoPictures) } else { Ok(()) }
    }

    fn validate_labels(&self) -> Result<(), DataError> {
        let classes = self.classes.len();
        match self.examples.iter().find(|example| example.label >= classes) {
            Some(Example { name, label, .. }) => {
                Err(DataError::Label { name: name.clone(), label: *label, classes })
            }
            None => Ok(()),
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
        let picture = Arc::new(Picture::new(image, &Preprocessing::default(), true));
        Dataset {
            classes: classes.iter().map(|class| class.to_string()).collect(),
            examples: labels
                .iter()
                .enumerate()
                .map(|(i, &label)| Example {
                    name: format!("p{i}"),
                    label,
                    picture: Arc::clone(&picture),
                })
                .collect(),
            skipped: Vec::new(),
        }
    }

    #[test]
    fn counts_and_subsets_follow_the_labels() {
        let all = dataset(&["a", "b", "c"], &[0, 2, 2, 1, 2]);
        assert_eq!(all.class_counts(), [1, 1, 3]);
        let part = all.subset(&[4, 0]);
        assert_eq!(part.labels(), [2, 0]);
        assert_eq!(part.examples[0].name, "p4");
        assert!(Arc::ptr_eq(&part.examples[0].picture, &all.examples[4].picture));
        assert_eq!(all.pixel_bytes(), 5 * 32 * 32 * 3);
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
        assert_eq!(
            dataset(&["a", "b"], &[0, 2]).validate_for_evaluation(),
            Err(DataError::Label { name: "p1".into(), label: 2, classes: 2 })
        );
    }
}
