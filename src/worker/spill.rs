//! Kept activations that memory has no room for, in the browser's private file system (OPFS).

use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::{FileSystemGetFileOptions, FileSystemReadWriteOptions, FileSystemSyncAccessHandle};

use super::platform::{Denied, ask, global};
use tunelab_engine::error::ComputeError;
use tunelab_engine::train::activation_cache::SpillStorage;
use tunelab_engine::train::data_loader::SpillSource;

/// Bytes of activations that are kept in memory.
pub const MEMORY: u64 = 256 << 20;
/// The file; there is one, since there is one run at a time.
const FILE: &str = "activations";

/// The file, emptied and closed when nobody uses it any more.
struct Handle(FileSystemSyncAccessHandle);

impl Drop for Handle {
    fn drop(&mut self) {
        if let Err(error) = self.0.truncate_with_f64(0.0) {
            log::warn!("the kept activations could not be removed: {error:?}");
        }
        self.0.close();
    }
}

/// Space for kept activations; none where the browser gives none (a private window, for example).
pub async fn source() -> Option<SpillSource> {
    match open().await {
        Ok(handle) => {
            let handle = Rc::new(Handle(handle));
            Some(Box::new(move || Ok(Box::new(OpfsSpill(handle.clone())) as Box<dyn SpillStorage>)))
        }
        Err(error) => {
            log::info!("activations are kept in memory only: {error}");
            None
        }
    }
}

async fn open() -> Result<FileSystemSyncAccessHandle, Denied> {
    let storage = global(&["navigator", "storage"])?;
    let root: JsValue = ask(&storage, "getDirectory", &[]).await?;
    let options = FileSystemGetFileOptions::new();
    options.set_create(true);
    let file: JsValue = ask(&root, "getFileHandle", &[FILE.into(), options.into()]).await?;
    let handle: FileSystemSyncAccessHandle = ask(&file, "createSyncAccessHandle", &[]).await?;
    handle.truncate_with_f64(0.0).map_err(|error| Denied::refused("truncate", &error))?;
    Ok(handle)
}

struct OpfsSpill(Rc<Handle>);

impl SpillStorage for OpfsSpill {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<(), ComputeError> {
        let written = self.0.0.write_with_u8_array_and_options(bytes, &at(offset));
        complete(written, bytes.len())
    }

    fn read_at(&mut self, offset: u64, bytes: &mut [u8]) -> Result<(), ComputeError> {
        let length = bytes.len();
        let read = self.0.0.read_with_u8_array_and_options(bytes, &at(offset));
        complete(read, length)
    }
}

fn at(offset: u64) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at(offset as f64);
    options
}

fn complete(moved: Result<f64, JsValue>, wanted: usize) -> Result<(), ComputeError> {
    match moved {
        Ok(moved) if moved == wanted as f64 => Ok(()),
        Ok(moved) => Err(ComputeError::Spill(format!("{moved} of {wanted} bytes"))),
        Err(error) => Err(ComputeError::Spill(format!("{error:?}"))),
    }
}
