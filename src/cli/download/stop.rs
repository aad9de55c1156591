//! Why one attempt at a download ended early.

use std::fmt;
use std::time::Duration;

use super::error::DownloadError;

/// Why an attempt ended without the whole file.
pub(super) enum Stop {
    /// Another attempt would be no better.
    Final(DownloadError),
    /// Another attempt may succeed.
    Retry(Failure),
}

impl From<DownloadError> for Stop {
    fn from(error: DownloadError) -> Self {
        Self::Final(error)
    }
}

/// A failure that may pass.
pub(super) enum Failure {
    /// No connection came about.
    Unreachable { reason: String },
    /// The server or the connection failed; the bytes so far are good.
    Interrupted {
        reason: String,
        /// The pause the server asks for.
        retry_after: Duration,
    },
    /// The part could not be gone on with and is empty now.
    Restarted { reason: String },
}

impl Failure {
    /// A failure with no pause asked for.
    pub fn interrupted(reason: impl Into<String>) -> Stop {
        Stop::Retry(Self::Interrupted { reason: reason.into(), retry_after: Duration::ZERO })
    }

    /// The pause before the next attempt, where `backoff` is due after a failure.
    pub fn pause(&self, backoff: Duration) -> Duration {
        match self {
            Self::Unreachable { .. } => backoff,
            Self::Interrupted { retry_after, .. } => backoff.max(*retry_after),
            Self::Restarted { .. } => Duration::ZERO,
        }
    }

    /// The error once no attempts are left; `kept` bytes stay on disk.
    pub fn into_error(self, url: &str, attempts: u32, kept: u64) -> DownloadError {
        let url = url.to_owned();
        match self {
            Self::Unreachable { reason } => DownloadError::Unreachable { url, reason },
            Self::Interrupted { reason, .. } | Self::Restarted { reason } => {
                DownloadError::GaveUp { url, attempts, reason, kept }
            }
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable { reason } => write!(f, "not reached ({reason})"),
            Self::Interrupted { reason, .. } | Self::Restarted { reason } => f.write_str(reason),
        }
    }
}
