//! From what `--data` says to datasets: an image folder, CIFAR-10 in its three forms, or the built-in
//! sample pictures.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::error::{CliError, read};
use super::output::Output;
use crate::data::archive::{CifarPart, read_archive};
use crate::data::cifar::{CifarRecord, default_class_names, parse_batch, parse_class_names};
use crate::data::decode::decode;
use crate::data::folder::{FolderPlan, PlannedPicture, is_picture, plan};
use crate::data::sample::{TRAIN_PER_CLASS, VALIDATION_PER_CLASS, sample_dataset};
use crate::data::split::stratified_split;
use crate::data::table::{LabelTable, Row};
use crate::data::task::{Target, Task};
use crate::data::{Dataset, Example, Picture, Preprocessing, Skipped};

/// The word that stands for the built-in pictures.
pub const SAMPLE: &str = "sample";
/// Share of the images that validates where none come with the data.
const VALIDATION_SHARE: f64 = 0.2;
/// Folders deeper than this are a mistake or a loop.
const DEEPEST: usize = 16;

/// Both parts of a dataset.
pub struct Parts {
    pub train: Dataset,
    /// There where the data bring one.
    pub validation: Option<Dataset>,
}

impl Parts {
    /// Training and validation data; where the data bring none for validation, a fifth of each class,
    /// drawn by `seed`.
    pub fn split(self, seed: u64) -> (Dataset, Dataset) {
        match self.validation {
            Some(validation) => (self.train, validation),
            None => {
                let split = stratified_split(&self.train.strata(), VALIDATION_SHARE, seed);
                let mut train = self.train.subset(&split.train);
                let validation = self.train.subset(&split.validation);
                train.skipped = self.train.skipped;
                train.notices = self.train.notices;
                (train, validation)
            }
        }
    }
}

/// Reads the data at `path`, prepared for `preprocessing`. Files that cannot be used are reported and
/// left out. `seed` draws the sample pictures.
pub fn load(
    path: &str,
    preprocessing: &Preprocessing,
    seed: u64,
    output: Output,
) -> Result<Parts, CliError> {
    if path == SAMPLE {
        let (train, validation) =
            sample_dataset(TRAIN_PER_CLASS, VALIDATION_PER_CLASS, seed, preprocessing);
        return Ok(Parts { train, validation: Some(validation) });
    }
    let path = Path::new(path);
    let metadata =
        fs::metadata(path).map_err(|error| CliError::Read { path: path.to_path_buf(), error })?;
    let parts = if metadata.is_dir() {
        match cifar_folder(path) {
            Some(folder) => load_cifar_folder(&folder, preprocessing)?,
            None => load_image_folder(path, preprocessing, output)?,
        }
    } else if has_extension(path, "csv") {
        load_table(path, preprocessing, output)?
    } else if has_extension(path, "bin") {
        let name = path.display().to_string();
        let records = parse_batch(&read(path)?, &name)?;
        let classes = class_names_beside(path)?;
        Parts { train: cifar_dataset(&classes, records, &name, preprocessing), validation: None }
    } else {
        load_archive(path, preprocessing)?
    };
    let datasets = [Some(&parts.train), parts.validation.as_ref()];
    for skipped in datasets.into_iter().flatten().flat_map(|dataset| &dataset.skipped) {
        output.skipped(&skipped.name, &skipped.reason);
    }
    for notice in datasets.into_iter().flatten().flat_map(|dataset| &dataset.notices) {
        output.notice(notice);
    }
    Ok(parts)
}

fn load_archive(path: &Path, preprocessing: &Preprocessing) -> Result<Parts, CliError> {
    let file =
        fs::File::open(path).map_err(|error| CliError::Read { path: path.to_path_buf(), error })?;
    let archive = read_archive(std::io::BufReader::new(file), CifarPart::Both)
        .map_err(|error| CliError::Archive { path: path.to_path_buf(), error })?;
    let dataset =
        |records, part: &str| cifar_dataset(&archive.classes, records, part, preprocessing);
    Ok(Parts {
        train: dataset(archive.train, "train"),
        validation: Some(dataset(archive.test, "test")),
    })
}

/// The folder with CIFAR-10 batches: this one, or `cifar-10-batches-bin` in it.
fn cifar_folder(path: &Path) -> Option<PathBuf> {
    [path.to_path_buf(), path.join("cifar-10-batches-bin")]
        .into_iter()
        .find(|folder| folder.join("data_batch_1.bin").is_file())
}

fn load_cifar_folder(folder: &Path, preprocessing: &Preprocessing) -> Result<Parts, CliError> {
    let batch = |name: String| -> Result<Option<Vec<CifarRecord>>, CliError> {
        let path = folder.join(&name);
        match path.is_file() {
            true => Ok(Some(parse_batch(&read(&path)?, &name)?)),
            false => Ok(None),
        }
    };
    let mut train = Vec::new();
    for number in 1..=5 {
        train.extend(batch(format!("data_batch_{number}.bin"))?.into_iter().flatten());
    }
    let test = batch("test_batch.bin".into())?;
    let classes = class_names_beside(&folder.join("data_batch_1.bin"))?;
    let dataset = |records, part| cifar_dataset(&classes, records, part, preprocessing);
    Ok(Parts { train: dataset(train, "train"), validation: test.map(|test| dataset(test, "test")) })
}

