//! Reads the files that the page attaches.

use std::time::Duration;

use js_sys::{ArrayBuffer, Uint8Array};
use tunelab_core::data::file_kind::{FileKind, PROBE_BYTES};
use tunelab_core::data::listed_file::{ListedFile, needs_probe};
use tunelab_core::data::skipped::{SkipReason, SkippedFile};
use tunelab_core::data::warning::DataWarning;
use tunelab_core::protocol::Reply;
use tunelab_engine::data::cached_image::{CachedImage, LoadedImages};
use tunelab_engine::data::transform::Preprocessing;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};
use web_time::Instant;

use super::decoding::ImageReader;
use super::messages::{TimeSlice, post};

/// The time between two reports of progress.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// The bytes of a file.
///
/// # Errors
/// The browser cannot read it.
pub async fn read_bytes(file: &Blob) -> Result<Vec<u8>, SkipReason> {
    let read = JsFuture::from(file.array_buffer()).await;
    let bytes = read.map_err(|_| SkipReason::BrowserCannotRead)?;
    Ok(Uint8Array::new(bytes.unchecked_ref::<ArrayBuffer>()).to_vec())
}

/// Reads those of the files that are images, until `is_cancelled`. Reports the others to the page.
pub async fn load_images(
    files: &[JsValue],
    preprocessing: &Preprocessing,
    mut progress: Progress,
    is_cancelled: impl Fn() -> bool,
) -> Vec<(File, CachedImage)> {
    let (mut images, mut skipped, mut incomplete) = (Vec::new(), Vec::new(), Vec::new());
    let files = files.iter().filter_map(|file| file.dyn_ref::<File>().cloned());
    let mut reader = ImageReader::new(files.take_while(|_| !is_cancelled()), preprocessing);
    while let Some((file, image)) = reader.next().await {
        match image {
            Ok((image, info)) => {
                if info.is_incomplete {
                    incomplete.push(file.name());
                }
                images.push((file, image));
            }
            Err(reason) => skipped.push(SkippedFile { name: file.name(), reason }),
        }
        progress.advance().await;
    }
    let warnings = DataWarning::incomplete_images(&incomplete).into_iter().collect();
    post(&Reply::ImportReport { skipped, warnings });
    images
}

/// Reads the files with these indices for an import.
pub async fn load_indexed(files: &[&File], indices: Vec<usize>) -> LoadedImages {
    let mut progress = Progress::of_import(indices.len());
    let mut images = LoadedImages::default();
    let indices: Vec<usize> = indices.into_iter().filter(|index| *index < files.len()).collect();
    let chosen = indices.iter().map(|&index| files[index].clone());
    let mut reader = ImageReader::new(chosen, &Preprocessing::default());
    for &index in &indices {
        let Some((_, image)) = reader.next().await else { break };
        images.insert(index, image);
        progress.advance().await;
    }
    images
}

/// Determines the kinds of the files whose names do not tell it.
pub async fn probe(paths: Vec<String>, files: &[&File]) -> Vec<ListedFile> {
    let mut listed = Vec::with_capacity(paths.len());
    let mut slice = TimeSlice::start();
    for (path, file) in paths.into_iter().zip(files) {
        let kind = if needs_probe(&path) { kind_of(file).await } else { None };
        listed.push(ListedFile { path, kind });
        slice.pause().await;
    }
    listed
}

/// The kind of a file by its first bytes; `None` if it cannot be read.
async fn kind_of(file: &File) -> Option<FileKind> {
    let start = file.slice_with_i32_and_i32(0, PROBE_BYTES as i32).ok()?;
    Some(FileKind::of(&read_bytes(&start).await.ok()?))
}

/// Reports the progress of work on many images, and lets other messages be handled.
pub struct Progress {
    reply: fn(usize, usize) -> Reply,
    slice: TimeSlice,
    reported: Instant,
    done: usize,
    total: usize,
}

impl Progress {
    /// Of an import.
    pub fn of_import(total: usize) -> Self {
        Self::start(total, |done, total| Reply::Importing { done, total })
    }

    /// Of the preprocessing for a run.
    pub fn of_preparation(total: usize) -> Self {
        Self::start(total, |done, total| Reply::Preparing { done, total })
    }

    fn start(total: usize, reply: fn(usize, usize) -> Reply) -> Self {
        post(&reply(0, total));
        Self { reply, slice: TimeSlice::start(), reported: Instant::now(), done: 0, total }
    }

    /// One more image is done.
    pub async fn advance(&mut self) {
        self.done += 1;
        if self.reported.elapsed() > PROGRESS_INTERVAL {
            post(&(self.reply)(self.done, self.total));
            self.reported = Instant::now();
        }
        self.slice.pause().await;
    }
}
