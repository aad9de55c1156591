//! Cached activations that do not fit in memory, in a temporary file.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use super::output::Output;
use tunelab_core::device::ComputeError;
use tunelab_engine::train::activation_cache::SpillStorage;
use tunelab_engine::train::data_loader::SpillSource;

/// The bytes of activations that are cached in memory.
pub const MEMORY: u64 = 1 << 30;

/// Creates temporary files for activations. Each is deleted when it is dropped.
pub fn source(output: Output) -> SpillSource {
    Box::new(move || {
        let file = SpillFile::create(output).map_err(failed)?;
        Ok(Box::new(file) as Box<dyn SpillStorage>)
    })
}

struct SpillFile {
    file: File,
    path: PathBuf,
    output: Output,
}

impl SpillFile {
    fn create(output: Output) -> std::io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tunelab-{}-{number}.activations", std::process::id());
        let path = std::env::temp_dir().join(name);
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(&path)?;
        Ok(Self { file, path, output })
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
            let (path, problem) = (self.path.display().to_string(), error.to_string());
            self.output.warn(&self.output.texts.cli_temporary_file(&path, &problem));
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn failed(error: std::io::Error) -> ComputeError {
    ComputeError::Spill(error.to_string())
}

#[cfg(test)]
mod tests {
    use tunelab_l10n::Texts;

    use super::*;

    #[test]
    fn a_spill_file_stores_bytes_and_is_deleted() {
        let output = Output { texts: Texts::ENGLISH, is_json: true };
        let mut spill = SpillFile::create(output).unwrap();
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
