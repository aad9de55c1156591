//! CIFAR-10 and CIFAR-100 (Krizhevsky, 2009, <https://www.cs.toronto.edu/~kriz/cifar.html>): file names, labels and
//! errors.

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

use super::file_kind::FileKind;
use super::listed_file::{file_name, has_image_extension};

pub const CIFAR_10_NAMES: &str = "batches.meta.txt";
pub const FINE_NAMES: &str = "fine_label_names.txt";
pub const COARSE_NAMES: &str = "coarse_label_names.txt";
/// The files with class names.
pub const CLASS_NAMES: [&str; 3] = [CIFAR_10_NAMES, FINE_NAMES, COARSE_NAMES];
pub const CIFAR_10_TEST: &str = "test_batch.bin";
pub const CIFAR_100_TRAIN: &str = "train.bin";
pub const CIFAR_100_TEST: &str = "test.bin";
/// The files with CIFAR-10 that the owner of the app's site may add, see `www/data/README.md`.
pub const SITE_FILES: [&str; 2] = ["data/cifar10.bin", "data/cifar-10-binary.tar.gz"];

/// CIFAR-10 or CIFAR-100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CifarVersion {
    Cifar10,
    Cifar100,
}

/// The labels of CIFAR-100 to learn. CIFAR-10 has only one label per image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cifar100Labels {
    /// The 100 classes.
    #[default]
    Fine,
    /// The 20 superclasses of five classes each.
    Coarse,
    /// Both, as two tasks.
    Both,
}

impl CifarVersion {
    /// The name of the dataset, such as `CIFAR-10`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cifar10 => "CIFAR-10",
            Self::Cifar100 => "CIFAR-100",
        }
    }

    /// The official archive of the binary version.
    pub fn archive(self) -> &'static str {
        match self {
            Self::Cifar10 => "cifar-10-binary.tar.gz",
            Self::Cifar100 => "cifar-100-binary.tar.gz",
        }
    }
}

/// Whether files with these paths are CIFAR-10 or CIFAR-100: there are official batches, or other batches or an archive
/// without images.
pub fn is_cifar(paths: &[String]) -> bool {
    paths.iter().any(|path| is_official_batch(path))
        || paths.iter().any(|path| is_cifar_file(path))
            && !paths.iter().any(|path| has_image_extension(path))
}

/// Whether a file may be a batch or an archive, by its extension.
pub fn is_cifar_file(path: &str) -> bool {
    is_batch(path) || is_archive(path)
}

/// Whether a file may be an archive, by its extension.
pub fn is_archive(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    [".gz", ".tgz"].iter().any(|ending| path.ends_with(ending))
}

/// Whether a file may be a batch, by its extension.
pub fn is_batch(path: &str) -> bool {
    path.to_ascii_lowercase().ends_with(".bin")
}

/// Whether a file has the name of an official batch.
pub fn is_official_batch(path: &str) -> bool {
    let name = file_name(path);
    matches!(name, CIFAR_10_TEST | CIFAR_100_TRAIN | CIFAR_100_TEST)
        || (1..=5).any(|number| name == format!("data_batch_{number}.bin"))
}

/// Whether a file is a batch or a list of class names.
pub fn is_needed(path: &str) -> bool {
    is_batch(path) || CLASS_NAMES.contains(&file_name(path))
}

/// Why files are not CIFAR data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum CifarError {
    /// The file is empty.
    Empty { file: String },
    /// A file of another kind, such as weights, with the name of a batch.
    OtherKind { file: String, kind: FileKind },
    /// The file ends inside a record.
    Length { file: String, bytes: usize },
    /// A label is out of range. Records are counted from 0.
    Label { file: String, record: usize, label: u8, highest: usize },
    /// A list of class names is invalid.
    ClassNames { file: String, expected: usize, problem: ClassNamesProblem },
    /// Files of both datasets.
    Mixed { file: String },
    /// Two files of the same batch.
    Duplicate { file: String },
    /// There is no batch.
    NoBatch,
}

/// Why a list of class names is invalid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClassNamesProblem {
    /// It is not UTF-8 text.
    NotText,
    /// It does not have one name per class.
    Count { found: usize },
    /// It has a name twice.
    Repeated { name: String },
}

/// Why an archive cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ArchiveError {
    /// It is not gzip data.
    NotGzip,
    /// It is truncated or damaged; `problem` is the decoder's message.
    Damaged { problem: String },
    /// A file in it is larger than any file of CIFAR, in bytes.
    EntryTooLarge { file: String, bytes: u64, limit: u64 },
    /// Its uncompressed size is larger than that of the official archives.
    TooLarge { limit: u64 },
    /// It contains image files instead of CIFAR batches.
    Images { images: usize },
    /// It is the version for Python or Matlab.
    OtherVersion { version: CifarVersion },
    /// A file in it is invalid, or there is no batch.
    Cifar(CifarError),
}

impl From<CifarError> for ArchiveError {
    fn from(error: CifarError) -> Self {
        Self::Cifar(error)
    }
}

impl Localize for CifarError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::Empty { file } => texts.error_cifar_empty(file),
            Self::OtherKind { file, kind } => {
                texts.error_cifar_other_kind(file, &kind.describe(texts))
            }
            Self::Length { file, bytes } => texts.error_cifar_length(file, *bytes),
            Self::Label { file, record, label, highest } => {
                texts.error_cifar_label(*record, file, *label, *highest)
            }
            Self::ClassNames { file, expected, problem } => match problem {
                ClassNamesProblem::NotText => texts.error_cifar_names_not_text(file, *expected),
                ClassNamesProblem::Count { found } => {
                    texts.error_cifar_names_count(file, *found, *expected)
                }
                ClassNamesProblem::Repeated { name } => {
                    texts.error_cifar_names_repeated(file, name, *expected)
                }
            },
            Self::Mixed { file } => texts.error_cifar_mixed(file),
            Self::Duplicate { file } => texts.error_cifar_duplicate(file),
            Self::NoBatch => texts.error_cifar_no_batch().into(),
        }
    }
}

impl Localize for ArchiveError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::NotGzip => texts.error_cifar_archive_not_gzip().into(),
            Self::Damaged { problem } => texts.error_cifar_archive_damaged(problem),
            Self::EntryTooLarge { file, bytes, limit } => texts
                .error_cifar_archive_entry_too_large(
                    file,
                    &texts.file_size(*bytes),
                    &texts.file_size(*limit),
                ),
            Self::TooLarge { limit } => {
                texts.error_cifar_archive_too_large(&texts.file_size(*limit))
            }
            Self::Images { images } => texts.error_cifar_archive_images(*images),
            Self::OtherVersion { version } => {
                texts.error_cifar_archive_other_version(version.name(), version.archive())
            }
            Self::Cifar(error) => error.localize(texts),
        }
    }
}

display_in_english!(CifarError, ArchiveError);
