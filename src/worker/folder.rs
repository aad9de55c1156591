//! Pictures from the files of a dropped or chosen folder: class folders, one more class, a table.

use std::sync::Arc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use super::cifar::add_cifar_files;
use super::host::Host;
use super::picture_files::{Progress, bytes_of, look_at, read_all, read_files};
use super::port::post;
use tunelab_core::data::cifar::{Cifar100Labels, is_cifar};
use tunelab_core::data::folder::{FolderError, FolderPlan, PlannedImage, plan};
use tunelab_core::data::listed_file::{ListedFile, is_system_file};
use tunelab_core::data::skipped::SkipReason;
use tunelab_core::data::table::{self, LabelTable, LabelledImage, TableError, TablePlan, is_table};
use tunelab_core::data::warning::DataWarning;
use tunelab_core::protocol::{ClassId, Reply};
use tunelab_engine::data::collection::{Described, Origin, Part};
use tunelab_engine::data::transform::Preprocessing;

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
    let mut unused_table = None;
    match find_table(&paths, &listed, &files).await {
        Ok(None) => {}
        Ok(Some(described)) => return add_described(host, described, &files).await,
        // Sorted into class folders, the pictures can do without the table.
        Err(TableFailure::Unusable { file, error }) if planned.is_ok() => {
            unused_table = Some(DataWarning::UnusedTable { file, error: error.into() });
        }
        Err(failure) => return Err(failure.to_string()),
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
    let indices = plan.images().map(|image| image.index).collect();
    let mut read = read_all(&files, indices).await;
    let plan = plan.after_reading(&read.results).map_err(|error| error.to_string())?;
    let FolderPlan { classes, train, validation, mut skipped, mut warnings } = plan;
    if let Some(DataWarning::UnusedTable { file, .. }) = &unused_table {
        skipped.retain(|skipped| skipped.name != *file);
    }
    warnings.extend(unused_table);
    post(&Reply::Skipped { files: skipped, notices: warnings });
    host.replace_pictures(|pictures| {
        let classes: Vec<ClassId> = classes.iter().map(|name| pictures.add_class(name)).collect();
        let parts = [(Part::Train, train), (Part::Validation, validation.unwrap_or_default())];
        for (part, planned) in parts {
            for PlannedImage { index, path, label } in planned {
                if let (Some(picture), Some(&file)) = (read.take(index), files.get(index)) {
                    let origin = Origin::File(file.clone());
                    pictures.add_picture(classes[label], path, part, origin, Some(picture));
                }
            }
        }
    });
    Ok(())
}

/// Adds one more class, of the pictures among some files.
async fn add_one_class(
    host: &Host,
    name: &str,
    listed: &[ListedFile],
    files: &[&File],
) -> Result<(), String> {
    let wanted = listed.iter().zip(files).filter(|(file, _)| !is_system_file(&file.path));
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
            let (origin, picture) = (Origin::File(file), Some(Arc::new(picture)));
            pictures.add_picture(class, name, Part::Train, origin, picture);
        }
    });
    Ok(())
}

/// The innermost folder that holds all of the files.
fn folder_of_all(listed: &[ListedFile]) -> Option<String> {
    let wanted = listed.iter().filter(|file| !is_system_file(&file.path));
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

/// Why the table of a folder was not read.
enum TableFailure {
    Unreadable { file: String, reason: SkipReason },
    Unusable { file: String, error: TableError },
}

impl std::fmt::Display for TableFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable { file, reason } => write!(f, "{file}: {reason}"),
            Self::Unusable { file, error } => write!(f, "{file}: {error}"),
        }
    }
}

/// Reads the table among the files of a folder, if there is one.
async fn find_table(
    paths: &[String],
    listed: &[ListedFile],
    files: &[&File],
) -> Result<Option<TableOfPictures>, TableFailure> {
    let first = paths.iter().find(|path| is_table(path)).cloned().unwrap_or_default();
    let found =
        table::find_table(paths).map_err(|error| TableFailure::Unusable { file: first, error })?;
    let Some((index, file)) = found.and_then(|index| Some((index, files.get(index)?))) else {
        return Ok(None);
    };
    let name = paths[index].clone();
    let bytes = match bytes_of(file).await {
        Ok(bytes) => bytes,
        Err(reason) => return Err(TableFailure::Unreadable { file: name, reason }),
    };
    match LabelTable::parse(&bytes).and_then(|table| table.plan(listed, &name)) {
        Ok(plan) => Ok(Some(TableOfPictures { name, plan })),
        Err(error) => Err(TableFailure::Unusable { file: name, error }),
    }
}

/// Replaces all pictures by those that a table describes.
async fn add_described(
    host: &Host,
    described: TableOfPictures,
    files: &[&File],
) -> Result<(), String> {
    let TableOfPictures { name, plan } = described;
    let indices = plan.images().map(|image| image.index).collect();
    let mut read = read_all(files, indices).await;
    let plan = plan.after_reading(&read.results);
    let mut plan = plan.map_err(|error| format!("{name}: {error}"))?;
    plan.report_unused();
    let TablePlan { tasks, train, validation, skipped, warnings, .. } = plan;
    post(&Reply::Skipped { files: skipped, notices: warnings });
    let parts = [(Part::Train, train), (Part::Validation, validation.unwrap_or_default())];
    let mut described = Vec::new();
    for (part, pictures) in parts {
        for LabelledImage { index, path, targets } in pictures {
            if let (Some(picture), Some(&file)) = (read.take(index), files.get(index)) {
                let (origin, picture) = (Origin::File(file.clone()), Some(picture));
                described.push(Described { name: path, part, origin, targets, picture });
            }
        }
    }
    host.replace_pictures(|pictures| pictures.use_table(tasks, described));
    Ok(())
}
