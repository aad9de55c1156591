//! From what `--data` says to datasets: an image folder, a table, CIFAR-10 or CIFAR-100, or the built-in
//! sample pictures.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::error::{CliError, read};
use super::files::{Listing, check_file, kind_of};
use super::output::Output;
use super::table::{Nearby, load_table};
use tunelab_core::data::cifar::Cifar100Labels;
use tunelab_core::data::cifar::{is_archive, is_cifar, is_needed};
use tunelab_core::data::file_kind::FileKind;
use tunelab_core::data::folder::{FolderError, FolderPlan, PlannedImage, plan};
use tunelab_core::data::image_file::ImageFileInfo;
use tunelab_core::data::listed_file::ListedFile;
use tunelab_core::data::skipped::{SkipReason, SkippedFile};
use tunelab_core::data::split::stratified_split;
use tunelab_core::data::table::{find_table, is_table};
use tunelab_core::data::warning::DataWarning;
use tunelab_engine::data::cached_image::CachedImage;
use tunelab_engine::data::cached_image::{LoadedImages, read_image_file};
use tunelab_engine::data::cifar::read_archive;
use tunelab_engine::data::cifar::{CifarCollector, CifarData, CifarRecord};
use tunelab_engine::data::dataset::{Dataset, Example};
use tunelab_engine::data::image::RgbImage;
use tunelab_engine::data::sample::{TRAIN_PER_CLASS, VALIDATION_PER_CLASS, sample_dataset};
use tunelab_engine::data::transform::Preprocessing;

/// The word that stands for the built-in pictures.
pub const SAMPLE: &str = "sample";
/// Lists of class names that may lie beside a batch of CIFAR.
const CIFAR_NAMES: [&str; 3] =
    ["batches.meta.txt", "fine_label_names.txt", "coarse_label_names.txt"];

/// How data are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataOptions {
    /// Draws the sample pictures.
    pub seed: u64,
    /// Which labels of CIFAR-100 are learned.
    pub cifar100: Cifar100Labels,
}

/// Both parts of a dataset.
pub struct Parts {
    pub train: Dataset,
    /// There where the data bring one.
    pub validation: Option<Dataset>,
}

impl Parts {
    /// Training and validation data; where the data bring none for validation, `share` of each class, drawn by
    /// `seed`.
    pub fn split(self, share: f64, seed: u64) -> (Dataset, Dataset) {
        match self.validation {
            Some(validation) => (self.train, validation),
            None => {
                let split = stratified_split(&self.train.strata(), share, seed);
                let mut train = self.train.subset(&split.train);
                let validation = self.train.subset(&split.validation);
                train.skipped = self.train.skipped;
                train.warnings = self.train.warnings;
                (train, validation)
            }
        }
    }
}

/// Reads the data at `path`, prepared for `preprocessing`. Files that cannot be used are reported and
/// left out.
///
/// # Errors
/// They cannot be read, or are no data to train on.
pub fn load(
    path: &str,
    preprocessing: &Preprocessing,
    options: DataOptions,
    output: Output,
) -> Result<Parts, CliError> {
    if path == SAMPLE {
        let (train, validation) =
            sample_dataset(TRAIN_PER_CLASS, VALIDATION_PER_CLASS, options.seed, preprocessing);
        return Ok(Parts { train, validation: Some(validation) });
    }
    let path = Path::new(path);
    let metadata =
        fs::metadata(path).map_err(|error| CliError::Read { path: path.to_path_buf(), error })?;
    let parts = match metadata.is_dir() {
        true => load_folder(path, preprocessing, options, output)?,
        false => load_file(path, preprocessing, options, output)?,
    };
    let datasets = [Some(&parts.train), parts.validation.as_ref()];
    for skipped in datasets.into_iter().flatten().flat_map(|dataset| &dataset.skipped) {
        output.skipped(skipped);
    }
    for warning in datasets.into_iter().flatten().flat_map(|dataset| &dataset.warnings) {
        output.warning(warning);
    }
    Ok(parts)
}

