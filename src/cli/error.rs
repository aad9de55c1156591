//! Why a command failed.

use std::path::{Path, PathBuf};

use thiserror::Error;
use tunelab_l10n::{Localize, Texts, display_in_english};

use super::download::DownloadError;
use super::files::read_file;
use tunelab_core::data::cifar::{ArchiveError, CifarError};
use tunelab_core::data::dataset_error::{DatasetError, TargetMappingError};
use tunelab_core::data::folder::FolderError;
use tunelab_core::data::input::SettingError;
use tunelab_core::data::skipped::SkipReason;
use tunelab_core::data::table::TableError;
use tunelab_core::device::ComputeError;
use tunelab_core::model::sources::SOURCES;
use tunelab_core::model::weights_error::{ModelError, WeightsError};
use tunelab_core::options::OptionError;
use tunelab_core::search::error::SearchError;
use tunelab_core::train::error::CheckpointError;
use tunelab_core::train::error::TrainError;

/// Why a command failed.
#[derive(Debug, Error)]
pub enum CliError {
    File {
        path: PathBuf,
        error: FileError,
    },
    Write {
        path: PathBuf,
        error: std::io::Error,
    },
    Option(OptionError),
    /// The folder of a new run contains an unfinished one.
    UnfinishedRun(PathBuf),
    /// The folder contains no run to resume.
    NoRun(PathBuf),
    /// The folder of a new search contains one already.
    SearchExists(PathBuf),
    /// There are no images to classify.
    NoImages,
    /// None of the images to classify can be read.
    NoReadableImages,
    Cifar(#[from] CifarError),
    Data(#[from] DatasetError),
    Setting(#[from] SettingError),
    Search(#[from] SearchError),
    Download(#[from] DownloadError),
    Compute(#[from] ComputeError),
    Train(#[from] TrainError),
    Checkpoint(#[from] CheckpointError),
}

/// Why a file or folder cannot be used.
#[derive(Debug, Error)]
pub enum FileError {
    Unreadable(#[from] SkipReason),
    Weights(#[from] WeightsError),
    Model(#[from] ModelError),
    Folder(#[from] FolderError),
    Archive(#[from] ArchiveError),
    Table(#[from] Box<TableError>),
    Targets(#[from] TargetMappingError),
    /// It is not the configuration of a run.
    Config(serde_json::Error),
    /// It is not the state of a search.
    SearchState(serde_json::Error),
    /// There is no such weights file.
    NoWeights,
    /// The data have another number of classes than the model.
    OutputCount {
        model: usize,
        data: usize,
    },
    /// The model has no class names, which distillation needs.
    NotTrainedHere,
}

impl CliError {
    /// Adds the path to an error about a file.
    pub fn at<E: Into<FileError>>(path: &Path) -> impl FnOnce(E) -> Self {
        move |error| Self::File { path: path.to_path_buf(), error: error.into() }
    }

    /// Adds the path to an error of writing a file.
    pub fn writing(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::Write { path: path.to_path_buf(), error }
    }

    /// 1 for failures of the environment, such as a full disk; 2 for invalid input.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Write { .. } | Self::Download(_) => 1,
            Self::Compute(ComputeError::NoGpu(_)) => 2,
            Self::Compute(_) => 1,
            Self::Train(TrainError::Compute(_)) => 1,
            Self::Train(TrainError::NonFinite { .. } | TrainError::NothingTrained) => 1,
            Self::Checkpoint(CheckpointError::Compute(_)) => 1,
            _ => 2,
        }
    }
}

impl Localize for CliError {
    fn localize(&self, texts: Texts) -> String {
        let shown = |path: &Path| path.display().to_string();
        match self {
            Self::File { path, error } => {
                texts.error_cli_file(&shown(path), &error.localize(texts))
            }
            Self::Write { path, error } => texts.error_cli_write(&shown(path), &error.to_string()),
            Self::Option(OptionError { key, problem }) => {
                texts.error_cli_option(&key.replace('_', "-"), &problem.localize(texts))
            }
            Self::UnfinishedRun(folder) => texts.error_cli_unfinished_run(&shown(folder)),
            Self::NoRun(folder) => texts.error_cli_no_run(&shown(folder)),
            Self::SearchExists(folder) => texts.error_cli_search_exists(&shown(folder)),
            Self::NoImages => texts.error_cli_no_images().into(),
            Self::NoReadableImages => texts.error_worker_no_readable_images().into(),
            Self::Cifar(error) => error.localize(texts),
            Self::Data(error) => error.localize(texts),
            Self::Setting(error) => error.localize(texts),
            Self::Search(error) => error.localize(texts),
            Self::Download(error) => error.localize(texts),
            Self::Compute(error) => error.localize(texts),
            Self::Train(error) => error.localize(texts),
            Self::Checkpoint(error) => error.localize(texts),
        }
    }
}

impl Localize for FileError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::Unreadable(reason) => reason.localize(texts),
            Self::Weights(error) => error.localize(texts),
            Self::Model(error) => error.localize(texts),
            Self::Folder(error) => error.localize(texts),
            Self::Archive(error) => error.localize(texts),
            Self::Table(error) => error.localize(texts),
            Self::Targets(error) => error.localize(texts),
            Self::Config(error) => texts.error_cli_config(&error.to_string()),
            Self::SearchState(error) => texts.error_cli_search_state(&error.to_string()),
            Self::NoWeights => {
                let sources: Vec<&str> = SOURCES.iter().map(|source| source.id).collect();
                texts.error_cli_no_weights(&texts.all_of(&sources))
            }
            Self::OutputCount { model, data } => texts.error_cli_output_count(*data, *model),
            Self::NotTrainedHere => texts.error_cli_not_trained_here().into(),
        }
    }
}

display_in_english!(CliError, FileError);

/// Reads a whole file.
pub fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    read_file(path).map_err(CliError::at(path))
}

/// Writes a whole file.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), CliError> {
    std::fs::write(path, bytes).map_err(CliError::writing(path))
}
