//! Files of a drop, with those in dropped folders.

use js_sys::{Array, Promise};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};

/// A file and its path in what was dropped, separated by `/`.
pub type Found = (String, File);

/// What was found in a drop or in a chosen folder.
#[derive(Default)]
pub struct Contents {
    pub files: Vec<Found>,
    /// Folders without anything in them.
    pub empty_folders: Vec<String>,
    /// The number of files and folders that the browser could not read.
    pub unreadable: usize,
}

/// What lies in a drop. Made while the drop's event lasts: the browser forgets it afterwards.
pub struct Drop {
    entries: Vec<FileSystemEntry>,
    files: Vec<Found>,
}

impl Drop {
    /// Notes what was dropped or pasted.
    pub fn of(data: &DataTransfer) -> Self {
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

    /// All files, in order. `found` is told how many there are so far.
    pub async fn read(self, found: RwSignal<Option<usize>>) -> Contents {
        let mut contents = Contents { files: self.files, ..Contents::default() };
        let Contents { files, empty_folders, unreadable } = &mut contents;
        let mut open = self.entries;
        open.reverse();
        while let Some(entry) = open.pop() {
            // Not every browser has the classes of entries for a checked cast.
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
        contents
    }
}

/// A path in what was dropped.
fn path_of(entry: &FileSystemEntry) -> String {
    entry.full_path().trim_start_matches('/').to_string()
}

/// What lies in a folder.
async fn children(folder: &FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, JsValue> {
    let reader = folder.create_reader();
    let mut children = Vec::new();
    loop {
        // A call gives only some of them; none after the last.
        let some = asked(|take, fail| reader.read_entries_with_callback_and_callback(take, fail));
        let some = Array::from(&some.await?);
        if some.length() == 0 {
            return Ok(children);
        }
        children.extend(some.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}

async fn file_of(entry: &FileSystemFileEntry) -> Result<File, JsValue> {
    asked(|take, fail| {
        entry.file_with_callback_and_callback(take, fail);
        Ok(())
    })
    .await?
    .dyn_into()
}

/// Waits for what an interface with callbacks gives.
async fn asked(
    ask: impl FnOnce(&js_sys::Function, &js_sys::Function) -> Result<(), JsValue>,
) -> Result<JsValue, JsValue> {
    let mut ask = Some(ask);
    let promise = Promise::new(&mut |take, fail| {
        if let Some(Err(error)) = ask.take().map(|ask| ask(&take, &fail)) {
            // Nothing is there to be done where the promise itself refuses.
            let _ = fail.call1(&JsValue::UNDEFINED, &error);
        }
    });
    JsFuture::from(promise).await
}
