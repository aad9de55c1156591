//! The browser's storage: a cache of downloaded files, and a file for activations in the private file system (OPFS).

use std::rc::Rc;

use js_sys::{ArrayBuffer, Uint8Array};
use tunelab_core::device::ComputeError;
use tunelab_engine::train::activation_cache::SpillStorage;
use tunelab_engine::train::data_loader::SpillSource;
use wasm_bindgen::JsValue;
use web_sys::{
    FileSystemGetFileOptions, FileSystemReadWriteOptions, FileSystemSyncAccessHandle, Response,
};

use super::browser::{BrowserError, call, global};

/// The name of the cache.
const DOWNLOADS: &str = "tunelab-models";
/// The name of the file for activations. There is only one, because there is one run at a time.
const ACTIVATIONS: &str = "activations";

/// Downloaded files, by their URL.
pub struct DownloadCache(JsValue);

impl DownloadCache {
    /// The cache, if the browser has one.
    pub async fn open() -> Option<Self> {
        call(&global(&["caches"]).ok()?, "open", &[DOWNLOADS.into()]).await.ok().map(Self)
    }

    /// A file, if it is in the cache.
    pub async fn find(&self, url: &str) -> Option<Vec<u8>> {
        let found: JsValue = call(&self.0, "match", &[url.into()]).await.ok()?;
        let buffer: ArrayBuffer = call(&found, "arrayBuffer", &[]).await.ok()?;
        Some(Uint8Array::new(&buffer).to_vec())
    }

    /// Stores a file. Without enough space it is downloaded again next time.
    pub async fn insert(&self, url: &str, bytes: &[u8]) {
        let Ok(response) = Response::new_with_opt_js_u8_array(Some(&Uint8Array::from(bytes)))
        else {
            return;
        };
        if let Err(error) = call::<JsValue>(&self.0, "put", &[url.into(), response.into()]).await {
            log::warn!("{url} could not be cached: {error:?}");
        }
    }

    /// Deletes a file.
    pub async fn remove(&self, url: &str) {
        let _ = call::<JsValue>(&self.0, "delete", &[url.into()]).await;
    }
}

/// Storage for cached activations; `None` if the browser offers none, as in a private window.
pub async fn activation_storage() -> Option<SpillSource> {
    match open_activations().await {
        Ok(handle) => {
            let file = Rc::new(ActivationFile(handle));
            Some(Box::new(move || Ok(Box::new(OpfsStorage(file.clone())) as Box<dyn SpillStorage>)))
        }
        Err(error) => {
            log::info!("activations are cached in memory only: {error:?}");
            None
        }
    }
}

async fn open_activations() -> Result<FileSystemSyncAccessHandle, BrowserError> {
    let storage = global(&["navigator", "storage"])?;
    let root: JsValue = call(&storage, "getDirectory", &[]).await?;
    let options = FileSystemGetFileOptions::new();
    options.set_create(true);
    let file: JsValue = call(&root, "getFileHandle", &[ACTIVATIONS.into(), options.into()]).await?;
    let handle: FileSystemSyncAccessHandle = call(&file, "createSyncAccessHandle", &[]).await?;
    handle.truncate_with_f64(0.0).map_err(|error| BrowserError::refused("truncate", &error))?;
    Ok(handle)
}

/// The open file. It is emptied and closed when it is dropped.
struct ActivationFile(FileSystemSyncAccessHandle);

impl Drop for ActivationFile {
    fn drop(&mut self) {
        if let Err(error) = self.0.truncate_with_f64(0.0) {
            log::warn!("the cached activations could not be deleted: {error:?}");
        }
        self.0.close();
    }
}

struct OpfsStorage(Rc<ActivationFile>);

impl SpillStorage for OpfsStorage {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<(), ComputeError> {
        let written = self.0.0.write_with_u8_array_and_options(bytes, &at(offset));
        check_length(written, bytes.len())
    }

    fn read_at(&mut self, offset: u64, bytes: &mut [u8]) -> Result<(), ComputeError> {
        let length = bytes.len();
        let read = self.0.0.read_with_u8_array_and_options(bytes, &at(offset));
        check_length(read, length)
    }
}

fn at(offset: u64) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at(offset as f64);
    options
}

fn check_length(transferred: Result<f64, JsValue>, expected: usize) -> Result<(), ComputeError> {
    match transferred {
        Ok(length) if length == expected as f64 => Ok(()),
        Ok(length) => Err(ComputeError::ShortTransfer {
            transferred: length as u64,
            expected: expected as u64,
        }),
        Err(error) => Err(ComputeError::Spill(format!("{error:?}"))),
    }
}
