//! The role of each column of a table: file names, splits, a task, or ignored.

use std::collections::HashSet;

use super::error::TableError;
use super::image_matching::{ColumnMatches, ImageIndex, MatchRule};
use super::label_table::{LabelTable, TableColumn};
use super::path_form::file_name;
use crate::data::listed_file::has_image_extension;
use crate::data::split_name::SplitName;
use crate::data::warning::IgnoreReason;

/// The roles of the columns, by their indices.
pub(super) struct ColumnRoles {
    /// The column that names the images.
    pub file: usize,
    /// The image that each row names.
    pub matches: ColumnMatches,
    /// The column that assigns each row to a split, and the splits.
    pub split: Option<(usize, Vec<SplitName>)>,
    /// The columns that are tasks.
    pub tasks: Vec<usize>,
    /// The names of columns that are not used.
    pub ignored: Vec<(String, IgnoreReason)>,
}

impl ColumnRoles {
    /// Detects the roles of the columns.
    ///
    /// # Errors
    /// No column, or more than one, names the images; the header is a row; no task is left, or a task has no unique
    /// name.
    pub fn detect(table: &LabelTable, images: &ImageIndex) -> Result<Self, TableError> {
        let columns = &table.columns;
        let (file, matches, same) = file_column(table, images)?;
        // `p0,cat` above other rows: the name of the column is that of an image.
        let header = &columns[file].header;
        if !header.is_file() {
            let own = images.find(std::slice::from_ref(&header.name));
            if own.matched_names > 0 {
                let file = header.name.clone();
                return Err(TableError::NoHeader { line: table.header_line, file });
            }
        }
        let mut roles = Self { file, matches, split: None, tasks: Vec::new(), ignored: Vec::new() };
        for (place, column) in columns.iter().enumerate().filter(|(place, _)| *place != file) {
            let header = &column.header;
            let reason = if column.is_empty() {
                IgnoreReason::Empty
            } else if same.contains(&place) {
                IgnoreReason::ImageName
            } else if header.kind.is_some() {
                roles.tasks.push(place);
                continue;
            } else if column.is_counter() && (place < file || header.is_id()) {
                IgnoreReason::RowNumber
            } else if header.is_unnamed() && are_distinct_numbers(column) && place < file {
                // Row numbers of a part of a larger table, or of a shuffled one.
                IgnoreReason::RowNumber
            } else if header.is_id() && !header.is_unnamed() && are_distinct(column) {
                IgnoreReason::Identifier
            } else if let Some(splits) = splits_of(column).filter(|_| roles.split.is_none()) {
                roles.split = Some((place, splits));
                continue;
            } else {
                roles.tasks.push(place);
                continue;
            };
            if !header.is_unnamed() {
                roles.ignored.push((header.name.clone(), reason));
            }
        }
        roles.check_tasks(table)?;
        Ok(roles)
    }

    /// Checks that there are tasks, with unique names.
    fn check_tasks(&self, table: &LabelTable) -> Result<(), TableError> {
        let line = table.header_line;
        let name = |task: usize| table.columns[task].header.name.as_str();
        if let Some(task) = self.tasks.iter().find(|&&task| name(task).is_empty()) {
            return Err(TableError::NoName { line, position: task + 1 });
        }
        let mut names = HashSet::new();
        if let Some(&task) = self.tasks.iter().find(|&&task| !names.insert(name(task))) {
            return Err(TableError::SameName { line, column: name(task).to_owned() });
        }
        match (self.tasks.is_empty(), self.ignored.first()) {
            (false, _) => Ok(()),
            (true, Some((column, IgnoreReason::Empty))) => {
                Err(TableError::NoValues { column: column.clone() })
            }
            (true, _) => Err(TableError::NoTask),
        }
    }
}

