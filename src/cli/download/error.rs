//! Why a file could not be downloaded, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use ureq::http::StatusCode;

use super::ATTEMPTS;
use tunelab_core::model::sources::ChecksumError;

/// The way out that is left where nothing can be downloaded.
const BY_HAND: &str = "or download the file another way and pass it with --model";

/// A file could not be downloaded.
#[derive(Debug, Error)]
pub enum DownloadError {
    #[error("the system names no cache folder; set TUNELAB_CACHE to a folder of your choice")]
    NoCacheDir,

    #[error("cannot connect to {url} ({reason}); check the network connection, {BY_HAND}")]
    Unreachable { url: String, reason: String },

    #[error(
        "the proxy refuses to connect to {url} ({reason}); correct HTTPS_PROXY, name the host in \
         NO_PROXY, {BY_HAND}"
    )]
    ProxyRefused { url: String, reason: String },

    /// Every attempt failed, the last one for `reason`.
    #[error(
        "{ATTEMPTS} attempts to download {url} failed ({reason}); check the network connection and \
         run the command again, which continues after the {kept} of {size} bytes received, {BY_HAND}"
    )]
    GaveUp { url: String, reason: String, kept: u64, size: u64 },

    #[error(
        "the server refuses {url} with the status {status}{meaning}; try again later, {BY_HAND}"
    )]
    Status {
        url: String,
        status: StatusCode,
        /// What the status means, with a colon in front; empty if there is nothing to add.
        meaning: &'static str,
    },

    #[error(
        "the file at {url} has {found} bytes instead of {expected}: it has changed, or a login page \
         of the network answers in its place; open the address in a browser, {BY_HAND}"
    )]
    WrongSize {
        url: String,
        /// A number, or "more than" the expected one.
        found: String,
        expected: u64,
    },

    #[error("{url}: {error} (the damaged copy was deleted)")]
    WrongChecksum { url: String, error: ChecksumError },

    #[error(
        "no space is left to write {}; free some, or set TUNELAB_CACHE to a folder on another disk",
        .path.display()
    )]
    DiskFull { path: PathBuf },

    #[error(
        "cannot {action} {}: {error}; TUNELAB_CACHE can name another folder for downloads",
        .path.display()
    )]
    Io { action: &'static str, path: PathBuf, error: io::Error },
}

/// Wraps an error of the file system, saying what was done to which path.
pub(super) fn io_error(
    action: &'static str,
    path: &Path,
) -> impl FnOnce(io::Error) -> DownloadError + use<> {
    let path = path.to_owned();
    move |error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            DownloadError::DiskFull { path }
        }
        _ => DownloadError::Io { action, path, error },
    }
}
