//! Pictures from the page's files into the collection, and from there into a run.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};
use web_time::Instant;

use super::collection::{Collection, Described, Entry, Origin, Part, THUMBNAIL_SIDE};
use super::host::Host;
use super::models::{base_url, fetch};
use super::port::{Slices, post, post_with};
use super::protocol::{ClassId, Collection as Summary, PictureId, Removal, Reply};
use super::wire::buffer;
use crate::data::archive::read_archive;
use crate::data::cifar::{
    Cifar100Labels, CifarCollector, CifarData, is_archive, is_cifar, is_cifar_file, is_needed,
};
use crate::data::decode::decode;
use crate::data::file_kind::{FileKind, PROBE_BYTES};
use crate::data::folder::{
    FolderError, FolderPlan, ListedFile, PlannedPicture, is_clutter, needs_look, plan,
};
use crate::data::picture_file::{PictureFacts, read_picture_file};
use crate::data::sample::{FIRST_VALIDATION, Figure, TRAIN_PER_CLASS, VALIDATION_PER_CLASS, draw};
use crate::data::table::find::{is_table, only_table};
use crate::data::table::{DescribedPicture, Sheet, TablePlan};
use crate::data::task::{Target, Task, TaskKind};
use crate::data::{Notice, Picture, Preprocessing, RgbImage, Skipped};

