//! Imports the files of a dropped or chosen folder: class folders, one more class, or images with a table.

use tunelab_core::data::cifar::{Cifar100Labels, is_cifar};
use tunelab_core::data::folder::{FolderError, FolderPlan, PlannedImage, plan};
use tunelab_core::data::listed_file::{ListedFile, is_system_file};
use tunelab_core::data::table::{self, LabelTable, LabeledImage, TablePlan, is_table};
use tunelab_core::data::warning::DataWarning;
use tunelab_core::protocol::{ClassId, Reply, WorkerError};
use tunelab_engine::data::collection::{DataSplit, ImageSource, LabeledFile};
use tunelab_engine::data::transform::Preprocessing;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use super::datasets::import_cifar;
use super::files::{Progress, load_images, load_indexed, probe, read_bytes};
use super::images::{Images, add_files};
use super::messages::post;

/// Imports the files of a folder ([`AddFolder`](tunelab_core::protocol::Command::AddFolder)).
///
/// # Errors
/// They cannot be used. The images are unchanged then.
pub async fn import_folder(
    images: &Images,
    paths: Vec<String>,
    empty_folders: &[String],
    cifar100: Cifar100Labels,
    files: &[JsValue],
) -> Result<(), WorkerError> {
    let files: Vec<&File> = files.iter().filter_map(|file| file.dyn_ref()).collect();
    if is_cifar(&paths) {
        return import_cifar(images, &paths, &files, cifar100).await;
    }
    let listed = probe(paths.clone(), &files).await;
    let planned = plan(&listed, empty_folders);
    let mut unused_table = None;
    match find_table(&paths, &listed, &files).await {
        Ok(None) => {}
        Ok(Some(table)) => return import_table(images, table, &files).await,
        // Class folders can be used without the table.
        Err(WorkerError::Table { file, error }) if planned.is_ok() => {
            unused_table = Some(DataWarning::UnusedTable { file, error: error.into() });
        }
        Err(error) => return Err(error),
    }
    match planned {
        Ok(plan) => import_classes(images, plan, unused_table, &files).await,
        Err(FolderError::OneClass { class }) => {
            import_one_class(images, &class, &listed, &files).await
        }
        Err(FolderError::NoClasses { .. }) => {
            let class = common_folder(&listed).unwrap_or_default();
            import_one_class(images, &class, &listed, &files).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Replaces all images by those of class folders.
async fn import_classes(
    images: &Images,
    plan: FolderPlan,
    unused_table: Option<DataWarning>,
    files: &[&File],
) -> Result<(), WorkerError> {
    let indices = plan.images().map(|image| image.index).collect();
    let mut loaded = load_indexed(files, indices).await;
    let FolderPlan { classes, train, validation, mut skipped, mut warnings } =
        plan.after_reading(&loaded.results)?;
    if let Some(DataWarning::UnusedTable { file, .. }) = &unused_table {
        skipped.retain(|skipped| skipped.name != *file);
    }
    warnings.extend(unused_table);
    post(&Reply::ImportReport { skipped, warnings });
    images.replace(|collection| {
        let classes: Vec<ClassId> = classes.iter().map(|name| collection.add_class(name)).collect();
        for (split, planned) in splits(train, validation) {
            for PlannedImage { index, path, label } in planned {
                if let (Some(image), Some(&file), Some(&class)) =
                    (loaded.take(index), files.get(index), classes.get(label))
                {
                    let source = ImageSource::File(file.clone());
                    collection.add_image(class, path, split, source, Some(image));
                }
            }
        }
    });
    Ok(())
}

/// Adds one more class, of the images among the files.
async fn import_one_class(
    images: &Images,
    name: &str,
    listed: &[ListedFile],
    files: &[&File],
) -> Result<(), WorkerError> {
    let chosen = listed.iter().zip(files).filter(|(file, _)| !is_system_file(&file.path));
    let chosen: Vec<JsValue> = chosen.map(|(_, &file)| file.into()).collect();
    let progress = Progress::of_import(chosen.len());
    let loaded = load_images(&chosen, &Preprocessing::default(), progress, || false).await;
    if loaded.is_empty() {
        return Err(WorkerError::NoReadableImages);
    }
    images.change(|collection| {
        let class = collection.add_class(name);
        add_files(collection, class, loaded);
    });
    Ok(())
}

/// The name of the innermost folder that contains all files.
fn common_folder(listed: &[ListedFile]) -> Option<String> {
    let relevant = listed.iter().filter(|file| !is_system_file(&file.path));
    let mut folders = relevant.map(|file| file.path.rsplit_once('/').map(|(folder, _)| folder));
    let first = folders.next()??;
    folders
        .all(|folder| folder == Some(first))
        .then(|| first.rsplit('/').next().unwrap_or(first).to_owned())
}

/// A table, and the images that it describes.
struct FoundTable {
    file: String,
    plan: TablePlan,
}

/// Reads the table among the files, if there is one.
async fn find_table(
    paths: &[String],
    listed: &[ListedFile],
    files: &[&File],
) -> Result<Option<FoundTable>, WorkerError> {
    let found = table::find_table(paths).map_err(|error| {
        let file = paths.iter().find(|path| is_table(path)).cloned().unwrap_or_default();
        WorkerError::Table { file, error }
    })?;
    let Some((path, file)) = found.and_then(|index| paths.get(index).zip(files.get(index))) else {
        return Ok(None);
    };
    let name = || path.clone();
    let bytes = read_bytes(file).await;
    let bytes = bytes.map_err(|reason| WorkerError::File { file: name(), reason })?;
    let plan = LabelTable::parse(&bytes).and_then(|table| table.plan(listed, path));
    match plan {
        Ok(plan) => Ok(Some(FoundTable { file: name(), plan })),
        Err(error) => Err(WorkerError::Table { file: name(), error }),
    }
}

/// Replaces all images by those that a table describes.
async fn import_table(
    images: &Images,
    FoundTable { file, plan }: FoundTable,
    files: &[&File],
) -> Result<(), WorkerError> {
    let indices = plan.images().map(|image| image.index).collect();
    let mut loaded = load_indexed(files, indices).await;
    let mut plan =
        plan.after_reading(&loaded.results).map_err(|error| WorkerError::Table { file, error })?;
    plan.report_unused();
    let TablePlan { tasks, train, validation, skipped, warnings, .. } = plan;
    post(&Reply::ImportReport { skipped, warnings });
    let mut labeled = Vec::new();
    for (split, planned) in splits(train, validation) {
        for LabeledImage { index, path, targets } in planned {
            if let (Some(image), Some(&file)) = (loaded.take(index), files.get(index)) {
                let (source, cached) = (ImageSource::File(file.clone()), Some(image));
                labeled.push(LabeledFile { name: path, split, source, targets, cached });
            }
        }
    }
    images.replace(|collection| collection.use_table(tasks, labeled));
    Ok(())
}

fn splits<T>(train: Vec<T>, validation: Option<Vec<T>>) -> [(DataSplit, Vec<T>); 2] {
    [(DataSplit::Train, train), (DataSplit::Validation, validation.unwrap_or_default())]
}
