//! Downloads weights files into a cache folder.
//!
//! The size and the SHA-256 of every file are recorded in its [`Source`] and verified. Next to a file `NAME`, the
//! folder has `NAME.part`, the bytes received so far, and `NAME.lock`, which the downloading process locks. After
//! a network failure or Ctrl-C, the next download continues `NAME.part`.

mod error;

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use error::io_error;
pub use error::{DownloadError, Reason};
use indicatif::ProgressBar;
use sha2::{Digest as _, Sha256};
use ureq::http::{Response, StatusCode, header};
use ureq::{Agent, Body, Proxy};

use super::output::Output;
use tunelab_core::model::sources::Source;
use tunelab_l10n::Localize;

const ATTEMPTS: u32 = 5;
/// The pause after the first failed attempt; each further pause is twice as long.
const BACKOFF: Duration = Duration::from_millis(500);
/// The longest pause, even if the server asks for more.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// The longest time without a response.
const STALL_TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;
/// Connection failures that may be temporary.
const TRANSIENT: [io::ErrorKind; 6] = [
    io::ErrorKind::BrokenPipe,
    io::ErrorKind::ConnectionAborted,
    io::ErrorKind::ConnectionRefused,
    io::ErrorKind::ConnectionReset,
    io::ErrorKind::TimedOut,
    io::ErrorKind::UnexpectedEof,
];

/// Why one attempt failed.
enum Failure {
    /// Another attempt may succeed, after the pause that the server asks for.
    Transient(Reason, Duration),
    Permanent(DownloadError),
}

impl From<DownloadError> for Failure {
    fn from(error: DownloadError) -> Self {
        Self::Permanent(error)
    }
}

fn transient(reason: Reason) -> Failure {
    Failure::Transient(reason, Duration::ZERO)
}

/// Downloads into one cache folder.
pub struct Downloader {
    agent: Agent,
    cache: PathBuf,
    backoff: Duration,
    output: Output,
}

impl Downloader {
    /// A downloader into `$TUNELAB_CACHE`, or else `tunelab` in the user's cache folder, through the proxy of the
    /// environment.
    ///
    /// # Errors
    /// The system has no cache folder for the user.
    pub fn new(output: Output) -> Result<Self, DownloadError> {
        let cache = match std::env::var_os("TUNELAB_CACHE") {
            Some(folder) if !folder.is_empty() => PathBuf::from(folder),
            _ => dirs::cache_dir().ok_or(DownloadError::NoCacheDir)?.join("tunelab"),
        };
        Ok(Self { agent: agent(Proxy::try_from_env()), cache, backoff: BACKOFF, output })
    }

    /// The path of the file in the cache folder. Downloads it from `url` if necessary; if several processes need
    /// the same file, one downloads it and the others wait.
    ///
    /// # Errors
    /// See [`DownloadError`].
    pub fn fetch(
        &self,
        source: &Source,
        url: &str,
        bar: &ProgressBar,
    ) -> Result<PathBuf, DownloadError> {
        let cached = |suffix: &str| self.cache.join(format!("{}{suffix}", source.file_name));
        let path = cached("");
        if self.is_cached(&path, source, bar)? {
            return Ok(path);
        }
        fs::create_dir_all(&self.cache).map_err(io_error(&self.cache))?;
        let _lock = self.lock(&cached(".lock"), bar)?;
        // Another process may have downloaded it in the meantime.
        if self.is_cached(&path, source, bar)? {
            return Ok(path);
        }
        let part_path = cached(".part");
        let mut part = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&part_path)
            .map_err(io_error(&part_path))?;
        let received = part.seek(SeekFrom::End(0)).map_err(io_error(&part_path))?;
        let mut transfer =
            Transfer { downloader: self, source, url, bar, part, part_path, received };
        match transfer.run() {
            Ok(()) => {
                let Transfer { part, part_path, .. } = transfer;
                part.sync_all().map_err(io_error(&part_path))?;
                drop(part);
                fs::rename(&part_path, &path).map_err(io_error(&path))?;
                Ok(path)
            }
            Err(error) => {
                if transfer.received == 0 {
                    // An empty file does no harm.
                    let _ = fs::remove_file(&transfer.part_path);
                }
                Err(error)
            }
        }
    }

    /// Whether the file is in the cache and has the right checksum.
    fn is_cached(
        &self,
        path: &Path,
        source: &Source,
        bar: &ProgressBar,
    ) -> Result<bool, DownloadError> {
        let mut file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            opened => opened.map_err(io_error(path))?,
        };
        let found = sha256(&mut file).map_err(io_error(path))?;
        let is_valid = source.check_sha256(&found).is_ok();
        if !is_valid {
            let path = path.display().to_string();
            self.warn(bar, &self.output.texts.cli_download_damaged(&path));
        }
        Ok(is_valid)
    }

    /// Locks a file until the returned file is closed. It is not deleted: otherwise two processes could lock
    /// different files of the same name.
    fn lock(&self, path: &Path, bar: &ProgressBar) -> Result<File, DownloadError> {
        let file = File::create(path).map_err(io_error(path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                self.warn(bar, self.output.texts.cli_download_waiting());
                file.lock().map_err(io_error(path))?;
            }
            Err(TryLockError::Error(error)) => return Err(io_error(path)(error)),
        }
        Ok(file)
    }

    /// Prints a warning above the progress bar.
    fn warn(&self, bar: &ProgressBar, problem: &str) {
        bar.suspend(|| self.output.warn(problem));
    }
}

