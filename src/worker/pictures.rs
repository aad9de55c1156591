//! Pictures from the page's files into the collection, and from there into a run.

use std::sync::Arc;
use std::time::Duration;

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};
use web_time::Instant;

use super::collection::{Collection, Entry, Origin, Part, THUMBNAIL_SIDE};
use super::host::Host;
use super::models::{base_url, fetch};
use super::port::{Slices, post, post_with};
use super::protocol::{ClassId, PictureId, Reply};
use super::wire::buffer;
use crate::data::archive::{CifarPart, read_archive};
use crate::data::cifar::{
    CifarRecord, default_class_names, is_cifar, is_cifar_file, parse_batch, parse_class_names,
};
use crate::data::decode::decode;
use crate::data::folder::{PlannedPicture, plan};
use crate::data::sample::{FIRST_VALIDATION, Figure, TRAIN_PER_CLASS, VALIDATION_PER_CLASS, draw};
use crate::data::table::LabelTable;
use crate::data::table::pictures::{Pairs, is_table, only_table};
use crate::data::{Dataset, Example, Picture, Preprocessing, RgbImage, Skipped};

/// Progress is told this often.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);
/// What the site's owner may have put beside the app, see `www/data/README.md`.
const SERVED: [&str; 2] = ["data/cifar10.bin", "data/cifar-10-binary.tar.gz"];
const CIFAR_TEST_BATCH: &str = "test_batch.bin";
const CIFAR_NAMES: &str = "batches.meta.txt";

/// Replaces all pictures by the built-in ones.
pub async fn use_sample(host: &Host) {
    let parts = [
        (Part::Train, "train", 0, TRAIN_PER_CLASS),
        (Part::Validation, "val", FIRST_VALIDATION, VALIDATION_PER_CLASS),
    ];
    let total = Figure::ALL.len() * (TRAIN_PER_CLASS + VALIDATION_PER_CLASS);
    let mut progress = Progress::of_import(total);
    let mut drawn = Vec::with_capacity(total);
    for figure in Figure::ALL {
        for (part, folder, first, count) in parts {
            for number in 0..count as u64 {
                let name = format!("{folder}/{}/{number}", figure.name());
                drawn.push((figure, part, name, draw(figure, first + number, 0)));
                progress.one_done().await;
            }
        }
    }
    host.change_pictures(|pictures| {
        pictures.clear();
        let classes = Figure::ALL.map(|figure| pictures.add_class(figure.name()));
        for (figure, part, name, image) in drawn {
            let origin = Origin::Pixels(Arc::new(image));
            pictures.add_picture(classes[figure as usize], name, part, origin, None);
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
            pictures.add_picture(class, name, Part::Train, Origin::File(file), Some(picture));
        }
    });
}

/// Reads picture files for a run, as far as it is not stopped; nothing need be known of them.
pub async fn read_unsorted(
    host: &Host,
    files: &[JsValue],
    preprocessing: &Preprocessing,
) -> Vec<(File, Picture)> {
    if files.is_empty() {
        return Vec::new();
    }
    let progress = Progress::begin(files.len(), |done, total| Reply::Preparing { done, total });
    read_files(files, preprocessing, progress, || host.is_run_stopping()).await
}

/// Those of some files that are pictures; the others are reported.
async fn read_files(
    files: &[JsValue],
    preprocessing: &Preprocessing,
    mut progress: Progress,
    stops: impl Fn() -> bool,
) -> Vec<(File, Picture)> {
    let (mut read, mut skipped) = (Vec::new(), Vec::new());
    for file in files.iter().filter_map(|file| file.dyn_ref::<File>()) {
        if stops() {
            break;
        }
        match read_picture(file, preprocessing).await {
            Ok(picture) => read.push((file.clone(), picture)),
            Err(reason) => skipped.push(Skipped { name: file.name(), reason }),
        }
        progress.one_done().await;
    }
    post(&Reply::Skipped { files: skipped, notices: Vec::new() });
    read
}

