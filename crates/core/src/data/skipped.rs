//! Skipped files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

use super::file_kind::FileKind;
use super::image_file::{DecodeError, ImageFileInfo};

/// A file that was skipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedFile {
    pub name: String,
    pub reason: SkipReason,
}

/// Why a file was skipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SkipReason {
    /// It is not an image. `kind` is `None` if only its name was examined.
    NotAnImage { kind: Option<FileKind> },
    /// It cannot be decoded.
    Undecodable(DecodeError),
    /// It is an image outside the class folders.
    OutsideClassFolders,
    /// The table has no row for it.
    NotInTable,
    /// The table has a row for it, but the image does not exist.
    NotFound,
    /// It is a pipe, a socket or a device.
    NotAFile,
    /// It is a symbolic link to a file that does not exist.
    BrokenLink,
    /// It is a symbolic link to a folder that contains it.
    CircularLink,
    /// The browser could not read it.
    BrowserCannotRead,
    /// The decoder crashed, which is a defect of tunelab.
    DecoderCrashed,
    /// The operating system could not read it; `problem` is its message.
    Unreadable { problem: String },
}

/// The results of reading the image files of a dataset, by index.
pub type ReadResults = BTreeMap<usize, Result<ImageFileInfo, SkipReason>>;

impl SkipReason {
    /// The reason for skipping a file of a kind that cannot be decoded.
    pub fn of_kind(kind: Option<FileKind>) -> Self {
        match kind {
            Some(kind) if kind.is_image() => DecodeError::UnsupportedFormat(kind).into(),
            kind => Self::NotAnImage { kind },
        }
    }
}

impl From<DecodeError> for SkipReason {
    fn from(error: DecodeError) -> Self {
        Self::Undecodable(error)
    }
}

impl Localize for SkipReason {
    fn localize(&self, texts: Texts) -> String {
        let fixed = match self {
            Self::NotAnImage { kind: None } => texts.data_skipped_not_an_image(),
            Self::NotAnImage { kind: Some(FileKind::Empty) } => texts.data_skipped_empty(),
            Self::NotAnImage { kind: Some(kind) } => {
                return texts.data_skipped_other_kind(&kind.describe(texts));
            }
            Self::Undecodable(error) => return error.localize(texts),
            Self::OutsideClassFolders => texts.data_skipped_outside_class_folders(),
            Self::NotInTable => texts.data_skipped_not_in_table(),
            Self::NotFound => texts.data_skipped_not_found(),
            Self::NotAFile => texts.data_skipped_not_a_file(),
            Self::BrokenLink => texts.data_skipped_broken_link(),
            Self::CircularLink => texts.data_skipped_circular_link(),
            Self::BrowserCannotRead => texts.data_skipped_browser(),
            Self::DecoderCrashed => texts.data_skipped_crash(),
            Self::Unreadable { problem } => return texts.data_skipped_unreadable(problem),
        };
        fixed.to_owned()
    }
}

display_in_english!(SkipReason);

/// Removes the images that could not be read, and returns them. `file` returns the index and the name of an image's
/// file. Also removes images without a result.
pub fn remove_unreadable<T>(
    images: &mut Vec<T>,
    file: impl Fn(&T) -> (usize, &str),
    results: &ReadResults,
) -> Vec<SkippedFile> {
    let mut skipped = Vec::new();
    images.retain(|image| {
        let (index, name) = file(image);
        match results.get(&index) {
            Some(Ok(_)) => true,
            Some(Err(reason)) => {
                skipped.push(SkippedFile { name: name.to_owned(), reason: reason.clone() });
                false
            }
            None => false,
        }
    });
    skipped
}
