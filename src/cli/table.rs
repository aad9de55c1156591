//! Loads the images of a table.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::error::{CliError, read};
use super::files::{Listing, kind_of};
use super::images::read_all;
use super::output::Output;
use tunelab_core::data::listed_file::{ListedFile, has_image_extension};
use tunelab_core::data::table::{LabelTable, LabeledImage, TableError, TablePlan, normalize_path};
use tunelab_engine::data::dataset::{Dataset, Example, Splits};
use tunelab_engine::data::transform::Preprocessing;

/// The number of cells that decide whether a column contains paths.
const SAMPLE_ROWS: usize = 32;

/// The files that the rows of a table can name.
pub struct CandidateImages {
    files: Vec<ListedFile>,
    locations: Vec<PathBuf>,
    /// The path of the table relative to the folder.
    table: String,
}

impl CandidateImages {
    /// The files of a folder, one of which is the table.
    pub fn in_folder(listing: Listing, table: usize) -> Self {
        let table = listing.files.get(table).map(|file| file.path.clone()).unwrap_or_default();
        Self { files: listing.files, locations: listing.locations, table }
    }

    /// The files that the rows of the table name by their paths; and the other files of the folder of the table,
    /// unless every row names a path.
    fn of(table: &LabelTable, path: &Path) -> Result<Self, CliError> {
        // The folder of `labels.csv` has an empty path.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
        let mut is_all = false;
        for cells in table.cells().filter(|cells| are_paths(folder, cells)) {
            let locations: Vec<_> = cells.par_iter().map(|cell| location(folder, cell)).collect();
            is_all |= locations.iter().all(Option::is_some);
            let named = cells.iter().zip(locations);
            found.extend(named.filter_map(|(cell, file)| Some((normalize_path(cell), file?))));
        }
        let mut candidates =
            Self { files: Vec::new(), locations: Vec::new(), table: String::new() };
        if !is_all {
            let Listing { files, locations, .. } =
                Listing::of(folder).map_err(CliError::at(folder))?;
            files.iter().for_each(|file| drop(found.remove(&file.path)));
            candidates.table = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (candidates.files, candidates.locations) = (files, locations);
        }
        for (path, location) in found {
            let kind = if has_image_extension(&path) { None } else { kind_of(&location).ok() };
            candidates.files.push(ListedFile { path, kind });
            candidates.locations.push(location);
        }
        Ok(candidates)
    }
}

/// Whether some of the cells are paths of files.
fn are_paths(folder: &Path, cells: &[String]) -> bool {
    let step = cells.len().div_ceil(SAMPLE_ROWS).max(1);
    cells.iter().step_by(step).any(|cell| location(folder, cell).is_some())
}

/// The file that a cell names, relative to `folder`.
fn location(folder: &Path, cell: &str) -> Option<PathBuf> {
    let file = folder.join(cell.replace('\\', "/"));
    (!cell.is_empty() && file.is_file()).then_some(file)
}

/// Loads the table at `path` and its images, which are among `candidates` or else near the table.
///
/// # Errors
/// The table cannot be used, or none of its images can be read.
pub fn load_table(
    path: &Path,
    candidates: Option<CandidateImages>,
    preprocessing: &Preprocessing,
    output: Output,
) -> Result<Splits, CliError> {
    let in_table = |error: TableError| CliError::at(path)(Box::new(error));
    let table = LabelTable::parse(&read(path)?).map_err(in_table)?;
    let candidates = candidates.map_or_else(|| CandidateImages::of(&table, path), Ok)?;
    let plan = table.plan(&candidates.files, &candidates.table).map_err(in_table)?;
    let indices = plan.images().map(|image| image.index).collect();
    let mut read =
        read_all(&candidates.locations, indices, plan.train.len(), preprocessing, output);
    let TablePlan { tasks, train, validation, skipped, warnings, .. } =
        plan.after_reading(&read.results).map_err(in_table)?;
    let mut dataset = |described: Vec<LabeledImage>| {
        let examples = described.into_iter().filter_map(|LabeledImage { index, path, targets }| {
            Some(Example { name: path, targets, image: read.take(index)? })
        });
        Dataset { tasks: tasks.clone(), examples: examples.collect(), ..Dataset::default() }
    };
    let mut train = dataset(train);
    let validation = validation.map(dataset);
    (train.skipped, train.warnings) = (skipped, warnings);
    Ok(Splits { train, validation })
}
