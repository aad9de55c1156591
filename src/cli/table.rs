//! Pictures that a table describes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::error::{CliError, read};
use super::files::{Listing, kind_of};
use super::output::Output;
use super::pictures::{Parts, read_all};
use tunelab_core::data::listed_file::{ListedFile, has_image_extension};
use tunelab_core::data::table::{LabelTable, LabelledImage, TableError, TablePlan, normalize_path};
use tunelab_engine::data::dataset::{Dataset, Example};
use tunelab_engine::data::transform::Preprocessing;

/// Rows that tell whether a column's cells are paths of files.
const SAMPLE_ROWS: usize = 32;

/// The files among which a table's pictures are looked for.
pub struct Nearby {
    files: Vec<ListedFile>,
    places: Vec<PathBuf>,
    /// The table's path among them.
    table: String,
}

impl Nearby {
    /// Those of a folder, one of which is the table.
    pub fn in_folder(listing: Listing, table: usize) -> Self {
        let table = listing.files.get(table).map(|file| file.path.clone()).unwrap_or_default();
        Self { files: listing.files, places: listing.places, table }
    }

    /// Those that the rows of the table at `path` name just as they are; if that is not so of all rows, those
    /// below its folder as well.
    fn of(table: &LabelTable, path: &Path) -> Result<Self, CliError> {
        // The folder of `labels.csv` has an empty path.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
        let mut is_all = false;
        for cells in table.cells().filter(|cells| are_paths(folder, cells)) {
            let places: Vec<_> = cells.par_iter().map(|cell| place_of(folder, cell)).collect();
            is_all |= places.iter().all(Option::is_some);
            let named = cells.iter().zip(places);
            found.extend(named.filter_map(|(cell, place)| Some((normalize_path(cell), place?))));
        }
        let mut nearby = Self { files: Vec::new(), places: Vec::new(), table: String::new() };
        if !is_all {
            let Listing { files, places, .. } = Listing::of(folder)?;
            files.iter().for_each(|file| drop(found.remove(&file.path)));
            nearby.table = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (nearby.files, nearby.places) = (files, places);
        }
        for (path, place) in found {
            let kind = if has_image_extension(&path) { None } else { kind_of(&place).ok() };
            nearby.files.push(ListedFile { path, kind });
            nearby.places.push(place);
        }
        Ok(nearby)
    }
}

/// Whether cells are paths of files, by some of them.
fn are_paths(folder: &Path, cells: &[String]) -> bool {
    let step = cells.len().div_ceil(SAMPLE_ROWS).max(1);
    cells.iter().step_by(step).any(|cell| place_of(folder, cell).is_some())
}

/// The file that a cell names as seen from `folder`.
fn place_of(folder: &Path, cell: &str) -> Option<PathBuf> {
    let place = folder.join(cell.replace('\\', "/"));
    (!cell.is_empty() && place.is_file()).then_some(place)
}

/// Reads the table at `path` and the pictures that it describes, which are among `nearby` or else beside it.
///
/// # Errors
/// The table cannot be used, or none of its pictures can be read.
pub fn load_table(
    path: &Path,
    nearby: Option<Nearby>,
    preprocessing: &Preprocessing,
    output: Output,
) -> Result<Parts, CliError> {
    let in_table =
        |error: TableError| CliError::Table { path: path.to_path_buf(), error: error.into() };
    let table = LabelTable::parse(&read(path)?).map_err(in_table)?;
    let nearby = nearby.map_or_else(|| Nearby::of(&table, path), Ok)?;
    let plan = table.plan(&nearby.files, &nearby.table).map_err(in_table)?;
    let indices = plan.images().map(|image| image.index).collect();
    let mut read = read_all(&nearby.places, indices, plan.train.len(), preprocessing, output);
    let TablePlan { tasks, train, validation, skipped, warnings, .. } =
        plan.after_reading(&read.results).map_err(in_table)?;
    let mut dataset = |described: Vec<LabelledImage>| {
        let examples =
            described.into_iter().filter_map(|LabelledImage { index, path, targets }| {
                Some(Example { name: path, targets, image: read.take(index)? })
            });
        Dataset { tasks: tasks.clone(), examples: examples.collect(), ..Dataset::default() }
    };
    let mut train = dataset(train);
    let validation = validation.map(dataset);
    (train.skipped, train.warnings) = (skipped, warnings);
    Ok(Parts { train, validation })
}