/// Progress is told this often.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);
/// What the site's owner may have put beside the app, see `www/data/README.md`.
const SERVED: [&str; 2] = ["data/cifar10.bin", "data/cifar-10-binary.tar.gz"];

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
    host.replace_pictures(|pictures| {
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
    let (mut read, mut skipped, mut cut) = (Vec::new(), Vec::new(), Vec::new());
    for file in files.iter().filter_map(|file| file.dyn_ref::<File>()) {
        if stops() {
            break;
        }
        match read_picture(file, preprocessing).await {
            Ok((picture, facts)) => {
                if facts.is_cut {
                    cut.push(file.name());
                }
                read.push((file.clone(), picture));
            }
            Err(reason) => skipped.push(Skipped { name: file.name(), reason }),
        }
        progress.one_done().await;
    }
    let notices = Notice::cut_pictures(&cut).into_iter().collect();
    post(&Reply::Skipped { files: skipped, notices });
    read
}

/// Takes the files of a folder: see [`Command::AddFolder`](super::protocol::Command::AddFolder).
///
/// # Errors
/// A message for the user; the pictures are as they were then.
pub async fn add_folder(
    host: &Host,
    paths: Vec<String>,
    empty_folders: &[String],
    cifar100: Cifar100Labels,
    files: &[JsValue],
) -> Result<(), String> {
    let files: Vec<&File> = files.iter().filter_map(|file| file.dyn_ref()).collect();
    if is_cifar(&paths) {
        return add_cifar_files(host, &paths, &files, cifar100).await;
    }
    let listed = look_at(paths.clone(), &files).await;
    let planned = plan(&listed, empty_folders);
    let mut left_out = None;
    match find_table(&paths, &listed, &files).await {
        Ok(None) => {}
        Ok(Some(described)) => return add_described(host, described, &files).await,
        // Sorted into class folders, the pictures can do without the table.
        Err((name, reason)) if planned.is_ok() => left_out = Some(Skipped { name, reason }),
        Err((name, reason)) => return Err(format!("`{name}`: {reason}")),
    }
    let plan = match planned {
        Ok(plan) => plan,
        Err(FolderError::OneClass { class }) => {
            return add_one_class(host, &class, &listed, &files).await;
        }
        Err(FolderError::NoClasses { .. }) => {
            let class = folder_of_all(&listed).unwrap_or_default();
            return add_one_class(host, &class, &listed, &files).await;
        }
        Err(error) => return Err(error.to_string()),
    };
    let mut progress = Progress::of_import(plan.pictures().count());
    let (mut read, mut facts) = (BTreeMap::new(), BTreeMap::new());
    for &PlannedPicture { index, .. } in plan.pictures() {
        let Some(&file) = files.get(index) else { continue };
        let of_file = read_picture(file, &Preprocessing::default()).await;
        facts.insert(
            index,
            of_file.map(|(picture, facts)| {
                read.insert(index, picture);
                facts
            }),
        );
        progress.one_done().await;
    }
    let plan = plan.after_reading(&facts).map_err(|error| error.to_string())?;
    let FolderPlan { classes, train, validation, mut skipped, notices } = plan;
    if let Some(table) = left_out {
        skipped.retain(|file| file.name != table.name);
        skipped.push(table);
    }
    post(&Reply::Skipped { files: skipped, notices });
    host.replace_pictures(|pictures| {
        let classes: Vec<ClassId> = classes.iter().map(|name| pictures.add_class(name)).collect();
        let parts = [(Part::Train, train), (Part::Validation, validation.unwrap_or_default())];
        for (part, planned) in parts {
            for PlannedPicture { index, path, label } in planned {
                if let (Some(picture), Some(&file)) = (read.remove(&index), files.get(index)) {
                    let origin = Origin::File(file.clone());
                    pictures.add_picture(classes[label], path, part, origin, Some(picture));
                }
            }
        }
    });
    Ok(())
}

/// Finds out what the files are of which the names do not tell it.
async fn look_at(paths: Vec<String>, files: &[&File]) -> Vec<ListedFile> {
    let mut listed = Vec::with_capacity(paths.len());
    let mut slices = Slices::begin();
    for (path, file) in paths.into_iter().zip(files) {
        let kind = match needs_look(&path) {
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

/// Adds one more class, of the pictures among some files.
async fn add_one_class(
    host: &Host,
    name: &str,
    listed: &[ListedFile],
    files: &[&File],
) -> Result<(), String> {
    let wanted = listed.iter().zip(files).filter(|(file, _)| !is_clutter(&file.path));
    let chosen: Vec<JsValue> = wanted.map(|(_, &file)| file.into()).collect();
    let progress = Progress::of_import(chosen.len());
    let read = read_files(&chosen, &Preprocessing::default(), progress, || false).await;
    if read.is_empty() {
        return Err("none of the pictures could be read".into());
    }
    host.change_pictures(|pictures| {
        let class = pictures.add_class(name);
        for (file, picture) in read {
            let name = file.name();
            pictures.add_picture(class, name, Part::Train, Origin::File(file), Some(picture));
        }
    });
    Ok(())
}

/// The innermost folder that holds all of the files.
fn folder_of_all(listed: &[ListedFile]) -> Option<String> {
    let wanted = listed.iter().filter(|file| !is_clutter(&file.path));
    let mut folders = wanted.map(|file| file.path.rsplit_once('/').map(|(folder, _)| folder));
    let first = folders.next()??;
    folders
        .all(|folder| folder == Some(first))
        .then(|| first.rsplit('/').next().unwrap_or(first).to_string())
}

/// A table with the pictures that it describes.
struct TableOfPictures {
    name: String,
    plan: TablePlan,
}

/// Reads the table among the files of a folder, if there is one; else its name and why it cannot be used.
async fn find_table(
    paths: &[String],
    listed: &[ListedFile],
    files: &[&File],
) -> Result<Option<TableOfPictures>, (String, String)> {
    let first = paths.iter().find(|path| is_table(path)).cloned().unwrap_or_default();
    let found = only_table(paths).map_err(|error| (first, error.to_string()))?;
    let Some((index, file)) = found.and_then(|index| Some((index, files.get(index)?))) else {
        return Ok(None);
    };
    let name = paths[index].clone();
    let read = async {
        let sheet = Sheet::parse(&bytes_of(file).await?).map_err(|error| error.to_string())?;
        sheet.plan(listed, &name).map_err(|error| error.to_string())
    };
    match read.await {
        Ok(plan) => Ok(Some(TableOfPictures { name, plan })),
        Err(reason) => Err((name, reason)),
    }
}

/// Replaces all pictures by those that a table describes.
async fn add_described(
    host: &Host,
    described: TableOfPictures,
    files: &[&File],
) -> Result<(), String> {
    let TableOfPictures { name, plan } = described;
    let mut progress = Progress::of_import(plan.pictures().count());
    let (mut read, mut facts) = (BTreeMap::new(), BTreeMap::new());
    for &DescribedPicture { index, .. } in plan.pictures() {
        let Some(&file) = files.get(index) else { continue };
        let of_file = read_picture(file, &Preprocessing::default()).await;
        facts.insert(
            index,
            of_file.map(|(picture, facts)| {
                read.insert(index, picture);
                facts
            }),
        );
        progress.one_done().await;
    }
    let plan = plan.after_reading(&facts);
    let mut plan = plan.map_err(|error| format!("`{name}`: {error}"))?;
    plan.tell_of_unused();
    let TablePlan { tasks, train, validation, skipped, notices, .. } = plan;
    post(&Reply::Skipped { files: skipped, notices });
    let parts = [(Part::Train, train), (Part::Validation, validation.unwrap_or_default())];
    let mut described = Vec::new();
    for (part, pictures) in parts {
        for DescribedPicture { index, path, targets } in pictures {
            if let (Some(picture), Some(&file)) = (read.remove(&index), files.get(index)) {
                let (origin, picture) = (Origin::File(file.clone()), Some(Arc::new(picture)));
                described.push(Described { name: path, part, origin, targets, picture });
            }
        }
    }
    host.replace_pictures(|pictures| pictures.use_table(tasks, described));
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
            let data = match is_archive(path) {
                true => {
                    read_archive(bytes.as_slice()).map_err(|error| format!("{path}: {error}"))?
                }
                false => {
                    let mut collector = CifarCollector::default();
                    collector.add(path, &bytes).map_err(|error| error.to_string())?;
                    collector.finish().map_err(|error| error.to_string())?
                }
            };
            use_cifar(host, data, Cifar100Labels::default());
            return Ok(());
        }
    }
    Err("this site does not offer CIFAR-10; download cifar-10-binary.tar.gz and drop it here"
        .into())
}

async fn add_cifar_files(
    host: &Host,
    paths: &[String],
    files: &[&File],
    labels: Cifar100Labels,
) -> Result<(), String> {
    let mut progress = Progress::of_import(files.len());
    let mut collector = CifarCollector::default();
    let mut batches = 0;
    for (path, file) in paths.iter().zip(files).filter(|(path, _)| is_needed(path)) {
        let bytes = bytes_of(file).await.map_err(|reason| format!("`{path}`: {reason}"))?;
        collector.add(path, &bytes).map_err(|error| error.to_string())?;
        batches += usize::from(is_cifar_file(path));
        progress.one_done().await;
    }
    let archive = paths.iter().zip(files).find(|(path, _)| is_archive(path));
    let data = match archive {
        Some((path, file)) if batches == 0 => {
            let bytes = bytes_of(file).await.map_err(|reason| format!("`{path}`: {reason}"))?;
            read_archive(bytes.as_slice()).map_err(|error| format!("`{path}`: {error}"))?
        }
        _ => collector.finish().map_err(|error| error.to_string())?,
    };
    use_cifar(host, data, labels);
    Ok(())
}

/// Replaces all pictures by those of CIFAR-10 or CIFAR-100.
fn use_cifar(host: &Host, data: CifarData, labels: Cifar100Labels) {
    let tasks = data.tasks(labels);
    let parts = [(Part::Train, "train", data.train)]
        .into_iter()
        .chain(data.test.map(|test| (Part::Validation, "test", test)));
    let mut entries = Vec::new();
    for (part, batch, records) in parts {
        for (index, record) in records.into_iter().enumerate() {
            entries.push(Described {
                name: format!("{batch} #{index}"),
                part,
                targets: record.targets(labels),
                origin: Origin::Pixels(Arc::new(record.image)),
                picture: None,
            });
        }
    }
    host.replace_pictures(|pictures| match &tasks[..] {
        [Task { kind: TaskKind::Class { classes }, .. }] => {
            let ids: Vec<ClassId> = classes.iter().map(|name| pictures.add_class(name)).collect();
            for Described { name, part, origin, targets, .. } in entries {
                if let [Target::Class(label)] = targets[..]
                    && let Some(&class) = ids.get(label)
                {
                    pictures.add_picture(class, name, part, origin, None);
                }
            }
        }
        _ => pictures.use_table(tasks, entries),
    });
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

async fn read_picture(
    file: &File,
    preprocessing: &Preprocessing,
) -> Result<(Picture, PictureFacts), String> {
    let read = read_picture_file(&bytes_of(file).await?);
    let (image, facts) = read.map_err(|error| error.to_string())?;
    Ok((Picture::new(image, preprocessing, true), facts))
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
    /// Changes the pictures in a way that cannot be undone, and shows the page what they are now.
    pub fn change_pictures(&self, change: impl FnOnce(&mut Collection<File>)) {
        change(&mut self.pictures.borrow_mut());
        self.removed.borrow_mut().forget();
        self.show_pictures();
    }

    /// Puts others in the place of all pictures.
    fn replace_pictures(&self, fill: impl FnOnce(&mut Collection<File>)) {
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