/// A table, a batch of CIFAR or its archive, told by its content.
fn load_file(
    path: &Path,
    preprocessing: &Preprocessing,
    options: DataOptions,
    output: Output,
) -> Result<Parts, CliError> {
    let kind = kind_of(path).map_err(|error| CliError::Read { path: path.to_path_buf(), error })?;
    let name = path.display().to_string();
    match kind {
        _ if is_table(&name) => load_table(path, None, preprocessing, output),
        FileKind::Text => load_table(path, None, preprocessing, output),
        FileKind::Gzip => {
            Ok(cifar_parts(read_cifar_archive(path)?, preprocessing, options.cifar100))
        }
        _ if is_cifar_batch(path) => {
            let mut collector = CifarCollector::default();
            collector.add(&name, &read(path)?)?;
            for beside in CIFAR_NAMES {
                let beside = path.with_file_name(beside);
                if beside.is_file() {
                    collector.add(&beside.display().to_string(), &read(&beside)?)?;
                }
            }
            Ok(cifar_parts(collector.finish()?, preprocessing, options.cifar100))
        }
        kind => {
            let file =
                path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
            let error = FolderError::of_file(ListedFile { path: file, kind: Some(kind) });
            Err(CliError::Folder { path: path.to_path_buf(), error })
        }
    }
}

fn load_folder(
    root: &Path,
    preprocessing: &Preprocessing,
    options: DataOptions,
    output: Output,
) -> Result<Parts, CliError> {
    let listing = Listing::of(root)?;
    let paths = listing.paths();
    if is_cifar(&paths) {
        return load_cifar(&listing, preprocessing, options);
    }
    match plan(&listing.files, &listing.empty_folders) {
        Ok(plan) => load_image_folder(root, listing, plan, preprocessing, output),
        Err(error) => match find_table(&paths) {
            // Pictures that are not sorted, but described.
            Ok(Some(table))
                if matches!(
                    error,
                    FolderError::NoClasses { .. } | FolderError::OneClass { .. }
                ) =>
            {
                let path = listing.places[table].clone();
                load_table(&path, Some(Nearby::in_folder(listing, table)), preprocessing, output)
            }
            _ => Err(CliError::Folder { path: root.to_path_buf(), error }),
        },
    }
}

/// CIFAR's batches below a folder, or else the archive.
fn load_cifar(
    listing: &Listing,
    preprocessing: &Preprocessing,
    options: DataOptions,
) -> Result<Parts, CliError> {
    let mut files = listing.files.iter().zip(&listing.places);
    let mut collector = CifarCollector::default();
    let mut is_any = false;
    for (file, place) in files.clone().filter(|(file, _)| is_needed(&file.path)) {
        collector.add(&file.path, &read(place)?)?;
        is_any |= is_cifar_batch(place);
    }
    let data = match files.find(|(file, _)| is_archive(&file.path)) {
        Some((_, archive)) if !is_any => read_cifar_archive(archive)?,
        _ => collector.finish()?,
    };
    Ok(cifar_parts(data, preprocessing, options.cifar100))
}

fn read_cifar_archive(path: &Path) -> Result<CifarData, CliError> {
    let file =
        fs::File::open(path).map_err(|error| CliError::Read { path: path.to_path_buf(), error })?;
    read_archive(std::io::BufReader::new(file))
        .map_err(|error| CliError::Archive { path: path.to_path_buf(), error })
}

fn cifar_parts(data: CifarData, preprocessing: &Preprocessing, labels: Cifar100Labels) -> Parts {
    let tasks = data.tasks(labels);
    let dataset = |records: Vec<CifarRecord>, part: &str| {
        let example = |(index, record): (usize, CifarRecord)| Example {
            name: format!("{part} #{index}"),
            targets: record.targets(labels),
            image: Arc::new(CachedImage::new(record.image, preprocessing, true)),
        };
        let examples = records.into_iter().enumerate().map(example).collect();
        Dataset { tasks: tasks.clone(), examples, ..Dataset::default() }
    };
    Parts {
        train: dataset(data.train, "train"),
        validation: data.test.map(|test| dataset(test, "test")),
    }
}