/// Replaces all pictures by those of a folder's files, or of CIFAR-10's.
///
/// # Errors
/// A message for the user; the pictures are as they were then.
pub async fn add_folder(host: &Host, paths: &[String], files: &[JsValue]) -> Result<(), String> {
    let files: Vec<&File> = files.iter().filter_map(|file| file.dyn_ref()).collect();
    if is_cifar(paths) {
        return add_cifar_files(host, paths, &files).await;
    }
    let mut left_out = None;
    match find_table(paths, &files).await {
        Ok(None) => {}
        Ok(Some(described)) => return add_described(host, described, &files, paths).await,
        // Sorted into class folders, the pictures can do without the table.
        Err((name, reason)) if plan(paths).is_ok() => left_out = Some(Skipped { name, reason }),
        Err((name, reason)) => return Err(format!("`{name}`: {reason}")),
    }
    let plan = plan(paths).map_err(|error| error.to_string())?;
    let validation = plan.validation.unwrap_or_default();
    let mut progress = Progress::of_import(plan.train.len() + validation.len());
    let (mut read, mut skipped) = (Vec::new(), plan.skipped);
    if let Some(table) = left_out {
        skipped.retain(|file| file.name != table.name);
        skipped.push(table);
    }
    let parts = [(Part::Train, plan.train), (Part::Validation, validation)];
    for (part, planned) in parts {
        for PlannedPicture { index, path, label } in planned {
            let Some(&file) = files.get(index) else { continue };
            match read_picture(file, &Preprocessing::default()).await {
                Ok(picture) => read.push((label, part, path, file.clone(), picture)),
                Err(reason) => skipped.push(Skipped { name: path, reason }),
            }
            progress.one_done().await;
        }
    }
    post(&Reply::Skipped { files: skipped, notices: Vec::new() });
    if read.is_empty() {
        return Err("none of the pictures in this folder could be read".into());
    }
    host.change_pictures(|pictures| {
        pictures.clear();
        let classes: Vec<ClassId> =
            plan.classes.iter().map(|name| pictures.add_class(name)).collect();
        for (label, part, path, file, picture) in read {
            pictures.add_picture(classes[label], path, part, Origin::File(file), Some(picture));
        }
    });
    Ok(())
}

/// A table with the pictures that it describes.
struct Described {
    name: String,
    table: LabelTable,
    pairs: Pairs,
}

/// Reads the table among the files of a folder, if there is one; else its name and why it cannot be used.
async fn find_table(
    paths: &[String],
    files: &[&File],
) -> Result<Option<Described>, (String, String)> {
    let first = paths.iter().find(|path| is_table(path)).cloned().unwrap_or_default();
    let found = only_table(paths).map_err(|error| (first, error.to_string()))?;
    let Some((index, file)) = found.and_then(|index| Some((index, files.get(index)?))) else {
        return Ok(None);
    };
    let name = paths[index].clone();
    let read = async {
        let table = LabelTable::parse(&bytes_of(file).await?).map_err(|error| error.to_string())?;
        let pairs = table.pair(paths).map_err(|error| error.to_string())?;
        Ok((table, pairs))
    };
    match read.await {
        Ok((table, pairs)) => Ok(Some(Described { name, table, pairs })),
        Err(reason) => Err((name, reason)),
    }
}

/// Replaces all pictures by those that a table describes.
async fn add_described(
    host: &Host,
    described: Described,
    files: &[&File],
    paths: &[String],
) -> Result<(), String> {
    let Described { name, table, pairs: Pairs { pictures, mut skipped } } = described;
    let mut progress = Progress::of_import(pictures.len());
    let (mut examples, mut origins) = (Vec::new(), Vec::new());
    for (index, row) in pictures {
        let (Some(&file), Some(row)) = (files.get(index), table.rows().get(row)) else { continue };
        let path = paths[index].clone();
        match read_picture(file, &Preprocessing::default()).await {
            Ok(picture) => {
                let (targets, picture) = (row.targets.clone(), Arc::new(picture));
                examples.push(Example { name: path, targets, picture });
                origins.push(Origin::File(file.clone()));
            }
            Err(reason) => skipped.push(Skipped { name: path, reason }),
        }
        progress.one_done().await;
    }
    post(&Reply::Skipped { files: skipped, notices: Vec::new() });
    let dataset = Dataset { tasks: table.tasks().to_vec(), examples, ..Dataset::default() };
    dataset.validate_for_training().map_err(|error| format!("`{name}`: {error}"))?;
    let examples = dataset.examples.into_iter().zip(origins).collect();
    host.change_pictures(|pictures| pictures.use_table(dataset.tasks, examples));
    Ok(())
}

/// CIFAR-10 from the site itself.
///
/// # Errors
/// A message for the user; the pictures are as they were then.
pub async fn fetch_cifar(host: &Host) -> Result<(), String> {
    for path in SERVED {
        let url = format!("{}{path}", base_url());
        let report = |received: u64, total: u64| {
            post(&Reply::Importing { done: received as usize, total: total as usize });
            true
        };
        if let Ok(bytes) = fetch(&url, None, report).await {
            return use_cifar(host, vec![(path.to_string(), bytes)]);
        }
    }
    Err("this site does not offer CIFAR-10; download cifar-10-binary.tar.gz and drop it here"
        .into())
}

