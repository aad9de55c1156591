//! A cache folder to download into, and what to expect there.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tunelab::cli::download::{Download, DownloadError, Expected, Options, Progress, download};

use tunelab::server::{Seen, Server};

pub const NAME: &str = "weights.bin";

/// 100 bytes, no two neighbouring ranges alike.
pub fn content() -> Vec<u8> {
    (0..100u32).map(|i| (i * i % 251) as u8).collect()
}

pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn known(bytes: &[u8]) -> Expected {
    Expected::Sha256(sha256(bytes))
}

/// A cache folder and how to download into it.
pub struct Cache {
    pub folder: TempDir,
    pub options: Options,
    pub reports: Vec<Progress>,
}

impl Cache {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            options: Options {
                connect_timeout: Duration::from_secs(2),
                stall_timeout: Duration::from_secs(1),
                attempts: 3,
                backoff: Duration::from_millis(5),
            },
            reports: Vec::new(),
        }
    }

    pub fn with_attempts(attempts: u32) -> Self {
        let mut cache = Self::new();
        cache.options.attempts = attempts;
        cache
    }

    pub fn fetch(&mut self, url: &str, expected: Expected) -> Result<PathBuf, DownloadError> {
        let request =
            Download { url: url.to_owned(), file_name: NAME.to_owned(), expected, max_bytes: 1000 };
        let reports = &mut self.reports;
        reports.clear();
        download(&request, self.folder.path(), &self.options, &mut |report| {
            reports.push(report);
        })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.path(name)).ok()
    }

    /// The names in the folder, but for the lock's.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "weights.bin.lock")
            .collect();
        names.sort();
        names
    }

    /// Asserts that the verified file is there, and nothing of a download left.
    pub fn assert_complete(&self, content: &[u8]) {
        assert_eq!(self.read(NAME).as_deref(), Some(content));
        assert_eq!(self.names(), [NAME, "weights.bin.sha256"]);
    }

    /// Asserts that nothing is there: neither the file nor a part of it.
    pub fn assert_empty(&self) {
        assert_eq!(self.names(), [""; 0]);
    }
}

pub fn ranges(server: &Server) -> Vec<Option<String>> {
    let range = |seen: &Seen| seen.header("range").map(str::to_owned);
    server.seen().iter().map(range).collect()
}
