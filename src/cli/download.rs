//! Downloads of weights files into a cache folder.
//!
//! The size and the SHA-256 of every file are known beforehand ([`Source`]), so nothing that a server
//! sends is trusted until it is verified. Beside a file `NAME`, the folder holds `NAME.part`, the bytes
//! received so far, and `NAME.lock`, which the downloading process locks. A failing network or Ctrl-C
//! leaves `NAME.part`, where the next download continues.

mod error;

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

pub use error::DownloadError;
use error::io_error;
use indicatif::ProgressBar;
use sha2::{Digest as _, Sha256};
use ureq::http::{Response, StatusCode, header};
use ureq::{Agent, Body, Proxy};

use tunelab_core::model::sources::Source;

const ATTEMPTS: u32 = 5;
/// The pause after the first failed attempt; each further pause is twice as long.
const BACKOFF: Duration = Duration::from_millis(500);
/// The longest pause, also where a server asks for more.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a server may send nothing.
const STALL_TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;
/// Failures of a connection that may be over in a moment.
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
    Transient(String, Duration),
    Permanent(DownloadError),
}

impl From<DownloadError> for Failure {
    fn from(error: DownloadError) -> Self {
        Self::Permanent(error)
    }
}

fn transient(reason: impl Into<String>) -> Failure {
    Failure::Transient(reason.into(), Duration::ZERO)
}

/// Downloads into one cache folder.
pub struct Downloader {
    agent: Agent,
    cache: PathBuf,
    backoff: Duration,
}

impl Downloader {
    /// A downloader into `$TUNELAB_CACHE`, or else `tunelab` in the user's cache folder, through the
    /// proxy that the environment names.
    ///
    /// # Errors
    /// The system names no cache folder for the user.
    pub fn new() -> Result<Self, DownloadError> {
        let cache = match std::env::var_os("TUNELAB_CACHE") {
            Some(folder) if !folder.is_empty() => PathBuf::from(folder),
            _ => dirs::cache_dir().ok_or(DownloadError::NoCacheDir)?.join("tunelab"),
        };
        Ok(Self { agent: agent(Proxy::try_from_env()), cache, backoff: BACKOFF })
    }

    /// The path of the source's file in the cache folder, after downloading it from `url` unless it is
    /// there already. Of two processes that want the same file, one downloads and the other waits.
    ///
    /// # Errors
    /// See [`DownloadError`].
    pub fn fetch(
        &self,
        source: &Source,
        url: &str,
        bar: &ProgressBar,
    ) -> Result<PathBuf, DownloadError> {
        let beside = |suffix: &str| self.cache.join(format!("{}{suffix}", source.file_name));
        let path = beside("");
        if is_cached(&path, source, bar)? {
            return Ok(path);
        }
        fs::create_dir_all(&self.cache).map_err(io_error("create", &self.cache))?;
        let _lock = lock(&beside(".lock"), bar)?;
        // Another process may have downloaded it while this one waited.
        if is_cached(&path, source, bar)? {
            return Ok(path);
        }
        let part_path = beside(".part");
        let mut part = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&part_path)
            .map_err(io_error("open", &part_path))?;
        let received = part.seek(SeekFrom::End(0)).map_err(io_error("read", &part_path))?;
        let mut transfer =
            Transfer { downloader: self, source, url, bar, part, part_path, received };
        match transfer.run() {
            Ok(()) => {
                let Transfer { part, part_path, .. } = transfer;
                part.sync_all().map_err(io_error("write", &part_path))?;
                drop(part);
                fs::rename(&part_path, &path).map_err(io_error("write", &path))?;
                Ok(path)
            }
            Err(error) => {
                if transfer.received == 0 {
                    // If it stays, it does no harm.
                    let _ = fs::remove_file(&transfer.part_path);
                }
                Err(error)
            }
        }
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
        // Sizes and ranges are those of the file itself.
        .accept_encoding("identity")
        .build()
        .new_agent()
}

/// One file on its way.
struct Transfer<'a> {
    downloader: &'a Downloader,
    source: &'a Source,
    url: &'a str,
    bar: &'a ProgressBar,
    part: File,
    part_path: PathBuf,
    /// Bytes in the part.
    received: u64,
}

