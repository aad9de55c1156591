//! The images of the user: added, removed, restored, shown, and preprocessed for a run.

use std::cell::{Ref, RefCell};
use std::sync::Arc;

use tunelab_core::data::skipped::SkippedFile;
use tunelab_core::protocol::{ClassId, CollectionSummary, ImageId, Removal, Reply};
use tunelab_engine::data::cached_image::CachedImage;
use tunelab_engine::data::collection::{
    DataSplit, ImageCollection, ImageEntry, ImageSource, RemovalHistory, THUMBNAIL_SIDE,
};
use tunelab_engine::data::transform::Preprocessing;
use tunelab_wire::buffer;
use wasm_bindgen::JsValue;
use web_sys::File;

use super::decoding::ImageReader;
use super::files::{Progress, load_images};
use super::messages::{post, post_with};

/// All images, and the removals that can be undone. The page is notified of every change.
#[derive(Default)]
pub struct Images {
    collection: RefCell<ImageCollection<File>>,
    removed: RefCell<RemovalHistory<File>>,
}

impl Images {
    pub fn collection(&self) -> Ref<'_, ImageCollection<File>> {
        self.collection.borrow()
    }

    /// Makes a change that cannot be undone.
    pub fn change(&self, change: impl FnOnce(&mut ImageCollection<File>)) {
        change(&mut self.collection.borrow_mut());
        self.removed.borrow_mut().clear();
        self.post_summary();
    }

    /// Replaces all images. This can be undone if there were any.
    pub fn replace(&self, fill: impl FnOnce(&mut ImageCollection<File>)) {
        let refill = |collection: &mut ImageCollection<File>| {
            collection.clear();
            fill(collection);
        };
        let (is_empty, images) = {
            let collection = self.collection();
            (collection.is_empty(), collection.len())
        };
        if is_empty {
            self.change(refill);
        } else {
            self.remove(Removal::Replaced { images }, refill);
        }
    }

    /// Adds image files to a class.
    pub async fn add(&self, class: ClassId, files: &[JsValue]) {
        let progress = Progress::of_import(files.len());
        let images = load_images(files, &Preprocessing::default(), progress, || false).await;
        self.change(|collection| add_files(collection, class, images));
    }

    /// Removes an image.
    pub fn remove_image(&self, id: ImageId) {
        let name = self.collection().image(id).map(|entry| entry.name.clone());
        if let Some(name) = name {
            self.remove(Removal::Image { name }, |collection| collection.remove_image(id));
        }
    }

    /// Removes a class with its images.
    pub fn remove_class(&self, id: ClassId) {
        let removal = self
            .collection()
            .class(id)
            .map(|(name, images)| Removal::Class { name: name.to_owned(), images });
        if let Some(removal) = removal {
            self.remove(removal, |collection| collection.remove_class(id));
        }
    }

    /// Removes everything.
    pub fn remove_all(&self) {
        let images = self.collection().len();
        self.remove(Removal::All { images }, ImageCollection::clear);
    }

    /// Undoes the last removal.
    pub fn undo_removal(&self) {
        self.removed.borrow_mut().undo(&mut self.collection.borrow_mut());
        self.post_summary();
    }

    /// Makes a change that can be undone.
    fn remove(&self, removal: Removal, change: impl FnOnce(&mut ImageCollection<File>)) {
        self.removed.borrow_mut().push(removal, &self.collection.borrow());
        change(&mut self.collection.borrow_mut());
        self.post_summary();
    }

    fn post_summary(&self) {
        let removal = self.removed.borrow().last().cloned();
        post(&Reply::Collection(CollectionSummary { removal, ..self.collection().summary() }));
    }

    /// Sends thumbnails of some images of a class to the page.
    pub fn post_thumbnails(&self, class: ClassId, from: usize, count: usize) {
        let collection = self.collection();
        let shown = collection.images(class, from, count);
        let pixels: Vec<u8> = shown.iter().flat_map(|entry| entry.thumbnail()).collect();
        let captions = shown.into_iter().map(|entry| collection.caption(entry)).collect();
        let reply = Reply::Thumbnails { class, from, captions, side: THUMBNAIL_SIDE };
        post_with(&reply, &[buffer(&pixels)]);
    }

    /// Preprocesses every image for a run, until `is_cancelled`. Files that can no longer be read are reported and
    /// left out of the run.
    pub async fn prepare(&self, preprocessing: &Preprocessing, is_cancelled: impl Fn() -> bool) {
        let outdated: Vec<ImageEntry<File>> = {
            let collection = self.collection();
            collection.entries().filter(|entry| !entry.is_ready(preprocessing)).cloned().collect()
        };
        let mut progress = Progress::of_preparation(outdated.len());
        let mut skipped = Vec::new();
        let files = outdated.iter().filter_map(|entry| match &entry.source {
            ImageSource::File(file) => Some(file.clone()),
            ImageSource::Pixels(_) => None,
        });
        let mut reader = ImageReader::new(files, preprocessing);
        for ImageEntry { id, name, source, .. } in outdated.iter().cloned() {
            let image = match source {
                ImageSource::File(_) => {
                    let Some((_, image)) = reader.next().await else { break };
                    image.map(|(image, _)| image)
                }
                ImageSource::Pixels(image) => {
                    Ok(CachedImage::new((*image).clone(), preprocessing, true))
                }
            };
            match image {
                Ok(image) => self.collection.borrow_mut().set_cached(id, image),
                Err(reason) => skipped.push(SkippedFile { name, reason }),
            }
            progress.advance().await;
            if is_cancelled() {
                break;
            }
        }
        if !skipped.is_empty() {
            post(&Reply::ImportReport { skipped, warnings: Vec::new() });
        }
    }
}

/// Adds image files that were read to a class.
pub fn add_files(
    collection: &mut ImageCollection<File>,
    class: ClassId,
    images: Vec<(File, CachedImage)>,
) {
    for (file, image) in images {
        let name = file.name();
        let (source, cached) = (ImageSource::File(file), Some(Arc::new(image)));
        collection.add_image(class, name, DataSplit::Train, source, cached);
    }
}
