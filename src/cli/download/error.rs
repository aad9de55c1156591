//! What can go wrong with a download.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a file could not be downloaded.
#[derive(Debug, Error)]
pub enum DownloadError {
    #[error("no cache folder is known for this user; set TUNELAB_CACHE to a folder of your choice")]
    NoCacheDir,

    #[error(
        "'{name}' is not a plain file name; use letters, digits, '.', '-', '_' and '+', with no \
         '.' in front"
    )]
    FileName { name: String },

    #[error(
        "'{checksum}' is not a SHA-256; give 64 hexadecimal digits, or at least 8 for its beginning"
    )]
    Checksum { checksum: String },

    #[error("'{url}' is not an address to download from ({reason}); use an http or https URL")]
    Url { url: String, reason: String },

    #[error(
        "{url} cannot be reached ({reason}); check the network connection, or fetch the file in \
         another way and pass it with --model"
    )]
    Unreachable { url: String, reason: String },

    #[error(
        "{url} could not be downloaded in {attempts} attempts: {reason}; run again ({kept} bytes \
         are kept to go on from), or fetch the file in another way and pass it with --model"
    )]
    GaveUp {
        url: String,
        attempts: u32,
        reason: String,
        /// Bytes on disk.
        kept: u64,
    },

    #[error(
        "{url} was refused with the status {status}{meaning}; check the address, or fetch the file \
         in another way and pass it with --model"
    )]
    Status {
        url: String,
        status: u16,
        /// What the status means, with a space in front; empty if there is nothing to add.
        meaning: &'static str,
    },

    #[error("{url} gave an unusable answer: {reason}; try again later")]
    Answer { url: String, reason: String },

    #[error("{url} redirects more than {limit} times; check the address")]
    TooManyRedirects { url: String, limit: usize },

    #[error("{url} redirects to {target}, which is not followed: {reason}")]
    Redirect {
        url: String,
        /// Scheme and host only: the rest may hold a signature.
        target: String,
        reason: String,
    },

    #[error(
        "{url} has {size} bytes, more than the {limit} accepted for this file; check the address"
    )]
    TooLarge { url: String, size: u64, limit: u64 },

    #[error(
        "{url} sent more than the {announced} bytes it announced; what it sent was deleted, try \
         again later"
    )]
    LongerThanAnnounced { url: String, announced: u64 },

    #[error(
        "{url} arrived with the SHA-256 {found} instead of {expected} and was deleted; try again, \
         and if it happens again, the file there is not the one meant"
    )]
    ChecksumMismatch { url: String, expected: String, found: String },

    #[error(
        "nothing tells whether {url} arrives unchanged: {reason}; use an https address of a server \
         that announces the length, or fetch the file in another way and pass it with --model"
    )]
    Unverifiable { url: String, reason: &'static str },

    #[error("could not {action} {path}: {source}")]
    Io { action: &'static str, path: PathBuf, source: io::Error },
}

/// Wraps an error of the file system, saying what was done to which path.
pub(super) fn io_error(
    action: &'static str,
    path: &Path,
) -> impl FnOnce(io::Error) -> DownloadError + use<> {
    let path = path.to_owned();
    move |source| DownloadError::Io { action, path, source }
}
