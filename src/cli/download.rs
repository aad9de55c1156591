//! Downloads of weight files: resumed where they broke off, verified before they are used, and kept
//! in a cache folder.
//!
//! A file `NAME` of the cache has beside it `NAME.sha256` (what was verified, in the format of
//! `sha256sum`), while it is on its way `NAME.part` (the bytes so far) and `NAME.part.json` (what they
//! are the beginning of), and `NAME.lock` (locked by the process that downloads).

mod checksum;
mod error;
mod fetch;
mod headers;
mod part;
mod stop;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

pub use checksum::Expected;
pub use error::DownloadError;

use checksum::sha256_of_file;
use error::io_error;
use fetch::Client;
use part::Part;
use stop::Stop;

/// The longest pause between two attempts, whatever the backoff or the server asks for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A file to download.
#[derive(Debug, Clone)]
pub struct Download {
    /// Where the file is, `http` or `https`.
    pub url: String,
    /// Its name in the cache folder: a plain name, without folders, that no other file has.
    pub file_name: String,
    /// What the content must hash to.
    pub expected: Expected,
    /// The largest size to accept, in bytes.
    pub max_bytes: u64,
}

/// How patient a download is.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long one connection may take to come about.
    pub connect_timeout: Duration,
    /// How long the server may send nothing at all.
    pub stall_timeout: Duration,
    /// How many times to try in all, 1 or more; each attempt goes on where the last broke off.
    pub attempts: u32,
    /// The pause after the first failed attempt; each further pause is twice as long, up to a
    /// minute.
    pub backoff: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(15),
            stall_timeout: Duration::from_secs(30),
            attempts: 5,
            backoff: Duration::from_millis(500),
        }
    }
}

/// How far a download is. Reported when an answer arrives and after each piece of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file that are on disk.
    pub received: u64,
    /// Bytes of the whole file, where the server says so.
    pub total: Option<u64>,
    /// Bytes that were on disk before the present attempt.
    pub resumed_from: u64,
}

/// Where downloads are kept: `$TUNELAB_CACHE` if set, else `tunelab` in the user's cache folder.
///
/// # Errors
/// The system names no cache folder for the user.
pub fn default_cache_dir() -> Result<PathBuf, DownloadError> {
    match std::env::var_os("TUNELAB_CACHE") {
        Some(folder) if !folder.is_empty() => Ok(PathBuf::from(folder)),
        _ => {
            dirs::cache_dir().map(|folder| folder.join("tunelab")).ok_or(DownloadError::NoCacheDir)
        }
    }
}

/// Returns the path of the file in `cache_dir`, downloading it first unless it is there already and
/// hashes to what is expected (then no request is made).
///
/// Blocks. Of two processes that want the same file, one downloads and the other waits for it. With
/// [`Expected::FromServer`] and a server that gives no checksum, the file is accepted over `https`
/// if its length is as announced, with a warning in the log, and not accepted over `http`.
///
/// # Errors
/// See [`DownloadError`]. What arrived before the connection failed for good is kept, and the next
/// call goes on from there; bytes that failed verification are deleted.
pub fn download(
    request: &Download,
    cache_dir: &Path,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<PathBuf, DownloadError> {
    request.expected.validate()?;
    let client = Client::new(request, options)?;
    let name = plain_file_name(&request.file_name)?;
    fs::create_dir_all(cache_dir).map_err(io_error("create the folder", cache_dir))?;
    let file = cache_dir.join(name);

    if is_cached(&file, &request.expected)? {
        return Ok(file);
    }
    let _lock = lock(&beside(&file, "lock"))?;
    // Another process may have finished it meanwhile.
    if is_cached(&file, &request.expected)? {
        return Ok(file);
    }

    let mut part = Part::open(&file, &request.url)?;
    let fetched = fetch_patiently(&client, request, options, &mut part, progress);
    if fetched.is_err() && part.origin().is_none() {
        // Nothing that a later call could go on from.
        part.discard()?;
        return fetched.map(|_| file);
    }
    let expected = fetched?;
    let found = part.sha256()?;
    match expected {
        Some(expected) if expected.matches(&found) => {}
        Some(expected) => {
            part.discard()?;
            return Err(DownloadError::ChecksumMismatch {
                url: request.url.clone(),
                expected: expected.to_string(),
                found,
            });
        }
        None => log::warn!(
            "{} names no SHA-256: only the length of what arrived was checked",
            request.url
        ),
    }
    part.publish(&file)?;
    let record = beside(&file, "sha256");
    fs::write(&record, format!("{found}  {name}\n")).map_err(io_error("write", &record))?;
    Ok(file)
}

/// Tries until the file is complete, an error is final or the attempts are used up. Returns what the
/// content must hash to: `None` if nobody knows and that is acceptable.
fn fetch_patiently(
    client: &Client,
    request: &Download,
    options: &Options,
    part: &mut Part,
    progress: &mut dyn FnMut(Progress),
) -> Result<Option<Expected>, DownloadError> {
    let mut backoff = options.backoff;
    let mut attempt = 1;
    loop {
        let failure = match client.attempt(part, progress) {
            Ok(expected) => return Ok(expected),
            Err(Stop::Final(error)) => return Err(error),
            Err(Stop::Retry(failure)) => failure,
        };
        if attempt >= options.attempts {
            let kept = part.origin().map_or(0, |_| part.len());
            return Err(failure.into_error(&request.url, attempt, kept));
        }
        attempt += 1;
        log::warn!("{}: {failure}; attempt {attempt} of {} follows", request.url, options.attempts);
        thread::sleep(failure.pause(backoff).min(LONGEST_PAUSE));
        backoff = backoff.saturating_mul(2);
    }
}

/// Whether `file` exists and hashes to what is expected; for [`Expected::FromServer`] that is what
/// the record beside it says.
fn is_cached(file: &Path, expected: &Expected) -> Result<bool, DownloadError> {
    if !file.is_file() {
        return Ok(false);
    }
    let expected = match expected {
        Expected::FromServer => match Expected::from_record(&beside(file, "sha256")) {
            Some(recorded) => recorded,
            None => return Ok(false),
        },
        known => known.clone(),
    };
    let found = sha256_of_file(file)?;
    if !expected.matches(&found) {
        log::warn!(
            "{} has the SHA-256 {found} instead of {expected} and is downloaded again",
            file.display()
        );
        return Ok(false);
    }
    Ok(true)
}

/// Takes the lock of a download, waiting for it if need be; it is held until the returned file is
/// closed. The file stays: to delete it would let two processes hold two locks of one name.
fn lock(path: &Path) -> Result<File, DownloadError> {
    let file = File::create(path).map_err(io_error("create", path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            log::warn!("waiting for another process that downloads the same file");
            file.lock().map_err(io_error("lock", path))?;
        }
        Err(TryLockError::Error(source)) => return Err(io_error("lock", path)(source)),
    }
    Ok(file)
}

/// `NAME.suffix` for a path that ends in `NAME`.
fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

/// Refuses names that would lead out of the cache folder.
fn plain_file_name(name: &str) -> Result<&str, DownloadError> {
    let plain = !name.is_empty()
        && !name.starts_with('.')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'));
    if plain { Ok(name) } else { Err(DownloadError::FileName { name: name.into() }) }
}
