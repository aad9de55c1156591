//! SHA-256 checksums of files.

use std::fmt::{self, Write as _};
use std::fs::{self, File};
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::error::{DownloadError, io_error};

/// Hexadecimal digits of a whole SHA-256.
const DIGITS: usize = 64;

/// Fewest digits that are accepted as the beginning of a SHA-256: torchvision's file names have 8.
const FEWEST_DIGITS: usize = 8;

/// What the content of a download must hash to. Hexadecimal, in either case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// The whole SHA-256.
    Sha256(String),
    /// The first digits of the SHA-256, 8 or more, as in the names of torchvision's weight files
    /// (`resnet18-f37072fd.pth`).
    Sha256Prefix(String),
    /// What the server says: Hugging Face sends the SHA-256 of a large file as `X-Linked-Etag`
    /// with the redirect to where it is stored.
    FromServer,
}

impl Expected {
    /// The checksum in an `X-Linked-Etag` header, if it holds one.
    pub(super) fn from_etag(etag: &str) -> Option<Self> {
        let text = etag.trim();
        let text = text.strip_prefix("W/").unwrap_or(text);
        is_hex(text.trim_matches('"'), DIGITS..=DIGITS)
            .then(|| Self::Sha256(text.trim_matches('"').to_owned()))
    }

    /// The checksum in a file written by `sha256sum`, if it holds one.
    pub(super) fn from_record(path: &Path) -> Option<Self> {
        let text = fs::read_to_string(path).ok()?;
        let first = text.split_whitespace().next()?;
        is_hex(first, DIGITS..=DIGITS).then(|| Self::Sha256(first.to_owned()))
    }

    pub(super) fn validate(&self) -> Result<(), DownloadError> {
        let (text, digits) = match self {
            Self::Sha256(text) => (text, DIGITS..=DIGITS),
            Self::Sha256Prefix(text) => (text, FEWEST_DIGITS..=DIGITS),
            Self::FromServer => return Ok(()),
        };
        if is_hex(text, digits) {
            Ok(())
        } else {
            Err(DownloadError::Checksum { checksum: text.clone() })
        }
    }

    /// Whether a SHA-256 in lower-case hexadecimal is as expected; any is for
    /// [`Expected::FromServer`].
    pub(super) fn matches(&self, found: &str) -> bool {
        match self {
            Self::Sha256(text) => text.eq_ignore_ascii_case(found),
            Self::Sha256Prefix(text) => found.starts_with(&text.to_ascii_lowercase()),
            Self::FromServer => true,
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sha256(text) => f.write_str(&text.to_ascii_lowercase()),
            Self::Sha256Prefix(text) => write!(f, "{}…", text.to_ascii_lowercase()),
            Self::FromServer => f.write_str("what the server says"),
        }
    }
}

fn is_hex(text: &str, digits: std::ops::RangeInclusive<usize>) -> bool {
    digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// SHA-256 of a file's content, in lower-case hexadecimal.
pub(super) fn sha256_of_file(path: &Path) -> Result<String, DownloadError> {
    let mut file = File::open(path).map_err(io_error("open", path))?;
    let mut hasher = Sha256::new();
    io::copy(&mut file, &mut hasher).map_err(io_error("read", path))?;
    let mut text = String::with_capacity(DIGITS);
    for byte in hasher.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}
