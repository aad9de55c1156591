//! The pictures in the collection: from the sample and from files, removed and brought back, shown, prepared
//! for a run.

use std::sync::Arc;

use wasm_bindgen::JsValue;
use web_sys::File;

use super::host::Host;
use super::picture_files::{Progress, read_files, read_picture};
use super::port::{post, post_with};
use tunelab_core::data::skipped::SkippedFile;
use tunelab_core::protocol::{ClassId, Collection as Summary, PictureId, Removal, Reply};
use tunelab_engine::data::cached_image::CachedImage;
use tunelab_engine::data::collection::{Collection, Entry, Origin, Part, THUMBNAIL_SIDE};
use tunelab_engine::data::sample::{
    FIRST_VALIDATION, SampleClass, TRAIN_PER_CLASS, VALIDATION_PER_CLASS, render,
};
use tunelab_engine::data::transform::Preprocessing;
use tunelab_wire::buffer;

/// Replaces all pictures by the built-in ones.
pub async fn use_sample(host: &Host) {
    let parts = [
        (Part::Train, "train", 0, TRAIN_PER_CLASS),
        (Part::Validation, "val", FIRST_VALIDATION, VALIDATION_PER_CLASS),
    ];
    let total = SampleClass::ALL.len() * (TRAIN_PER_CLASS + VALIDATION_PER_CLASS);
    let mut progress = Progress::of_import(total);
    let mut drawn = Vec::with_capacity(total);
    for class in SampleClass::ALL {
        for (part, folder, first, count) in parts {
            for number in 0..count as u64 {
                let name = format!("{folder}/{}/{number}", class.name());
                drawn.push((class, part, name, render(class, first + number, 0)));
                progress.one_done().await;
            }
        }
    }
    host.replace_pictures(|pictures| {
        let classes = SampleClass::ALL.map(|class| pictures.add_class(class.name()));
        for (class, part, name, image) in drawn {
            let origin = Origin::Pixels(Arc::new(image));
            pictures.add_picture(classes[class as usize], name, part, origin, None);
        }
    });
}

/// Adds picture files to a class.
pub async fn add_to_class(host: &Host, class: ClassId, files: &[JsValue]) {
    let progress = Progress::of_import(files.len());
    let read = read_files(files, &Preprocessing::default(), progress, || false).await;
    host.change_pictures(|pictures| {
        for (file, picture) in read {
            let name = file.name();
            let (origin, picture) = (Origin::File(file), Some(Arc::new(picture)));
            pictures.add_picture(class, name, Part::Train, origin, picture);
        }
    });
}

/// Reads picture files for a run, as far as it is not stopped; nothing need be known of them.
pub async fn read_unsorted(
    host: &Host,
    files: &[JsValue],
    preprocessing: &Preprocessing,
) -> Vec<(File, CachedImage)> {
    if files.is_empty() {
        return Vec::new();
    }
    let progress = Progress::begin(files.len(), |done, total| Reply::Preparing { done, total });
    read_files(files, preprocessing, progress, || host.is_run_stopping()).await
}

/// Shows some pictures of a class.
pub fn show(host: &Host, class: ClassId, from: usize, count: usize) {
    let pictures = host.pictures.borrow();
    let shown = pictures.pictures(class, from, count);
    let thumbnails: Vec<u8> = shown.iter().flat_map(|entry| entry.thumbnail()).collect();
    let captions = shown.into_iter().map(|entry| pictures.caption(entry)).collect();
    post_with(
        &Reply::Thumbnails { class, from, pictures: captions, side: THUMBNAIL_SIDE },
        &[buffer(&thumbnails)],
    );
}

/// Prepares every picture for a run. Files that cannot be read any more are left out and reported.
pub async fn prepare(host: &Host, preprocessing: &Preprocessing) {
    let unready: Vec<Entry<File>> = {
        let pictures = host.pictures.borrow();
        pictures.entries().filter(|entry| !entry.is_ready(preprocessing)).cloned().collect()
    };
    let mut progress =
        Progress::begin(unready.len(), |done, total| Reply::Preparing { done, total });
    let mut skipped = Vec::new();
    for Entry { id, name, origin, .. } in unready {
        let picture = match origin {
            Origin::File(file) => {
                read_picture(&file, preprocessing).await.map(|(picture, _)| picture)
            }
            Origin::Pixels(image) => Ok(CachedImage::new((*image).clone(), preprocessing, true)),
        };
        match picture {
            Ok(picture) => host.pictures.borrow_mut().set_picture(id, picture),
            Err(reason) => skipped.push(SkippedFile { name, reason }),
        }
        progress.one_done().await;
        if host.is_run_stopping() {
            break;
        }
    }
    if !skipped.is_empty() {
        post(&Reply::Skipped { files: skipped, notices: Vec::new() });
    }
}

/// Removes one picture.
pub fn remove(host: &Host, picture: PictureId) {
    let name = host.pictures.borrow().picture(picture).map(|entry| entry.name.clone());
    if let Some(name) = name {
        host.remove_pictures(Removal::Picture { name }, |all| all.remove_picture(picture));
    }
}

/// Removes a class with its pictures.
pub fn remove_class(host: &Host, class: ClassId) {
    let removal = host
        .pictures
        .borrow()
        .class(class)
        .map(|(name, pictures)| Removal::Class { name: name.to_owned(), pictures });
    if let Some(removal) = removal {
        host.remove_pictures(removal, |all| all.remove_class(class));
    }
}

/// Removes everything.
pub fn remove_all(host: &Host) {
    let pictures = host.pictures.borrow().len();
    host.remove_pictures(Removal::All { pictures }, Collection::clear);
}

/// Brings back what was removed last.
pub fn undo_removal(host: &Host) {
    host.removed.borrow_mut().undo(&mut host.pictures.borrow_mut());
    host.show_pictures();
}

impl Host {
    /// Changes the pictures in a way that cannot be undone, and shows the page what they are now.
    pub fn change_pictures(&self, change: impl FnOnce(&mut Collection<File>)) {
        change(&mut self.pictures.borrow_mut());
        self.removed.borrow_mut().forget();
        self.show_pictures();
    }

    /// Puts others in the place of all pictures.
    pub fn replace_pictures(&self, fill: impl FnOnce(&mut Collection<File>)) {
        let pictures = self.pictures.borrow().len();
        let refill = |all: &mut Collection<File>| {
            all.clear();
            fill(all);
        };
        let is_empty = self.pictures.borrow().is_empty();
        match is_empty {
            true => self.change_pictures(refill),
            false => self.remove_pictures(Removal::Replaced { pictures }, refill),
        }
    }

    /// Changes the pictures in a way that can be undone.
    fn remove_pictures(&self, removal: Removal, change: impl FnOnce(&mut Collection<File>)) {
        self.removed.borrow_mut().remember(removal, &self.pictures.borrow());
        change(&mut self.pictures.borrow_mut());
        self.show_pictures();
    }

    /// Shows the page what the pictures are.
    fn show_pictures(&self) {
        let removal = self.removed.borrow().last().cloned();
        let summary = Summary { removal, ..self.pictures.borrow().summary() };
        post(&Reply::Collection(summary));
    }
}
