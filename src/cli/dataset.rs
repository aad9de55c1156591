//! Loads the dataset that `--data` selects: an image folder, a table, CIFAR-10 or CIFAR-100, or the sample images.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::error::{CliError, read};
use super::files::{Listing, kind_of, unreadable};
use super::images::read_all;
use super::output::Output;
use super::table::{CandidateImages, load_table};
use tunelab_core::data::cifar::{
    CLASS_NAMES, Cifar100Labels, is_archive, is_batch, is_cifar, is_needed,
};
use tunelab_core::data::file_kind::FileKind;
use tunelab_core::data::folder::{FolderError, FolderPlan, PlannedImage, plan};
use tunelab_core::data::listed_file::ListedFile;
use tunelab_core::data::table::{find_table, is_table};
use tunelab_engine::data::cached_image::CachedImage;
use tunelab_engine::data::cifar::{CifarCollector, CifarData, CifarRecord, read_archive};
use tunelab_engine::data::dataset::{Dataset, Example, Splits};
use tunelab_engine::data::sample::{TRAIN_PER_CLASS, VALIDATION_PER_CLASS, sample_dataset};
use tunelab_engine::data::transform::Preprocessing;

/// The value of `--data` for the sample images.
pub const SAMPLE: &str = "sample";

/// Options of loading a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataOptions {
    /// Seed of the sample images.
    pub seed: u64,
    /// The labels of CIFAR-100 to use.
    pub cifar100: Cifar100Labels,
}

/// Loads and preprocesses the data at `path`. Prints warnings and skipped files.
///
/// # Errors
/// The data cannot be read or used.
pub fn load(
    path: &str,
    preprocessing: &Preprocessing,
    options: DataOptions,
    output: Output,
) -> Result<Splits, CliError> {
    if path == SAMPLE {
        let (train, validation) =
            sample_dataset(TRAIN_PER_CLASS, VALIDATION_PER_CLASS, options.seed, preprocessing);
        return Ok(Splits { train, validation: Some(validation) });
    }
    let path = Path::new(path);
    let metadata = fs::metadata(path).map_err(unreadable).map_err(CliError::at(path))?;
    let splits = match metadata.is_dir() {
        true => load_folder(path, preprocessing, options, output)?,
        false => load_file(path, preprocessing, options, output)?,
    };
    let datasets = [Some(&splits.train), splits.validation.as_ref()];
    for skipped in datasets.into_iter().flatten().flat_map(|dataset| &dataset.skipped) {
        output.skipped(skipped);
    }
    for warning in datasets.into_iter().flatten().flat_map(|dataset| &dataset.warnings) {
        output.data_warning(warning);
    }
    Ok(splits)
}

/// Loads a table, a CIFAR batch or a CIFAR archive, recognized by its content.
fn load_file(
    path: &Path,
    preprocessing: &Preprocessing,
    options: DataOptions,
    output: Output,
) -> Result<Splits, CliError> {
    let kind = kind_of(path).map_err(CliError::at(path))?;
    let name = path.display().to_string();
    match kind {
        _ if is_table(&name) => load_table(path, None, preprocessing, output),
        FileKind::Text => load_table(path, None, preprocessing, output),
        FileKind::Gzip => {
            Ok(cifar_splits(read_cifar_archive(path)?, preprocessing, options.cifar100))
        }
        _ if is_batch(&name) => {
            let mut collector = CifarCollector::default();
            collector.add(&name, &read(path)?)?;
            for names in CLASS_NAMES {
                let names = path.with_file_name(names);
                if names.is_file() {
                    collector.add(&names.display().to_string(), &read(&names)?)?;
                }
            }
            Ok(cifar_splits(collector.finish()?, preprocessing, options.cifar100))
        }
        kind => {
            let file =
                path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
            let error = FolderError::of_file(ListedFile { path: file, kind: Some(kind) });
            Err(CliError::at(path)(error))
        }
    }
}

fn load_folder(
    root: &Path,
    preprocessing: &Preprocessing,
    options: DataOptions,
    output: Output,
) -> Result<Splits, CliError> {
    let listing = Listing::of(root).map_err(CliError::at(root))?;
    let paths = listing.paths();
    if is_cifar(&paths) {
        return load_cifar(&listing, preprocessing, options);
    }
    match plan(&listing.files, &listing.empty_folders) {
        Ok(plan) => load_image_folder(root, listing, plan, preprocessing, output),
        Err(error) => match find_table(&paths) {
            // The images are not sorted into class folders, but have a table.
            Ok(Some(table))
                if matches!(
                    error,
                    FolderError::NoClasses { .. } | FolderError::OneClass { .. }
                ) =>
            {
                let path = listing.locations[table].clone();
                let candidates = CandidateImages::in_folder(listing, table);
                load_table(&path, Some(candidates), preprocessing, output)
            }
            _ => Err(CliError::at(root)(error)),
        },
    }
}

/// Loads the CIFAR batches of a folder, or else its CIFAR archive.
fn load_cifar(
    listing: &Listing,
    preprocessing: &Preprocessing,
    options: DataOptions,
) -> Result<Splits, CliError> {
    let mut files = listing.files.iter().zip(&listing.locations);
    let mut collector = CifarCollector::default();
    let mut has_batch = false;
    for (file, location) in files.clone().filter(|(file, _)| is_needed(&file.path)) {
        collector.add(&file.path, &read(location)?)?;
        has_batch |= is_batch(&file.path);
    }
    let data = match files.find(|(file, _)| is_archive(&file.path)) {
        Some((_, archive)) if !has_batch => read_cifar_archive(archive)?,
        _ => collector.finish()?,
    };
    Ok(cifar_splits(data, preprocessing, options.cifar100))
}

fn read_cifar_archive(path: &Path) -> Result<CifarData, CliError> {
    let file = fs::File::open(path).map_err(unreadable).map_err(CliError::at(path))?;
    read_archive(std::io::BufReader::new(file)).map_err(CliError::at(path))
}

fn cifar_splits(data: CifarData, preprocessing: &Preprocessing, labels: Cifar100Labels) -> Splits {
    let tasks = data.tasks(labels);
    let dataset = |records: Vec<CifarRecord>, split: &str| {
        let example = |(index, record): (usize, CifarRecord)| Example {
            name: format!("{split} #{index}"),
            targets: record.targets(labels),
            image: Arc::new(CachedImage::new(record.image, preprocessing, true)),
        };
        let examples = records.into_iter().enumerate().map(example).collect();
        Dataset { tasks: tasks.clone(), examples, ..Dataset::default() }
    };
    Splits {
        train: dataset(data.train, "train"),
        validation: data.test.map(|test| dataset(test, "test")),
    }
}

fn load_image_folder(
    root: &Path,
    listing: Listing,
    plan: FolderPlan,
    preprocessing: &Preprocessing,
    output: Output,
) -> Result<Splits, CliError> {
    let indices = plan.images().map(|image| image.index).collect();
    let mut read = read_all(&listing.locations, indices, plan.train.len(), preprocessing, output);
    let FolderPlan { classes, train, validation, skipped, warnings } =
        plan.after_reading(&read.results).map_err(CliError::at(root))?;
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
    Ok(Splits { train, validation })
}