fn agent(proxy: Option<Proxy>) -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(5)
        .proxy(proxy)
        .timeout_resolve(Some(CONNECT_TIMEOUT))
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .timeout_recv_response(Some(STALL_TIMEOUT))
        .timeout_per_read(Some(STALL_TIMEOUT))
        .timeout_per_write(Some(STALL_TIMEOUT))
        .user_agent(concat!("tunelab/", env!("CARGO_PKG_VERSION")))
        // Sizes and ranges are those of the uncompressed file.
        .accept_encoding("identity")
        .build()
        .new_agent()
}

/// The download of one file.
struct Transfer<'a> {
    downloader: &'a Downloader,
    source: &'a Source,
    url: &'a str,
    bar: &'a ProgressBar,
    part: File,
    part_path: PathBuf,
    /// The size of the part in bytes.
    received: u64,
}

impl Transfer<'_> {
    /// Downloads and verifies the file, in several attempts if necessary.
    fn run(&mut self) -> Result<(), DownloadError> {
        let mut backoff = self.downloader.backoff;
        let mut attempt = 1;
        loop {
            let (reason, pause) = match self.attempt() {
                Ok(()) => return Ok(()),
                Err(Failure::Permanent(error)) => return Err(error),
                Err(Failure::Transient(reason, pause)) => (reason, pause),
            };
            if attempt == ATTEMPTS {
                let (url, received, size) = (self.url.into(), self.received, self.source.bytes);
                return Err(DownloadError::GaveUp { url, reason, received, size });
            }
            let texts = self.downloader.output.texts;
            let warning = texts.cli_download_retry(self.url, &reason.localize(texts));
            self.downloader.warn(self.bar, &warning);
            thread::sleep(pause.max(backoff).min(LONGEST_PAUSE));
            backoff *= 2;
            attempt += 1;
        }
    }

    fn attempt(&mut self) -> Result<(), Failure> {
        if self.received > self.source.bytes {
            self.restart()?;
        }
        let resumed = self.received > 0;
        if self.received < self.source.bytes {
            let response = self.request()?;
            self.receive(response)?;
        }
        let found = sha256(&mut self.part).map_err(io_error(&self.part_path))?;
        let Err(error) = self.source.check_sha256(&found) else { return Ok(()) };
        self.restart()?;
        if resumed {
            // The bytes of an earlier attempt may be the damaged ones.
            return Err(transient(Reason::DamagedPart));
        }
        Err(DownloadError::WrongChecksum { url: self.url.to_owned(), error }.into())
    }

    /// Requests the missing bytes, and checks that the response continues the part.
    fn request(&mut self) -> Result<Response<Body>, Failure> {
        let mut request = self
            .downloader
            .agent
            .get(self.url)
            .config()
            // Redirects must not drop the encryption.
            .https_only(self.url.starts_with("https://"))
            .build();
        if self.received > 0 {
            request = request.header(header::RANGE, format!("bytes={}-", self.received));
        }
        let response = request.call().map_err(|error| self.connection_failure(error))?;
        match response.status() {
            StatusCode::OK => {
                if let Some(size) = response.body().content_length()
                    && size != self.source.bytes
                {
                    return Err(self.wrong_size(Some(size)).into());
                }
                // The whole file, for example because the server does not support ranges.
                self.restart()?;
                Ok(response)
            }
            StatusCode::PARTIAL_CONTENT if self.is_next(&response) => Ok(response),
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                self.restart()?;
                Err(transient(Reason::OtherBytes))
            }
            status => Err(self.refusal(status, &response)),
        }
    }

    /// Whether a partial response begins where the part ends (RFC 9110, section 15.3.7).
    fn is_next(&self, response: &Response<Body>) -> bool {
        let range = response.headers().get(header::CONTENT_RANGE);
        range
            .and_then(|range| range.to_str().ok())
            .is_some_and(|range| range.starts_with(&format!("bytes {}-", self.received)))
    }

    /// Appends the body of a response to the part.
    fn receive(&mut self, response: Response<Body>) -> Result<(), Failure> {
        self.bar.set_position(self.received);
        self.bar.reset_eta();
        self.part.seek(SeekFrom::End(0)).map_err(io_error(&self.part_path))?;
        let mut body = response.into_body().into_reader();
        let mut buffer = vec![0; CHUNK];
        loop {
            let bytes = match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => buffer.get(..count).unwrap_or_default(),
                Err(error) => return Err(transient(self.reason(&error.into()))),
            };
            if self.received + bytes.len() as u64 > self.source.bytes {
                self.restart()?;
                return Err(self.wrong_size(None).into());
            }
            self.part.write_all(bytes).map_err(io_error(&self.part_path))?;
            self.received += bytes.len() as u64;
            self.bar.set_position(self.received);
        }
        if self.received < self.source.bytes {
            return Err(transient(Reason::EndedEarly));
        }
        Ok(())
    }

    /// Empties the part.
    fn restart(&mut self) -> Result<(), DownloadError> {
        self.part.set_len(0).map_err(io_error(&self.part_path))?;
        self.received = 0;
        Ok(())
    }

    fn wrong_size(&self, found: Option<u64>) -> DownloadError {
        DownloadError::WrongSize { url: self.url.into(), found, expected: self.source.bytes }
    }

    /// Why a connection failed.
    fn reason(&self, error: &ureq::Error) -> Reason {
        let problem = match error {
            ureq::Error::Timeout(_) => None,
            ureq::Error::Io(error) => Some(error.to_string()),
            error => Some(error.to_string()),
        };
        let proxy = self.downloader.agent.config().proxy();
        let proxy = proxy.map(|proxy| format!("{}:{}", proxy.host(), proxy.port()));
        Reason::Connection { problem, proxy }
    }

    /// A request without a response.
    fn connection_failure(&self, error: ureq::Error) -> Failure {
        let (url, reason) = (self.url.to_owned(), self.reason(&error));
        match error {
            ureq::Error::ConnectProxyFailed(_) => {
                DownloadError::ProxyRefused { url, reason }.into()
            }
            ureq::Error::Timeout(_) | ureq::Error::Protocol(_) => transient(reason),
            ureq::Error::Io(error) if TRANSIENT.contains(&error.kind()) => transient(reason),
            // No such host, no network, an invalid certificate: another attempt would fail too.
            _ => DownloadError::Unreachable { url, reason }.into(),
        }
    }

    /// A response without success.
    fn refusal(&self, status: StatusCode, response: &Response<Body>) -> Failure {
        if matches!(status.as_u16(), 408 | 425 | 429) || status.is_server_error() {
            let asked = response.headers().get(header::RETRY_AFTER);
            let seconds = asked.and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or(0);
            return Failure::Transient(Reason::Status(status), Duration::from_secs(seconds));
        }
        DownloadError::Status { url: self.url.to_owned(), status }.into()
    }
}

/// The SHA-256 of a file, in lower-case hex.
fn sha256(file: &mut File) -> io::Result<String> {
    let mut hash = Sha256::new();
    file.rewind()?;
    io::copy(file, &mut hash)?;
    Ok(format!("{:x}", hash.finalize()))
}

#[cfg(test)]
mod tests;