/// The column of file names, its images, and other columns that name the same images.
fn file_column(
    table: &LabelTable,
    images: &ImageIndex,
) -> Result<(usize, ColumnMatches, Vec<usize>), TableError> {
    if images.is_empty() {
        return Err(TableError::NoImages);
    }
    let columns = &table.columns;
    let matches: Vec<ColumnMatches> =
        columns.iter().map(|column| images.find(&column.cells)).collect();
    let have_extensions: Vec<bool> = columns.iter().map(has_extensions).collect();
    let is_candidate = |place: usize| {
        let (column, matches) = (&columns[place], &matches[place]);
        let is_row_number = column.is_counter()
            && (have_extensions.contains(&true)
                || (column.header.is_unnamed() && matches.matched_names < matches.distinct_names));
        let is_file = have_extensions[place] || column.header.is_file();
        let rows = column.cells.iter().filter(|cell| !cell.is_empty()).count();
        // Names of classes repeat, so few of them are distinct.
        matches.matched_names > 0
            && !is_row_number
            && (is_file || matches.distinct_names * 2 >= rows)
    };
    let candidates: Vec<usize> = (0..columns.len()).filter(|&place| is_candidate(place)).collect();
    let most = candidates.iter().map(|&place| matches[place].matched_names).max().unwrap_or(0);
    let candidates: Vec<usize> = candidates
        .into_iter()
        .filter(|&place| matches[place].matched_names * 10 >= most * 9)
        .collect();
    let rank = |&place: &usize| -> (Option<MatchRule>, bool) {
        (matches[place].rule, !columns[place].header.is_file())
    };
    let Some(best) = candidates.iter().map(rank).min() else {
        return Err(no_file_column(table, images, &have_extensions));
    };
    let best: Vec<usize> = candidates.iter().copied().filter(|place| rank(place) == best).collect();
    if let [first, others @ ..] = best.as_slice()
        && let Some(other) =
            others.iter().find(|&&other| matches[other].files != matches[*first].files)
    {
        let name = |place: usize| columns[place].header.name.clone();
        return Err(TableError::TwoFileColumns { first: name(*first), second: name(*other) });
    }
    let file = best.first().copied().unwrap_or_default();
    let others = candidates.into_iter().filter(|&place| place != file).collect();
    Ok((file, matches.into_iter().nth(file).unwrap_or_default(), others))
}

/// The error for a table without a column of file names, with an example of the most likely column.
fn no_file_column(table: &LabelTable, images: &ImageIndex, have_extensions: &[bool]) -> TableError {
    let columns = &table.columns;
    let place = have_extensions
        .iter()
        .position(|&has_extensions| has_extensions)
        .or_else(|| columns.iter().position(|column| column.header.is_file()))
        .or_else(|| columns.iter().position(|column| !column.is_counter()))
        .unwrap_or_default();
    let column = &columns[place];
    let file = column.cells.iter().find(|cell| !cell.is_empty()).cloned().unwrap_or_default();
    let column = column.header.name.clone();
    TableError::OtherImages { column, file, image: images.example().to_owned() }
}

/// Whether most cells have the extension of an image.
fn has_extensions(column: &TableColumn) -> bool {
    let images = column.cells.iter().filter(|cell| has_image_extension(file_name(cell))).count();
    images * 2 > column.cells.len()
}

/// Whether no cell is empty or repeats another.
fn are_distinct(column: &TableColumn) -> bool {
    let mut seen = HashSet::new();
    column.cells.iter().all(|cell| !cell.is_empty() && seen.insert(cell.as_str()))
}

/// Whether the cells are distinct whole numbers.
fn are_distinct_numbers(column: &TableColumn) -> bool {
    column.cells.iter().all(|cell| cell.parse::<u64>().is_ok()) && are_distinct(column)
}

/// The split of each row, if the column contains nothing else and there are training rows and others. Rows
/// with an empty cell are for training.
fn splits_of(column: &TableColumn) -> Option<Vec<SplitName>> {
    let parse: fn(&str) -> Option<SplitName> = if column.header.is_split() {
        |cell| if cell.is_empty() { Some(SplitName::Train) } else { SplitName::parse(cell) }
    } else if column.header.is_validation_flag() {
        |cell| match cell.to_lowercase().as_str() {
            "" | "0" | "0.0" | "false" | "no" => Some(SplitName::Train),
            "1" | "1.0" | "true" | "yes" => Some(SplitName::Validation),
            _ => None,
        }
    } else {
        return None;
    };
    let splits: Vec<SplitName> =
        column.cells.iter().map(|cell| parse(cell)).collect::<Option<_>>()?;
    let has_train = splits.contains(&SplitName::Train);
    (has_train && splits.iter().any(|split| *split != SplitName::Train)).then_some(splits)
}
