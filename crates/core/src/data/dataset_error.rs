//! Errors of datasets.

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

use super::task::TaskError;

/// Why a dataset cannot be trained or evaluated on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum DatasetError {
    /// There are no images.
    NoImages,
    /// There is only one class.
    OneClass { class: String },
    /// A class has no images.
    EmptyClass { class: String },
    /// The tasks cannot be learned.
    Tasks(TaskError),
    /// The targets of an image do not match the tasks.
    Image { name: String, error: TaskError },
    /// No image has a target for a task.
    EmptyTask { task: String },
}

/// Why the targets of a dataset cannot be mapped to other tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum TargetMappingError {
    /// The dataset has no targets for a task.
    MissingTask { task: String },
    /// The task is of another kind.
    OtherKind { task: String },
    /// The task has no such class or label.
    UnknownClass { class: String, known: Vec<String> },
}

impl From<TaskError> for DatasetError {
    fn from(error: TaskError) -> Self {
        Self::Tasks(error)
    }
}

impl Localize for DatasetError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::NoImages => texts.error_dataset_no_images().into(),
            Self::OneClass { class } => texts.error_dataset_one_class(class),
            Self::EmptyClass { class } => texts.error_dataset_empty_class(class),
            Self::Tasks(error) => error.localize(texts),
            Self::Image { name, error } => texts.error_dataset_image(name, &error.localize(texts)),
            Self::EmptyTask { task } => texts.error_dataset_empty_task(task),
        }
    }
}

impl Localize for TargetMappingError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::MissingTask { task } => texts.error_dataset_missing_task(task),
            Self::OtherKind { task } => texts.error_dataset_other_kind(task),
            Self::UnknownClass { class, known } => {
                texts.error_dataset_unknown_class(class, &texts.quoted_list(known))
            }
        }
    }
}

display_in_english!(DatasetError, TargetMappingError);
