//! Reads the page's files: what they are, and the pictures in them.

use std::time::Duration;

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};
use web_time::Instant;

use super::port::{Slices, post};
use tunelab_core::data::file_kind::{FileKind, PROBE_BYTES};
use tunelab_core::data::image_file::ImageFileInfo;
use tunelab_core::data::listed_file::{ListedFile, needs_probe};
use tunelab_core::data::skipped::{SkipReason, SkippedFile};
use tunelab_core::data::warning::DataWarning;
use tunelab_core::protocol::Reply;
use tunelab_engine::data::cached_image::{CachedImage, LoadedImages, read_image_file};
use tunelab_engine::data::decode::decode;
use tunelab_engine::data::image::RgbImage;
use tunelab_engine::data::transform::Preprocessing;

/// Progress is told this often.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// The pixels of a picture file.
///
/// # Errors
/// Why it cannot be read, for the user.
pub async fn decode_file(file: &Blob) -> Result<RgbImage, String> {
    let bytes = bytes_of(file).await.map_err(|reason| reason.to_string())?;
    decode(&bytes).map_err(|error| error.to_string())
}

/// The bytes of a file.
///
/// # Errors
/// Why it cannot be read, for the user.
pub async fn bytes_of(file: &Blob) -> Result<Vec<u8>, SkipReason> {
    let read = JsFuture::from(file.array_buffer()).await;
    let bytes = read.map_err(|_| SkipReason::BrowserCannotRead)?;
    Ok(Uint8Array::new(bytes.unchecked_ref::<ArrayBuffer>()).to_vec())
}

pub async fn read_picture(
    file: &File,
    preprocessing: &Preprocessing,
) -> Result<(CachedImage, ImageFileInfo), SkipReason> {
    let (image, info) = read_image_file(&bytes_of(file).await?)?;
    Ok((CachedImage::new(image, preprocessing, true), info))
}

/// Finds out what the files are of which the names do not tell it.
pub async fn look_at(paths: Vec<String>, files: &[&File]) -> Vec<ListedFile> {
    let mut listed = Vec::with_capacity(paths.len());
    let mut slices = Slices::begin();
    for (path, file) in paths.into_iter().zip(files) {
        let kind = match needs_probe(&path) {
            true => kind_of(file).await,
            false => None,
        };
        listed.push(ListedFile { path, kind });
        slices.pause().await;
    }
    listed
}

/// What a file is by its first bytes; `None` where it cannot be read.
async fn kind_of(file: &File) -> Option<FileKind> {
    let start = file.slice_with_i32_and_i32(0, PROBE_BYTES as i32).ok()?;
    Some(FileKind::of(&bytes_of(&start).await.ok()?))
}

/// Those of some files that are pictures; the others are reported.
pub async fn read_files(
    files: &[JsValue],
    preprocessing: &Preprocessing,
    mut progress: Progress,
    stops: impl Fn() -> bool,
) -> Vec<(File, CachedImage)> {
    let (mut read, mut skipped, mut incomplete) = (Vec::new(), Vec::new(), Vec::new());
    for file in files.iter().filter_map(|file| file.dyn_ref::<File>()) {
        if stops() {
            break;
        }
        match read_picture(file, preprocessing).await {
            Ok((picture, info)) => {
                if info.is_incomplete {
                    incomplete.push(file.name());
                }
                read.push((file.clone(), picture));
            }
            Err(reason) => skipped.push(SkippedFile { name: file.name(), reason }),
        }
        progress.one_done().await;
    }
    let notices = DataWarning::incomplete_images(&incomplete).into_iter().collect();
    post(&Reply::Skipped { files: skipped, notices });
    read
}

/// Reads the files with these indices for an import.
pub async fn read_all(files: &[&File], indices: Vec<usize>) -> LoadedImages {
    let mut progress = Progress::of_import(indices.len());
    let mut read = LoadedImages::default();
    for index in indices {
        if let Some(file) = files.get(index) {
            read.insert(index, read_picture(file, &Preprocessing::default()).await);
        }
        progress.one_done().await;
    }
    read
}

/// Work on many pictures: tells how far it is, and lets other messages in.
pub struct Progress {
    reply: fn(usize, usize) -> Reply,
    slices: Slices,
    told: Instant,
    done: usize,
    total: usize,
}

impl Progress {
    pub fn begin(total: usize, reply: fn(usize, usize) -> Reply) -> Self {
        post(&reply(0, total));
        Self { reply, slices: Slices::begin(), told: Instant::now(), done: 0, total }
    }

    /// Of an import.
    pub fn of_import(total: usize) -> Self {
        Self::begin(total, |done, total| Reply::Importing { done, total })
    }

    pub async fn one_done(&mut self) {
        self.done += 1;
        if self.told.elapsed() > PROGRESS_EVERY {
            post(&(self.reply)(self.done, self.total));
            self.told = Instant::now();
        }
        self.slices.pause().await;
    }
}