fn is_cifar_batch(path: &Path) -> bool {
    has_extension(path, "bin")
}

fn load_image_folder(
    root: &Path,
    listing: Listing,
    plan: FolderPlan,
    preprocessing: &Preprocessing,
    output: Output,
) -> Result<Parts, CliError> {
    let indices = plan.images().map(|image| image.index).collect();
    let mut read = read_all(&listing.places, indices, plan.train.len(), preprocessing, output);
    let FolderPlan { classes, train, validation, skipped, warnings } = plan
        .after_reading(&read.results)
        .map_err(|error| CliError::Folder { path: root.to_path_buf(), error })?;
    let mut dataset = |planned: Vec<PlannedImage>| {
        let examples = planned.into_iter().filter_map(|PlannedImage { index, path, label }| {
            Some(Example::of_class(path, label, read.take(index)?))
        });
        Dataset { examples: examples.collect(), ..Dataset::of_classes(classes.clone()) }
    };
    let mut train = dataset(train);
    let validation = validation.map(dataset);
    train.skipped = listing.skipped;
    train.skipped.extend(skipped);
    train.warnings = listing.warnings;
    train.warnings.extend(warnings);
    Ok(Parts { train, validation })
}

/// Reads the files with these indices; the pixels of the first `trains` are kept for augmentation.
pub fn read_all(
    places: &[PathBuf],
    indices: Vec<usize>,
    trains: usize,
    preprocessing: &Preprocessing,
    output: Output,
) -> LoadedImages {
    let progress = output.bar(indices.len() as u64, "Reading pictures");
    let read_one = |(number, index): (usize, usize)| {
        let place = places.get(index).ok_or(SkipReason::NotFound);
        let read = place.and_then(|place| read_file(place));
        progress.inc(1);
        let prepared = read
            .map(|(image, info)| (CachedImage::new(image, preprocessing, number < trains), info));
        (index, prepared)
    };
    let all: Vec<_> = indices.into_par_iter().enumerate().map(read_one).collect();
    progress.finish_and_clear();
    let mut files = LoadedImages::default();
    all.into_iter().for_each(|(index, read)| files.insert(index, read));
    files
}

/// All pictures below a folder, with their paths in it; whose class they are of does not matter. Those that
/// cannot be read are reported.
///
/// # Errors
/// The folder cannot be read.
pub fn load_unsorted(
    root: &Path,
    preprocessing: &Preprocessing,
    output: Output,
) -> Result<Vec<(String, Arc<CachedImage>)>, CliError> {
    let mut listing = Listing::of(root)?;
    let mut warnings = std::mem::take(&mut listing.warnings);
    let (found, skipped) = listing.into_images();
    skipped.iter().for_each(|file| output.skipped(file));
    let (names, places): (Vec<String>, Vec<PathBuf>) = found.into_iter().unzip();
    let indices = (0..places.len()).collect();
    let mut read = read_all(&places, indices, places.len(), preprocessing, output);
    let (mut images, mut incomplete) = (Vec::new(), Vec::new());
    for (index, name) in names.into_iter().enumerate() {
        match read.results.get(&index) {
            Some(Err(reason)) => {
                output.skipped(&SkippedFile { name: name.clone(), reason: reason.clone() });
            }
            Some(Ok(info)) if info.is_incomplete => incomplete.push(name.clone()),
            _ => {}
        }
        images.extend(read.take(index).map(|image| (name, image)));
    }
    warnings.extend(DataWarning::incomplete_images(&incomplete));
    warnings.iter().for_each(|warning| output.warning(warning));
    Ok(images)
}

fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
}

/// The pixels of a picture file, and what should be known of it.
///
/// # Errors
/// Why it cannot be read.
pub fn read_file(file: &Path) -> Result<(RgbImage, ImageFileInfo), SkipReason> {
    let bytes = check_file(file)
        .and_then(|()| fs::read(file))
        .map_err(|error| SkipReason::Unreadable { problem: error.to_string() })?;
    Ok(read_image_file(&bytes)?)
}