async fn add_cifar_files(host: &Host, paths: &[String], files: &[&File]) -> Result<(), String> {
    let mut read = Vec::new();
    let mut progress = Progress::of_import(files.len());
    let is_needed = |path: &str| is_cifar_file(path) || path.ends_with(CIFAR_NAMES);
    for (path, file) in paths.iter().zip(files).filter(|(path, _)| is_needed(path)) {
        let bytes = bytes_of(file).await.map_err(|reason| format!("`{path}`: {reason}"))?;
        read.push((path.clone(), bytes));
        progress.one_done().await;
    }
    use_cifar(host, read)
}

/// Replaces all pictures by those of CIFAR-10 files: batches, a list of names, or the archive.
fn use_cifar(host: &Host, files: Vec<(String, Vec<u8>)>) -> Result<(), String> {
    let mut classes = default_class_names();
    let mut records: Vec<(Part, String, Vec<CifarRecord>)> = Vec::new();
    for (path, bytes) in files {
        let name = path.rsplit('/').next().unwrap_or(&path).to_string();
        let lower = name.to_ascii_lowercase();
        if lower.ends_with(".gz") || lower.ends_with(".tgz") {
            let archive = read_archive(bytes.as_slice(), CifarPart::Both)
                .map_err(|error| format!("`{name}`: {error}"))?;
            classes = archive.classes;
            records.push((Part::Train, "train".into(), archive.train));
            records.push((Part::Validation, "test".into(), archive.test));
        } else if lower.ends_with(".bin") {
            let batch = parse_batch(&bytes, &name).map_err(|error| error.to_string())?;
            let part = if name == CIFAR_TEST_BATCH { Part::Validation } else { Part::Train };
            records.push((part, name, batch));
        } else if name == CIFAR_NAMES {
            classes = parse_class_names(&bytes, &name).map_err(|error| error.to_string())?;
        }
    }
    if records.iter().all(|(part, ..)| *part == Part::Validation) {
        // A test batch alone is to be trained on.
        records.iter_mut().for_each(|(part, ..)| *part = Part::Train);
    }
    host.change_pictures(|pictures| {
        pictures.clear();
        let ids: Vec<ClassId> = classes.iter().map(|name| pictures.add_class(name)).collect();
        for (part, batch, records) in records {
            for (index, CifarRecord { label, image }) in records.into_iter().enumerate() {
                let origin = Origin::Pixels(Arc::new(image));
                pictures.add_picture(ids[label], format!("{batch} #{index}"), part, origin, None);
            }
        }
    });
    Ok(())
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
            Origin::File(file) => read_picture(&file, preprocessing).await,
            Origin::Pixels(image) => Ok(Picture::new((*image).clone(), preprocessing, true)),
        };
        match picture {
            Ok(picture) => host.pictures.borrow_mut().set_picture(id, picture),
            Err(reason) => skipped.push(Skipped { name, reason }),
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
    host.change_pictures(|pictures| pictures.remove_picture(picture));
}

/// The pixels of a picture file.
///
/// # Errors
/// Why it cannot be read, for the user.
pub async fn decode_file(file: &Blob) -> Result<RgbImage, String> {
    decode(&bytes_of(file).await?).map_err(|error| error.to_string())
}

/// The bytes of a file.
///
/// # Errors
/// Why it cannot be read, for the user.
pub async fn bytes_of(file: &Blob) -> Result<Vec<u8>, String> {
    let read = JsFuture::from(file.array_buffer()).await;
    let bytes = read.map_err(|_| "the browser could not read the file; choose it again")?;
    Ok(Uint8Array::new(bytes.unchecked_ref::<ArrayBuffer>()).to_vec())
}

async fn read_picture(file: &File, preprocessing: &Preprocessing) -> Result<Picture, String> {
    let image = decode_file(file).await?;
    Ok(Picture::new(image, preprocessing, true))
}

/// Work on many pictures: tells how far it is, and lets other messages in.
struct Progress {
    reply: fn(usize, usize) -> Reply,
    slices: Slices,
    told: Instant,
    done: usize,
    total: usize,
}

impl Progress {
    fn begin(total: usize, reply: fn(usize, usize) -> Reply) -> Self {
        post(&reply(0, total));
        Self { reply, slices: Slices::begin(), told: Instant::now(), done: 0, total }
    }

    /// Of an import.
    fn of_import(total: usize) -> Self {
        Self::begin(total, |done, total| Reply::Importing { done, total })
    }

    async fn one_done(&mut self) {
        self.done += 1;
        if self.told.elapsed() > PROGRESS_EVERY {
            post(&(self.reply)(self.done, self.total));
            self.told = Instant::now();
        }
        self.slices.pause().await;
    }
}

impl Host {
    /// Changes the pictures and shows the page what they are now.
    pub fn change_pictures(&self, change: impl FnOnce(&mut Collection<File>)) {
        change(&mut self.pictures.borrow_mut());
        post(&Reply::Collection(self.pictures.borrow().summary()));
    }
}
