//! Why a run could not start or go on.

use thiserror::Error;
use tunelab_core::data::input::SettingError;

use crate::error::ComputeError;
use tunelab_core::data::dataset_error::DatasetError;
use tunelab_core::options::error::OptionError;

/// A run could not start or go on.
#[derive(Debug, Error)]
pub enum TrainError {
    #[error(transparent)]
    Option(#[from] OptionError),
    #[error(transparent)]
    Data(#[from] DatasetError),
    #[error(transparent)]
    Setting(#[from] SettingError),
    #[error(transparent)]
    Compute(#[from] ComputeError),
    #[error(
        "the training images and the validation images belong to different classes or have different columns; both need the same"
    )]
    Tasks,
    #[error(
        "the loss became {loss} in step {step}, so training stopped with the last good weights; try a lower learning rate than {learning_rate}"
    )]
    NonFinite { step: u64, loss: f64, learning_rate: f64 },
    #[error(
        "no pictures are left to check the network with; give at least one class two, or take the way without training (few-shot), which needs no check"
    )]
    NothingToValidate,
    #[error("there is no learning rate to find: this way to fine-tune does not train")]
    NoRate,
    #[error("training was stopped before its first step, so there is nothing to keep")]
    NothingTrained,
}
