//! Errors of commands and messages.

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

use crate::data::cifar::{ArchiveError, CifarError};
use crate::data::dataset_error::{DatasetError, TargetMappingError};
use crate::data::folder::FolderError;
use crate::data::image_file::DecodeError;
use crate::data::input::SettingError;
use crate::data::skipped::SkipReason;
use crate::data::table::TableError;
use crate::device::ComputeError;
use crate::gpu::GpuError;
use crate::model::weights_error::{ModelError, WeightsError};
use crate::search::error::SearchError;
use crate::train::error::{CheckpointError, TrainError};

/// Why a command failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum WorkerError {
    /// The command has no attached file.
    NoFile,
    /// A file could not be read or decoded.
    File { file: String, reason: SkipReason },
    /// The attached file could not be read or decoded.
    Unreadable(#[from] SkipReason),
    /// The layout of a folder is not supported.
    Folder(#[from] FolderError),
    /// A label table cannot be used.
    Table { file: String, error: TableError },
    /// None of the images could be read.
    NoReadableImages,
    /// The files are not CIFAR data.
    Cifar(#[from] CifarError),
    /// An archive of CIFAR data cannot be used.
    CifarArchive { file: String, error: ArchiveError },
    /// The site does not offer CIFAR-10.
    CifarNotOffered,

    /// There is no pretrained model.
    NoPretrainedModel,
    /// No source has this id, or it cannot be downloaded.
    UnknownModel { id: String },
    /// A download failed.
    Download { url: String, problem: DownloadProblem },
    /// A model file cannot be used.
    Model(ModelError),

    /// Another run, search or distillation is in progress.
    Busy,
    /// A run could not start or continue.
    Train(#[from] TrainError),
    /// A run cannot be continued.
    Checkpoint(#[from] CheckpointError),
    /// The GPU failed, and the run continues on the CPU.
    ContinuedOnCpu,
    /// The GPU failed while a run was being stopped.
    GpuFailedWhileStopping,
    /// The GPU failed during a search, which can be continued on the CPU.
    GpuFailedInSearch,
    /// A search cannot start or continue.
    Search(#[from] SearchError),
    /// The GPU cannot be used.
    Gpu(#[from] GpuError),

    /// There is no trained model.
    NoTrainedModel,
    /// There are no validation images.
    NoValidationImages,
    /// The classes or columns of the images do not match the trained model.
    OtherTargets(#[from] TargetMappingError),
    /// The compared model no longer exists.
    NoComparedModel,

    /// A message between the page and the worker is invalid.
    Protocol(#[from] ProtocolError),
}

/// Why a download failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DownloadProblem {
    /// The browser cannot download files.
    Unsupported,
    /// The connection failed.
    Unreachable,
    /// The server returned this HTTP status.
    Status(u16),
    /// The file is larger than recorded.
    TooLarge,
    /// The SHA-256 of the file does not match.
    Checksum { found: String, expected: String },
}

/// Why a message between the page and the worker was rejected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum ProtocolError {
    /// The page and the worker have different [versions](super::VERSION); `found` is NaN for a message without one.
    Version { found: f64 },
    /// The message cannot be encoded or decoded; `problem` is the codec's message.
    Malformed { problem: String },
}

impl From<ComputeError> for WorkerError {
    fn from(error: ComputeError) -> Self {
        Self::Train(error.into())
    }
}

impl From<ModelError> for WorkerError {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Compute(error) => error.into(),
            error => Self::Model(error),
        }
    }
}

impl From<WeightsError> for WorkerError {
    fn from(error: WeightsError) -> Self {
        Self::Model(error.into())
    }
}

impl From<DatasetError> for WorkerError {
    fn from(error: DatasetError) -> Self {
        Self::Train(error.into())
    }
}

impl From<SettingError> for WorkerError {
    fn from(error: SettingError) -> Self {
        Self::Train(error.into())
    }
}

impl From<DecodeError> for WorkerError {
    fn from(error: DecodeError) -> Self {
        Self::Unreadable(error.into())
    }
}

impl Localize for WorkerError {
    fn localize(&self, texts: Texts) -> String {
        let fixed = match self {
            Self::NoFile => texts.error_worker_no_file(),
            Self::File { file, reason } => {
                return texts.error_worker_file(file, &reason.localize(texts));
            }
            Self::Unreadable(reason) => return reason.localize(texts),
            Self::Folder(error) => return error.localize(texts),
            Self::Table { file, error } => {
                return texts.error_worker_file(file, &error.localize(texts));
            }
            Self::NoReadableImages => texts.error_worker_no_readable_images(),
            Self::Cifar(error) => return error.localize(texts),
            Self::CifarArchive { file, error } => {
                return texts.error_worker_file(file, &error.localize(texts));
            }
            Self::CifarNotOffered => texts.error_worker_cifar_not_offered(),
            Self::NoPretrainedModel => texts.error_worker_no_pretrained_model(),
            Self::UnknownModel { id } => return texts.error_worker_unknown_model(id),
            Self::Download { url, problem } => return problem.localize(url, texts),
            Self::Model(error) => return error.localize(texts),
            Self::Busy => texts.error_worker_busy(),
            Self::Train(error) => return error.localize(texts),
            Self::Checkpoint(error) => return error.localize(texts),
            Self::ContinuedOnCpu => texts.error_worker_continued_on_cpu(),
            Self::GpuFailedWhileStopping => texts.error_worker_gpu_failed_while_stopping(),
            Self::GpuFailedInSearch => texts.error_worker_gpu_failed_in_search(),
            Self::Search(error) => return error.localize(texts),
            Self::Gpu(error) => return error.localize(texts),
            Self::NoTrainedModel => texts.error_worker_no_trained_model(),
            Self::NoValidationImages => texts.error_worker_no_validation_images(),
            Self::OtherTargets(error) => {
                return texts.error_worker_other_targets(&error.localize(texts));
            }
            Self::NoComparedModel => texts.error_worker_no_compared_model(),
            Self::Protocol(error) => return error.localize(texts),
        };
        fixed.to_owned()
    }
}

impl DownloadProblem {
    fn localize(&self, url: &str, texts: Texts) -> String {
        match self {
            Self::Unsupported => texts.error_download_unsupported().to_owned(),
            Self::Unreachable => texts.error_download_unreachable(url),
            Self::Status(status) => texts.error_download_status(url, &status.to_string()),
            Self::TooLarge => texts.error_download_too_large(url),
            Self::Checksum { found, expected } => {
                texts.error_download_checksum(url, found, expected)
            }
        }
    }
}

impl Localize for ProtocolError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::Version { .. } => texts.error_protocol_version().to_owned(),
            Self::Malformed { problem } => texts.error_protocol_malformed(problem),
        }
    }
}

display_in_english!(WorkerError, ProtocolError);

#[cfg(test)]
mod tests {
    use tunelab_l10n::Language;

    use super::*;
    use crate::options::choices::Choices;
    use crate::options::context::Context;

    #[test]
    fn errors_reach_the_page_unchanged() {
        let choices = Choices::default().with("schedule", "none").with("batch_size", 0);
        let errors = choices.resolve(&Context::default()).errors;
        assert_eq!(errors.len(), 2);
        let chinese = Texts::new(Language::SimplifiedChinese);
        for error in errors {
            let error = WorkerError::Train(TrainError::Option(error));
            let sent = postcard::to_allocvec(&error).unwrap();
            let received: WorkerError = postcard::from_bytes(&sent).unwrap();
            assert_eq!(received, error);
            assert_ne!(received.localize(chinese), received.localize(Texts::ENGLISH));
        }
    }
}
