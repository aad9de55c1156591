//! Why a file could not be downloaded.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use tunelab_l10n::{Localize, Texts, display_in_english};
use ureq::http::StatusCode;

use super::ATTEMPTS;
use tunelab_core::model::sources::ChecksumError;

/// A file could not be downloaded.
#[derive(Debug, Error)]
pub enum DownloadError {
    /// The system has no cache folder for the user.
    NoCacheDir,
    Unreachable {
        url: String,
        reason: Reason,
    },
    ProxyRefused {
        url: String,
        reason: Reason,
    },
    /// Every attempt failed, the last one for `reason`.
    GaveUp {
        url: String,
        reason: Reason,
        received: u64,
        size: u64,
    },
    Status {
        url: String,
        status: StatusCode,
    },
    /// The file has another size than recorded; `None` if it is larger.
    WrongSize {
        url: String,
        found: Option<u64>,
        expected: u64,
    },
    WrongChecksum {
        url: String,
        error: ChecksumError,
    },
    DiskFull {
        path: PathBuf,
    },
    Io {
        path: PathBuf,
        error: io::Error,
    },
}

/// Why an attempt failed.
#[derive(Debug)]
pub enum Reason {
    /// The connection failed. The problem is in the words of the network library; `None` if the server does not
    /// respond. The proxy is its host and port.
    Connection {
        problem: Option<String>,
        proxy: Option<String>,
    },
    /// The server sent less than the whole file.
    EndedEarly,
    /// The server sent another range than requested.
    OtherBytes,
    /// The resumed file has another checksum than recorded.
    DamagedPart,
    Status(StatusCode),
}

impl Localize for DownloadError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::NoCacheDir => texts.error_cli_download_no_cache_folder().into(),
            Self::Unreachable { url, reason } => {
                texts.error_cli_download_unreachable(url, &reason.localize(texts))
            }
            Self::ProxyRefused { url, reason } => {
                texts.error_cli_download_proxy_refused(url, &reason.localize(texts))
            }
            Self::GaveUp { url, reason, received, size } => texts.error_cli_download_gave_up(
                ATTEMPTS,
                url,
                &reason.localize(texts),
                &texts.file_size(*received),
                &texts.file_size(*size),
            ),
            Self::Status { url, status } => {
                let shown = status.to_string();
                match status.as_u16() {
                    401 | 403 => texts.error_cli_download_not_public(url, &shown),
                    404 | 410 => texts.error_cli_download_not_found(url, &shown),
                    _ => texts.error_cli_download_refused(url, &shown),
                }
            }
            Self::WrongSize { url, found: Some(found), expected } => {
                texts.error_cli_download_wrong_size(url, *found, *expected)
            }
            Self::WrongSize { url, found: None, expected } => {
                texts.error_cli_download_too_large(url, *expected)
            }
            Self::WrongChecksum { url, error } => {
                texts.error_download_checksum(url, &error.found, error.expected)
            }
            Self::DiskFull { path } => {
                texts.error_cli_download_disk_full(&path.display().to_string())
            }
            Self::Io { path, error } => {
                texts.error_cli_download_storage(&path.display().to_string(), &error.to_string())
            }
        }
    }
}

impl Localize for Reason {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::Connection { problem, proxy } => {
                let problem = match problem {
                    Some(problem) => texts.error_cli_download_connection(problem),
                    None => texts.error_cli_download_no_response().into(),
                };
                match proxy {
                    Some(proxy) => {
                        texts.sentences(&[problem, texts.error_cli_download_proxy(proxy)])
                    }
                    None => problem,
                }
            }
            Self::EndedEarly => texts.error_cli_download_ended_early().into(),
            Self::OtherBytes => texts.error_cli_download_other_bytes().into(),
            Self::DamagedPart => texts.error_cli_download_damaged_part().into(),
            Self::Status(status) => texts.error_cli_download_status(&status.to_string()),
        }
    }
}

display_in_english!(DownloadError);

/// Adds the path to an error of the file system.
pub(super) fn io_error(path: &Path) -> impl FnOnce(io::Error) -> DownloadError + use<> {
    let path = path.to_owned();
    move |error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            DownloadError::DiskFull { path }
        }
        _ => DownloadError::Io { path, error },
    }
}
