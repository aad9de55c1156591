//! CIFAR-10 and CIFAR-100: their files by name, and which labels are learned.

use serde::{Deserialize, Serialize};

use super::folder::is_picture;

/// Which labels of CIFAR-100 are learned. CIFAR-10 has only one.
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

/// Whether files with these paths are to be read as CIFAR-10 or CIFAR-100: official batches are among them,
/// or other batches or an archive, and no pictures.
pub fn is_cifar(paths: &[String]) -> bool {
    paths.iter().any(|path| is_official_batch(path))
        || paths.iter().any(|path| is_cifar_file(path))
            && !paths.iter().any(|path| is_picture(path))
}

/// Whether a file with this path may be a batch or the archive.
pub fn is_cifar_file(path: &str) -> bool {
    is_batch(path) || is_archive(path)
}

/// Whether a file with this path may be the archive.
pub fn is_archive(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    [".gz", ".tgz"].iter().any(|ending| path.ends_with(ending))
}

pub const CIFAR_10_NAMES: &str = "batches.meta.txt";
pub const FINE_NAMES: &str = "fine_label_names.txt";
pub const COARSE_NAMES: &str = "coarse_label_names.txt";
pub const CIFAR_10_TEST: &str = "test_batch.bin";
pub const CIFAR_100_TRAIN: &str = "train.bin";
pub const CIFAR_100_TEST: &str = "test.bin";

/// The last component of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a file with this path may be a batch.
pub fn is_batch(path: &str) -> bool {
    path.to_ascii_lowercase().ends_with(".bin")
}

/// Whether a file has the name of an official batch.
pub fn is_official_batch(path: &str) -> bool {
    let name = file_name(path);
    matches!(name, CIFAR_10_TEST | CIFAR_100_TRAIN | CIFAR_100_TEST)
        || (1..=5).any(|number| name == format!("data_batch_{number}.bin"))
}

/// Whether the collector of CIFAR files takes a file with this path: batches and lists of class names.
pub fn is_needed(path: &str) -> bool {
    is_batch(path) || matches!(file_name(path), CIFAR_10_NAMES | FINE_NAMES | COARSE_NAMES)
}
