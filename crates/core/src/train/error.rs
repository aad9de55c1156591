//! Errors of training runs and checkpoints.

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

use crate::data::dataset_error::DatasetError;
use crate::data::input::SettingError;
use crate::device::ComputeError;
use crate::model::weights_error::WeightsError;
use crate::options::error::OptionError;

/// A training run could not start or continue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum TrainError {
    Option(#[from] OptionError),
    Data(#[from] DatasetError),
    Setting(#[from] SettingError),
    Compute(#[from] ComputeError),
    /// The training and validation images have different tasks.
    Tasks,
    /// The loss became infinite or NaN.
    NonFinite {
        step: u64,
        loss: f64,
        learning_rate: f64,
    },
    /// There are no validation images.
    NothingToValidate,
    /// The strategy does not train, so it has no learning rate.
    NoRate,
    /// The run was stopped before its first step.
    NothingTrained,
}

/// A run cannot be continued from its checkpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum CheckpointError {
    /// The file cannot be read.
    Unreadable(#[from] WeightsError),
    /// The file is not a checkpoint of this program.
    NotACheckpoint,
    /// The checkpoint has another format version.
    Version {
        found: u32,
        supported: u32,
    },
    /// The run was started on different training images.
    OtherTrainingImages,
    /// The run was started on different validation images.
    OtherValidationImages,
    Compute(#[from] ComputeError),
    Train(#[from] TrainError),
}

impl Localize for TrainError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::Option(error) => error.localize(texts),
            Self::Data(error) => error.localize(texts),
            Self::Setting(error) => error.localize(texts),
            Self::Compute(error) => error.localize(texts),
            Self::Tasks => texts.error_train_tasks().into(),
            Self::NonFinite { step, loss, learning_rate } => texts.error_train_not_finite(
                &texts.number(*loss),
                *step,
                &texts.rate(*learning_rate),
            ),
            Self::NothingToValidate => texts.error_train_nothing_to_validate().into(),
            Self::NoRate => texts.error_train_no_rate().into(),
            Self::NothingTrained => texts.error_train_nothing_trained().into(),
        }
    }
}

impl Localize for CheckpointError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::Unreadable(error) => texts.error_checkpoint_unreadable(&error.localize(texts)),
            Self::NotACheckpoint => texts.error_checkpoint_not_a_checkpoint().into(),
            Self::Version { found, supported } => {
                texts.error_checkpoint_version(*found, *supported)
            }
            Self::OtherTrainingImages => texts.error_checkpoint_other_training_images().into(),
            Self::OtherValidationImages => texts.error_checkpoint_other_validation_images().into(),
            Self::Compute(error) => error.localize(texts),
            Self::Train(error) => error.localize(texts),
        }
    }
}

display_in_english!(TrainError, CheckpointError);