/// The names in `batches.meta.txt` beside a batch, or CIFAR-10's own.
fn class_names_beside(batch: &Path) -> Result<Vec<String>, CliError> {
    let names = batch.with_file_name("batches.meta.txt");
    match names.is_file() {
        true => Ok(parse_class_names(&read(&names)?, &names.display().to_string())?),
        false => Ok(default_class_names()),
    }
}

fn cifar_dataset(
    classes: &[String],
    records: Vec<CifarRecord>,
    part: &str,
    preprocessing: &Preprocessing,
) -> Dataset {
    let example = |(index, record): (usize, CifarRecord)| Example {
        name: format!("{part} #{index}"),
        targets: vec![Target::Class(record.label)],
        picture: Arc::new(Picture::new(record.image, preprocessing, true)),
    };
    let examples = records.into_iter().enumerate().map(example).collect();
    Dataset { examples, ..Dataset::of_classes(classes.to_vec()) }
}

fn load_image_folder(
    root: &Path,
    preprocessing: &Preprocessing,
    output: Output,
) -> Result<Parts, CliError> {
    let mut files = BTreeMap::new();
    list_files(root, "", 0, &mut files)?;
    let names: Vec<String> = files.keys().cloned().collect();
    let FolderPlan { classes, train, validation, skipped } =
        plan(&names).map_err(|error| CliError::Folder { path: root.to_path_buf(), error })?;

    let total = train.len() + validation.as_ref().map_or(0, Vec::len);
    let progress = output.bar(total as u64, "Reading pictures");
    let read_part = |planned: Vec<PlannedPicture>, keep_source: bool| {
        let pictures: Vec<Result<Example, Skipped>> = planned
            .into_par_iter()
            .map(|planned| {
                let PlannedPicture { path, label, .. } = planned;
                let file = files.get(&path).cloned().unwrap_or_default();
                let read = read_picture(path, &file, preprocessing, keep_source);
                progress.inc(1);
                read.map(|(name, picture)| Example::of_class(name, label, picture))
            })
            .collect();
        dataset_of(vec![Task::only(classes.clone())], pictures)
    };
    let mut train = read_part(train, true);
    let validation = validation.map(|planned| read_part(planned, false));
    progress.finish_and_clear();
    train.skipped.extend(skipped);
    Ok(Parts { train, validation })
}

/// All pictures below a folder, with their paths in it; whose class they are of does not matter.
pub fn load_unsorted(
    root: &Path,
    preprocessing: &Preprocessing,
    output: Output,
) -> Result<Vec<(String, Arc<Picture>)>, CliError> {
    let mut files = BTreeMap::new();
    list_files(root, "", 0, &mut files)?;
    files.retain(|name, _| is_picture(name));
    let read: Vec<_> = files
        .into_par_iter()
        .map(|(name, file)| read_picture(name, &file, preprocessing, true))
        .collect();
    let mut pictures = Vec::new();
    for picture in read {
        match picture {
            Ok(picture) => pictures.push(picture),
            Err(skipped) => output.skipped(&skipped.name, &skipped.reason),
        }
    }
    Ok(pictures)
}

/// Pictures beside a table of labels.
fn load_table(
    path: &Path,
    preprocessing: &Preprocessing,
    output: Output,
) -> Result<Parts, CliError> {
    let bytes = read(path)?;
    let table = LabelTable::parse(&bytes)
        .map_err(|error| CliError::Table { path: path.to_path_buf(), error })?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let progress = output.bar(table.rows().len() as u64, "Reading pictures");
    let pictures: Vec<Result<Example, Skipped>> = table
        .rows()
        .par_iter()
        .map(|Row { file, targets }| {
            let read = read_picture(file.clone(), &folder.join(file), preprocessing, true);
            progress.inc(1);
            read.map(|(name, picture)| Example { name, targets: targets.clone(), picture })
        })
        .collect();
    progress.finish_and_clear();
    let train = dataset_of(table.tasks().to_vec(), pictures);
    Ok(Parts { train, validation: None })
}

/// The pictures that could be read, and those that could not.
fn dataset_of(tasks: Vec<Task>, pictures: Vec<Result<Example, Skipped>>) -> Dataset {
    let mut dataset = Dataset { tasks, ..Dataset::default() };
    for picture in pictures {
        match picture {
            Ok(example) => dataset.examples.push(example),
            Err(skipped) => dataset.skipped.push(skipped),
        }
    }
    dataset
}

fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
}

fn read_picture(
    name: String,
    file: &Path,
    preprocessing: &Preprocessing,
    keep_source: bool,
) -> Result<(String, Arc<Picture>), Skipped> {
    let image = match fs::read(file) {
        Ok(bytes) => decode(&bytes).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match image {
        Ok(image) => Ok((name, Arc::new(Picture::new(image, preprocessing, keep_source)))),
        Err(reason) => Err(Skipped { name, reason }),
    }
}

/// Every file below `folder` by its path from the root, with `/` between its parts.
fn list_files(
    folder: &Path,
    prefix: &str,
    depth: usize,
    files: &mut BTreeMap<String, PathBuf>,
) -> Result<(), CliError> {
    let unreadable = |error| CliError::Read { path: folder.to_path_buf(), error };
    if depth > DEEPEST {
        let shown = folder.display();
        return Err(CliError::Usage(format!(
            "{shown} is nested too deeply; choose the folder with one folder a class"
        )));
    }
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        if path.is_dir() {
            list_files(&path, &format!("{name}/"), depth + 1, files)?;
        } else {
            files.insert(name, path);
        }
    }
    Ok(())
}