impl Transfer<'_> {
    /// Receives and verifies the whole file, in several attempts if need be.
    fn run(&mut self) -> Result<(), DownloadError> {
        let mut backoff = self.downloader.backoff;
        let mut attempt = 1;
        loop {
            let (reason, pause) = match self.attempt() {
                Ok(()) => return Ok(()),
                Err(Failure::Permanent(error)) => return Err(error),
                Err(Failure::Transient(reason, pause)) => (reason, pause),
            };
            let url = self.url.to_owned();
            if attempt == ATTEMPTS {
                let (kept, size) = (self.received, self.source.bytes);
                return Err(DownloadError::GaveUp { url, reason, kept, size });
            }
            self.bar.suspend(|| log::warn!("downloading {url} failed ({reason}); trying again"));
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
        let found = sha256(&mut self.part).map_err(io_error("read", &self.part_path))?;
        let Err(error) = self.source.check_sha256(&found) else { return Ok(()) };
        self.restart()?;
        if resumed {
            // The bytes of an earlier attempt may be the damaged ones.
            return Err(transient("the resumed file is damaged"));
        }
        Err(DownloadError::WrongChecksum { url: self.url.to_owned(), error }.into())
    }

    /// Asks for the bytes that are missing, and checks that the answer continues the part.
    fn request(&mut self) -> Result<Response<Body>, Failure> {
        let mut request = self
            .downloader
            .agent
            .get(self.url)
            .config()
            // No redirect leaves the encryption.
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
                    return Err(self.wrong_size(size).into());
                }
                // It is the whole file, perhaps because the server knows no ranges.
                self.restart()?;
                Ok(response)
            }
            StatusCode::PARTIAL_CONTENT if self.is_next(&response) => Ok(response),
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                self.restart()?;
                Err(transient("the server sent other bytes than asked for"))
            }
            status => Err(self.refusal(status, &response)),
        }
    }

    /// Whether a partial answer begins where the part ends (RFC 9110, section 15.3.7).
    fn is_next(&self, response: &Response<Body>) -> bool {
        let range = response.headers().get(header::CONTENT_RANGE);
        range
            .and_then(|range| range.to_str().ok())
            .is_some_and(|range| range.starts_with(&format!("bytes {}-", self.received)))
    }

    /// Appends the body of an answer to the part.
    fn receive(&mut self, response: Response<Body>) -> Result<(), Failure> {
        self.bar.set_position(self.received);
        self.bar.reset_eta();
        self.part.seek(SeekFrom::End(0)).map_err(io_error("write", &self.part_path))?;
        let mut body = response.into_body().into_reader();
        let mut buffer = vec![0; CHUNK];
        loop {
            let bytes = match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => buffer.get(..count).unwrap_or_default(),
                Err(error) => return Err(transient(reason(&error.into()))),
            };
            if self.received + bytes.len() as u64 > self.source.bytes {
                self.restart()?;
                let found = format!("more than {}", self.source.bytes);
                return Err(self.wrong_size(found).into());
            }
            self.part.write_all(bytes).map_err(io_error("write", &self.part_path))?;
            self.received += bytes.len() as u64;
            self.bar.set_position(self.received);
        }
        if self.received < self.source.bytes {
            return Err(transient("the connection ended early"));
        }
        Ok(())
    }

    /// Forgets all bytes.
    fn restart(&mut self) -> Result<(), DownloadError> {
        self.part.set_len(0).map_err(io_error("empty", &self.part_path))?;
        self.received = 0;
        Ok(())
    }

    fn wrong_size(&self, found: impl ToString) -> DownloadError {
        let (url, expected) = (self.url.to_owned(), self.source.bytes);
        DownloadError::WrongSize { url, found: found.to_string(), expected }
    }

    /// A request without an answer.
    fn connection_failure(&self, error: ureq::Error) -> Failure {
        let url = self.url.to_owned();
        let mut reason = reason(&error);
        if let Some(proxy) = self.downloader.agent.config().proxy() {
            reason = format!("{reason}, through the proxy {}:{}", proxy.host(), proxy.port());
        }
        match error {
            ureq::Error::ConnectProxyFailed(_) => {
                DownloadError::ProxyRefused { url, reason }.into()
            }
            ureq::Error::Timeout(_) | ureq::Error::Protocol(_) => transient(reason),
            ureq::Error::Io(error) if TRANSIENT.contains(&error.kind()) => transient(reason),
            // No such host, no network, a bad certificate: the same in a second.
            _ => DownloadError::Unreachable { url, reason }.into(),
        }
    }

    /// An answer that is no success.
    fn refusal(&self, status: StatusCode, response: &Response<Body>) -> Failure {
        if matches!(status.as_u16(), 408 | 425 | 429) || status.is_server_error() {
            let asked = response.headers().get(header::RETRY_AFTER);
            let seconds = asked.and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or(0);
            let reason = format!("the server answered {status}");
            return Failure::Transient(reason, Duration::from_secs(seconds));
        }
        let meaning = match status.as_u16() {
            401 | 403 => ": the file is not public, or the network blocks it",
            404 | 410 => ": there is no such file any more",
            _ => "",
        };
        DownloadError::Status { url: self.url.to_owned(), status, meaning }.into()
    }
}

/// What went wrong with a connection.
fn reason(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Io(error) => error.to_string(),
        ureq::Error::Timeout(_) => "the server does not answer".to_owned(),
        error => error.to_string(),
    }
}

/// Whether the source's file is there, whole and undamaged.
fn is_cached(path: &Path, source: &Source, bar: &ProgressBar) -> Result<bool, DownloadError> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        opened => opened.map_err(io_error("open", path))?,
    };
    let found = sha256(&mut file).map_err(io_error("read", path))?;
    let is_whole = source.check_sha256(&found).is_ok();
    if !is_whole {
        bar.suspend(|| log::warn!("{} is damaged; downloading it again", path.display()));
    }
    Ok(is_whole)
}

/// The SHA-256 of a file's content, in lower-case hex.
fn sha256(file: &mut File) -> io::Result<String> {
    let mut hash = Sha256::new();
    file.rewind()?;
    io::copy(file, &mut hash)?;
    Ok(format!("{:x}", hash.finalize()))
}

/// Locks a file, waiting for other processes; it is locked until the returned file is closed. The file
/// itself stays: if it were deleted, two processes could each lock a file of that name.
fn lock(path: &Path, bar: &ProgressBar) -> Result<File, DownloadError> {
    let file = File::create(path).map_err(io_error("create", path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            bar.suspend(|| log::warn!("waiting for another process that downloads the same file"));
            file.lock().map_err(io_error("lock", path))?;
        }
        Err(TryLockError::Error(error)) => return Err(io_error("lock", path)(error)),
    }
    Ok(file)
}

#[cfg(test)]
mod tests;
