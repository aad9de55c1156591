//! Kept activations that memory has no room for, in a file of the system's temporary folder.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use tunelab_core::device::ComputeError;
use tunelab_engine::train::activation_cache::SpillStorage;
use tunelab_engine::train::data_loader::SpillSource;

/// Bytes of activations that are kept in memory.
pub const MEMORY: u64 = 1 << 30;

/// Makes files for kept activations; each is deleted with what it was for.
pub fn source() -> SpillSource {
    Box::new(|| {
        SpillFile::create().map(|file| Box::new(file) as Box<dyn SpillStorage>).map_err(failed)
    })
}

struct SpillFile {
    file: File,
    path: PathBuf,
}

impl SpillFile {
    fn create() -> std::io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tunelab-{}-{number}.activations", std::process::id());
        let path = std::env::temp_dir().join(name);
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(&path)?;
        Ok(Self { file, path })
    }
}

impl SpillStorage for SpillFile {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<(), ComputeError> {
        self.file.seek(SeekFrom::Start(offset)).map_err(failed)?;
        self.file.write_all(bytes).map_err(failed)
    }

    fn read_at(&mut self, offset: u64, bytes: &mut [u8]) -> Result<(), ComputeError> {
        self.file.seek(SeekFrom::Start(offset)).map_err(failed)?;
        self.file.read_exact(bytes).map_err(failed)
    }
}

impl Drop for SpillFile {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            log::warn!("{} could not be deleted: {error}", self.path.display());
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn failed(error: std::io::Error) -> ComputeError {
    ComputeError::Spill(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spill_keeps_bytes_and_leaves_no_file() {
        let mut spill = SpillFile::create().unwrap();
        let path = spill.path.clone();
        spill.write_at(0, &[1, 2, 3, 4]).unwrap();
        spill.write_at(4, &[5, 6]).unwrap();
        let mut bytes = [0; 3];
        spill.read_at(3, &mut bytes).unwrap();
        assert_eq!(bytes, [4, 5, 6]);
        assert!(spill.read_at(5, &mut bytes).is_err());
        drop(spill);
        assert!(!path.exists());
    }
}
