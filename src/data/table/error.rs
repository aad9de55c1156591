//! Why a label table cannot be used.

use thiserror::Error;

use crate::data::csv::CsvError;

/// Why a label table cannot be used. Lines are counted from 1, the header's among them; columns are
/// called by their names in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TableError {
    /// Another encoding, or no text at all.
    #[error("the table is not UTF-8 text; save it as CSV in UTF-8")]
    NotText,
    /// Quotes that do not pair.
    #[error(transparent)]
    Csv(#[from] CsvError),
    /// Nothing at all.
    #[error(
        "the table is empty; its first line must name the columns, for example `file,breed`, and each further line describe one picture"
    )]
    Empty,
    /// The first line is a picture's.
    #[error(
        "line {line}: the table begins with a picture, `{file}`; put a line before it that names the columns, for example `file,breed`"
    )]
    NoHeader { line: usize, file: String },
    /// Only file names.
    #[error(
        "the table has no column to predict; put at least one after the file names, separated by a comma, a semicolon or a tab"
    )]
    NoTask,
    /// A header with nothing below.
    #[error("the table has no rows; write one line for each picture below the header")]
    NoRows,
    /// A task that cannot be spoken of.
    #[error("line {line}: column {position} has no name; write one into the header")]
    NoName { line: usize, position: usize },
    /// Two columns that cannot be told apart.
    #[error("line {line}: two columns are called `{column}`; rename one of them")]
    SameName { line: usize, column: String },
    /// A row that ends early.
    #[error(
        "line {line}: there are {found} cells, but the header has {expected}, so column `{column}` is missing; leave a cell empty where a value is unknown, but keep its delimiter"
    )]
    TooFewCells { line: usize, found: usize, expected: usize, column: String },
    /// A row that goes on beyond the header.
    #[error(
        "line {line}: there are {found} cells, but the header has {expected}; put a cell in quotes if it contains the delimiter"
    )]
    TooManyCells { line: usize, found: usize, expected: usize },
    /// A row of nothing.
    #[error("line {line}: column `{column}` names no file; write the picture's file name there")]
    NoFile { line: usize, column: String },
    /// A picture described twice.
    #[error(
        "line {line}: column `{column}` names `{file}`, as line {first} does; remove one of the two"
    )]
    SameFile { line: usize, column: String, file: String, first: usize },
    /// Not a number where there should be one.
    #[error(
        "line {line}: column `{column}` should be a number, but is `{cell}`; write it like 12.5, or leave the cell empty where it is unknown (if the column's values are names, call it `{column}:class`)"
    )]
    NotANumber { line: usize, column: String, cell: String },
    /// Nothing known.
    #[error("column `{column}` has no values; fill it in, or remove it")]
    NoValues { column: String },
    /// Nothing to tell apart.
    #[error(
        "column `{column}` has only one class, `{class}`; add pictures of at least one other, or remove the column"
    )]
    OneClass { column: String, class: String },
    /// Free text, most likely.
    #[error(
        "column `{column}` has {found} different classes or labels, more than {most}; remove the column if it is free text, or call it `{column}:number` if it holds numbers"
    )]
    TooManyClasses { column: String, found: usize, most: usize },
    /// More than one, and nothing to say which is meant.
    #[error("there are several tables: {}; leave only one beside the pictures", quoted(.tables))]
    SeveralTables { tables: Vec<String> },
    /// A table alone.
    #[error("there are no pictures with the table; choose or drop them together with it")]
    NoPictures,
    /// A table of something else.
    #[error(
        "the table has a row for none of the pictures; its first column must hold their file names, but begins with `{file}`"
    )]
    OtherPictures { file: String },
}

fn quoted(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
