//! Why a command did not do what was asked.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::download::DownloadError;
use super::files::check_file;
use tunelab_core::data::cifar::ArchiveError;
use tunelab_core::data::cifar::CifarError;
use tunelab_core::data::dataset_error::DatasetError;
use tunelab_core::data::dataset_error::TargetMappingError;
use tunelab_core::data::folder::FolderError;
use tunelab_core::data::input::SettingError;
use tunelab_core::data::table::TableError;
use tunelab_core::device::ComputeError;
use tunelab_core::model::weights_error::ModelError;
use tunelab_core::model::weights_error::WeightsError;
use tunelab_core::options::OptionError;
use tunelab_core::train::error::CheckpointError;
use tunelab_core::train::error::TrainError;

/// A command failed; the message is the one sentence the user sees.
#[derive(Debug, Error)]
pub enum CliError {
    /// What was asked for cannot be done as it was asked.
    #[error("{0}")]
    Usage(String),
    #[error("--{}: {}", .0.key.replace('_', "-"), .0.problem)]
    Option(OptionError),
    #[error("cannot read {}: {error}", .path.display())]
    Read { path: PathBuf, error: std::io::Error },
    #[error("cannot write {}: {error}", .path.display())]
    Write { path: PathBuf, error: std::io::Error },
    #[error("{}: {error}", .path.display())]
    Weights { path: PathBuf, error: WeightsError },
    #[error("{}: {error}", .path.display())]
    Model { path: PathBuf, error: ModelError },
    #[error("{}: {error}", .path.display())]
    Folder { path: PathBuf, error: FolderError },
    #[error("{}: {error}", .path.display())]
    Archive { path: PathBuf, error: ArchiveError },
    #[error("{}: {error}", .path.display())]
    Table { path: PathBuf, error: Box<TableError> },
    #[error("{}: {error}", .path.display())]
    Relabel { path: PathBuf, error: TargetMappingError },
    #[error(transparent)]
    Cifar(#[from] CifarError),
    #[error(transparent)]
    Data(#[from] DatasetError),
    #[error(transparent)]
    Setting(#[from] SettingError),
    #[error(transparent)]
    Download(#[from] DownloadError),
    #[error(transparent)]
    Compute(#[from] ComputeError),
    #[error(transparent)]
    Train(#[from] TrainError),
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

impl CliError {
    /// 2 where the user can mend it by asking differently, 1 where something failed on the way.
    pub fn exit_code(&self) -> u8 {
        match self {
            CliError::Write { .. } | CliError::Download(_) => 1,
            CliError::Compute(ComputeError::NoGpu(_)) => 2,
            CliError::Compute(_) => 1,
            CliError::Train(TrainError::Compute(_)) => 1,
            CliError::Train(TrainError::NonFinite { .. } | TrainError::NothingTrained) => 1,
            CliError::Checkpoint(CheckpointError::Compute(_)) => 1,
            _ => 2,
        }
    }
}

/// Reads a whole file.
pub fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    check_file(path)
        .and_then(|()| std::fs::read(path))
        .map_err(|error| CliError::Read { path: path.to_path_buf(), error })
}

/// Writes a whole file.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), CliError> {
    std::fs::write(path, bytes).map_err(|error| CliError::Write { path: path.to_path_buf(), error })
}
