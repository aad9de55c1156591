//! The files in dropped or pasted items, including those in folders.

use js_sys::{Array, Promise};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};

/// A file with its path relative to the dropped items, separated by `/`.
pub type FileWithPath = (String, File);

/// The files of a drop or of a chosen folder.
#[derive(Default)]
pub struct FileSelection {
    pub files: Vec<FileWithPath>,
    pub empty_folders: Vec<String>,
    /// The number of files and folders that the browser could not read.
    pub unreadable: usize,
}

/// Dropped or pasted items. They have to be collected during the event, because the browser forgets them afterwards.
pub struct DroppedItems {
    entries: Vec<FileSystemEntry>,
    files: Vec<FileWithPath>,
}

impl DroppedItems {
    pub fn new(data: &DataTransfer) -> Self {
        let items = data.items();
        let (mut entries, mut files) = (Vec::new(), Vec::new());
        for item in (0..items.length()).filter_map(|index| items.get(index)) {
            if item.kind() != "file" {
                continue;
            }
            if let Ok(Some(entry)) = item.webkit_get_as_entry() {
                entries.push(entry);
            } else if let Ok(Some(file)) = item.get_as_file() {
                files.push((file.name(), file));
            }
        }
        Self { entries, files }
    }

    /// Lists all files, in order. `found` is set to the number of files found so far.
    pub async fn list_files(self, found: RwSignal<Option<usize>>) -> FileSelection {
        let mut selection = FileSelection { files: self.files, ..FileSelection::default() };
        let FileSelection { files, empty_folders, unreadable } = &mut selection;
        let mut open = self.entries;
        open.reverse();
        while let Some(entry) = open.pop() {
            // A checked cast needs the classes of entries, which not every browser has.
            let read = if entry.is_directory() {
                children(entry.unchecked_ref()).await.map(|mut children| {
                    if children.is_empty() {
                        empty_folders.push(path_of(&entry));
                    }
                    children.reverse();
                    open.append(&mut children);
                })
            } else {
                file_of(entry.unchecked_ref()).await.map(|file| {
                    files.push((path_of(&entry), file));
                })
            };
            if read.is_err() {
                *unreadable += 1;
            }
            if files.len().is_multiple_of(100) {
                found.set(Some(files.len()));
            }
        }
        selection
    }
}

/// The path relative to the dropped items.
fn path_of(entry: &FileSystemEntry) -> String {
    entry.full_path().trim_start_matches('/').to_string()
}

/// The entries in a folder.
async fn children(folder: &FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, JsValue> {
    let reader = folder.create_reader();
    let mut children = Vec::new();
    loop {
        // Each call returns some of them, and none after the last.
        let batch = wait_for(|resolve, reject| {
            reader.read_entries_with_callback_and_callback(resolve, reject)
        });
        let batch = Array::from(&batch.await?);
        if batch.length() == 0 {
            return Ok(children);
        }
        children.extend(batch.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}

async fn file_of(entry: &FileSystemFileEntry) -> Result<File, JsValue> {
    wait_for(|resolve, reject| {
        entry.file_with_callback_and_callback(resolve, reject);
        Ok(())
    })
    .await?
    .dyn_into()
}

/// Waits for the result of a browser interface with callbacks.
async fn wait_for(
    call: impl FnOnce(&js_sys::Function, &js_sys::Function) -> Result<(), JsValue>,
) -> Result<JsValue, JsValue> {
    let mut call = Some(call);
    let promise = Promise::new(&mut |resolve, reject| {
        if let Some(Err(error)) = call.take().map(|call| call(&resolve, &reject)) {
            // Rejecting a promise cannot fail.
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    });
    JsFuture::from(promise).await
}
