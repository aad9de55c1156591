//! Reads a label table: which pictures have which class, labels and numbers.
//!
//! ```text
//! file,breed,age,tags
//! img/1.jpg,pug,3.5,indoor|puppy
//! img/2.jpg,husky,,
//! ```
//!
//! The first line names the columns. The first column is the picture's file, by any name; each other
//! column is a task, and what it holds decides the task's kind:
//!
//! | values | kind | empty cell |
//! | --- | --- | --- |
//! | any of them with a `\|` | labels, separated by it | none of the labels |
//! | numbers | a number | unknown |
//! | anything else | a class | unknown |
//!
//! The kind can be written after the name instead: `tags:labels`, `age:number`, `digit:class` (numbers
//! are else never taken for classes, however few there are). Where at least nine in ten values are
//! numbers, the others are errors. Numbers have a decimal point; in a table whose delimiter is a
//! semicolon, a decimal comma will do.

mod column;
mod error;
pub mod pictures;
pub mod summary;

use std::collections::{HashMap, HashSet};

pub use error::TableError;

use column::{Column, Heading};

use super::csv::{self, Record};
use super::folder::is_picture;
use super::task::{Target, Task};

/// What is known of one picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its file, normalized: parts separated by `/`, without `.` and empty ones.
    pub file: String,
    /// One a task, in the tasks' order.
    pub targets: Vec<Target>,
}

/// What is to be predicted, and what is known of each picture.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelTable {
    tasks: Vec<Task>,
    rows: Vec<Row>,
    /// The row of each file.
    by_file: HashMap<String, usize>,
    /// The row of each file by the last part of its path; `None` where several files share it.
    by_last_part: HashMap<String, Option<usize>>,
}

impl LabelTable {
    /// Reads a table of UTF-8 text.
    ///
    /// Spaces around values and rows without any value do not count. Classes and labels are sorted by
    /// code points. Number tasks are not standardized yet.
    ///
    /// # Errors
    /// When it is no UTF-8 text or its quotes do not pair; has no header, task column or rows; a column
    /// lacks a name or shares it; a row has too few or too many cells, or names no file or one that
    /// another row names; a number is none; a column has no values, a single class, or more than 1000
    /// classes or labels. The message says in which line and column.
    pub fn parse(bytes: &[u8]) -> Result<Self, TableError> {
        let text = std::str::from_utf8(bytes).map_err(|_| TableError::NotText)?;
        let csv = csv::read(text)?;
        let mut records = csv.records;
        records.retain(|record| record.cells.iter().any(|cell| !cell.trim().is_empty()));
        let Some((header, records)) = records.split_first() else {
            return Err(TableError::Empty);
        };
        let (file_column, headings) = read_header(header)?;
        if records.is_empty() {
            return Err(TableError::NoRows);
        }
        for record in records {
            check_width(record, &headings)?;
        }
        let (mut rows, by_file) = read_files(records, &file_column)?;

        let mut tasks = Vec::new();
        for (index, heading) in headings.into_iter().enumerate() {
            let cells = records
                .iter()
                .map(|record| (record.line, record.cells[index + 1].trim()))
                .collect();
            let column = Column { heading, cells, decimal_comma: csv.delimiter == ';' };
            let (task, targets) = column.read()?;
            tasks.push(task);
            for (row, target) in rows.iter_mut().zip(targets) {
                row.targets.push(target);
            }
        }

        let mut by_last_part = HashMap::new();
        for (index, row) in rows.iter().enumerate() {
            let entry = by_last_part.entry(last_part(&row.file).to_owned());
            entry.and_modify(|row| *row = None).or_insert(Some(index));
        }
        Ok(Self { tasks, rows, by_file, by_last_part })
    }

    /// The tasks, in the order of their columns; at least one.
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// The rows, in order; at least one.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row of a picture's file, written with `/` or `\`.
    ///
    /// It is the row of that very path, or else of what remains of it after leaving out folders from the
    /// front (the chosen folder's name, for example), or else the only row whose file has the same name
    /// in whatever folder. `None` where there is no such row.
    pub fn get(&self, file: &str) -> Option<&Row> {
        self.rows.get(self.position(file)?)
    }

    /// The index of that row.
    fn position(&self, file: &str) -> Option<usize> {
        let file = normalize(file);
        let mut rest = file.as_str();
        loop {
            match (self.by_file.get(rest), rest.split_once('/')) {
                (Some(row), _) => break Some(*row),
                (None, Some((_, shorter))) => rest = shorter,
                (None, None) => break *self.by_last_part.get(rest)?,
            }
        }
    }
}

/// The name of the file column, and the headings of the others.
fn read_header(header: &Record) -> Result<(String, Vec<Heading>), TableError> {
    let line = header.line;
    let used = header.cells.iter().rposition(|cell| !cell.trim().is_empty());
    // Spreadsheets like to write empty columns after the last used one.
    let cells = &header.cells[..used.map_or(0, |last| last + 1)];
    let Some((first, others)) = cells.split_first() else {
        return Err(TableError::Empty);
    };
    let first = first.trim().to_owned();
    if is_picture(&first) {
        return Err(TableError::NoHeader { line, file: first });
    }
    let mut headings = Vec::new();
    let mut names = HashSet::new();
    for (index, cell) in others.iter().enumerate() {
        let heading = Heading::parse(cell);
        if heading.name.is_empty() {
            return Err(TableError::NoName { line, position: index + 2 });
        }
        if !names.insert(heading.name.clone()) {
            return Err(TableError::SameName { line, column: heading.name });
        }
        headings.push(heading);
    }
    if headings.is_empty() { Err(TableError::NoTask) } else { Ok((first, headings)) }
}

/// Checks that a row has a cell in every column of the header, and none beyond.
fn check_width(record: &Record, headings: &[Heading]) -> Result<(), TableError> {
    let (line, found, expected) = (record.line, record.cells.len(), headings.len() + 1);
    if let Some(missing) = found.checked_sub(1).and_then(|tasks| headings.get(tasks)) {
        let column = missing.name.clone();
        return Err(TableError::TooFewCells { line, found, expected, column });
    }
    let mut beyond = record.cells.iter().skip(expected);
    if beyond.any(|cell| !cell.trim().is_empty()) {
        return Err(TableError::TooManyCells { line, found, expected });
    }
    Ok(())
}

/// A row without targets for each record, and the row of each file.
fn read_files(
    records: &[Record],
    column: &str,
) -> Result<(Vec<Row>, HashMap<String, usize>), TableError> {
    let mut rows: Vec<Row> = Vec::with_capacity(records.len());
    let mut by_file = HashMap::with_capacity(records.len());
    for record in records {
        let file = normalize(record.cells.first().map_or("", |cell| cell.trim()));
        let (line, column) = (record.line, || column.to_owned());
        if file.is_empty() {
            return Err(TableError::NoFile { line, column: column() });
        }
        if let Some(row) = by_file.insert(file.clone(), rows.len()) {
            let first = records[row].line;
            return Err(TableError::SameFile { line, column: column(), file, first });
        }
        rows.push(Row { file, targets: Vec::new() });
    }
    Ok((rows, by_file))
}

/// A path with `/` between its parts, without `.` and empty ones.
fn normalize(file: &str) -> String {
    let parts = file.split(['/', '\\']).filter(|part| !matches!(*part, "" | "."));
    parts.collect::<Vec<_>>().join("/")
}

fn last_part(file: &str) -> &str {
    file.rsplit_once('/').map_or(file, |(_, last)| last)
}

#[cfg(test)]
mod tests;
