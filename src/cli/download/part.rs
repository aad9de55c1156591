//! The beginning of a file that is being downloaded, and what it is the beginning of.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::beside;
use super::checksum::sha256_of_file;
use super::error::{DownloadError, io_error};

/// Which version of which file the part belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Origin {
    /// The address asked for, before any redirect.
    pub url: String,
    /// The server's mark of this version: a strong `ETag`, else `Last-Modified`.
    pub validator: String,
    /// Bytes of the whole file.
    pub total: Option<u64>,
}

/// `NAME.part` with `NAME.part.json` beside it.
pub(super) struct Part {
    path: PathBuf,
    origin_path: PathBuf,
    file: File,
    len: u64,
    origin: Option<Origin>,
}

impl Part {
    /// Opens the part of `target`, empty unless an earlier one of the same `url` can be gone on with.
    pub fn open(target: &Path, url: &str) -> Result<Self, DownloadError> {
        let path = beside(target, "part");
        let origin_path = beside(&path, "json");
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(io_error("open", &path))?;
        let len = file.seek(SeekFrom::End(0)).map_err(io_error("read", &path))?;
        let origin = fs::read(&origin_path)
            .ok()
            .and_then(|text| serde_json::from_slice::<Origin>(&text).ok())
            .filter(|origin| origin.url == url && origin.total.is_none_or(|total| len < total));
        let mut part = Self { path, origin_path, file, len, origin };
        if part.origin.is_none() || part.len == 0 {
            part.restart()?;
        }
        Ok(part)
    }

    /// Bytes on disk.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// What the bytes on disk are the beginning of. `None` if there are none, or if they could not
    /// be told from those of another version of the file.
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref().filter(|_| self.len > 0)
    }

    /// Forgets all bytes.
    pub fn restart(&mut self) -> Result<(), DownloadError> {
        self.origin = None;
        remove_if_there(&self.origin_path)?;
        self.file
            .set_len(0)
            .and_then(|()| self.file.seek(SeekFrom::Start(0)))
            .map_err(io_error("empty", &self.path))?;
        self.len = 0;
        Ok(())
    }

    /// Forgets all bytes and remembers what the coming ones belong to.
    pub fn begin(&mut self, origin: Option<Origin>) -> Result<(), DownloadError> {
        self.restart()?;
        if let Some(origin) = &origin {
            serde_json::to_vec(origin)
                .map_err(io::Error::from)
                .and_then(|text| fs::write(&self.origin_path, text))
                .map_err(io_error("write", &self.origin_path))?;
        }
        self.origin = origin;
        Ok(())
    }

    pub fn append(&mut self, bytes: &[u8]) -> Result<(), DownloadError> {
        self.file.write_all(bytes).map_err(io_error("write", &self.path))?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    pub fn sha256(&self) -> Result<String, DownloadError> {
        sha256_of_file(&self.path)
    }

    /// Gives the complete file its name, in one step.
    pub fn publish(self, target: &Path) -> Result<(), DownloadError> {
        self.file.sync_all().map_err(io_error("write", &self.path))?;
        drop(self.file);
        fs::rename(&self.path, target).map_err(io_error("rename", &self.path))?;
        remove_if_there(&self.origin_path)
    }

    /// Deletes the part.
    pub fn discard(self) -> Result<(), DownloadError> {
        drop(self.file);
        remove_if_there(&self.path)?;
        remove_if_there(&self.origin_path)
    }
}

fn remove_if_there(path: &Path) -> Result<(), DownloadError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(io_error("delete", path)(error))
        }
        _ => Ok(()),
    }
}
