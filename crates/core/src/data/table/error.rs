//! Why a label table cannot be used.

use thiserror::Error;

use crate::data::csv::CsvError;
use crate::data::file_kind::FileKind;
use crate::data::notice::listed;

/// Why a label table cannot be used. Lines are counted from 1, the header's among them; columns are
/// called by their names in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TableError {
    /// No text at all, or cut UTF-16.
    #[error("the table is not text; save it as CSV in UTF-8")]
    NotText,
    /// Another kind of file.
    #[error("this is {kind}, not a table; save it as CSV in UTF-8")]
    OtherKind { kind: &'static str },
    /// Text of an encoding such as Windows-1252, which cannot be told from others like it.
    #[error(
        "line {line}: there is a character in another encoding than UTF-8; save the table as CSV in UTF-8 (in Excel: “CSV UTF-8”)"
    )]
    OldEncoding { line: usize },
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
        "the table has no column to predict; put at least one beside the file names, separated by a comma, a semicolon or a tab"
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
    /// A picture described twice, and not alike.
    #[error(
        "line {line}: column `{column}` names `{file}`, as line {first} does, but with other values; remove one of the two, or write several labels into one cell, separated by `|`"
    )]
    SameFile { line: usize, column: String, file: String, first: usize },
    /// Rows that name one picture in two ways.
    #[error(
        "line {line}: `{file}` is the same picture as `{other}` in line {first}, `{picture}`; write where each of the two lies"
    )]
    SamePicture { line: usize, file: String, first: usize, other: String, picture: String },
    /// A row that may be of either of two pictures.
    #[error(
        "line {line}: `{file}` may be the picture `{first}` or `{second}`; write in column `{column}` where it lies, from the table's folder on"
    )]
    UnclearFile { line: usize, column: String, file: String, first: String, second: String },
    /// Two columns that may name the pictures.
    #[error(
        "the columns `{first}` and `{second}` both name pictures, but not the same; remove the one that is not to be learned from"
    )]
    TwoFileColumns { first: String, second: String },
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
    #[error("there are several tables: {}; leave only one beside the pictures", listed(.tables))]
    SeveralTables { tables: Vec<String> },
    /// A table alone.
    #[error(
        "there are no pictures with the table; put it into the folder that holds them, and give or drop the folder"
    )]
    NoPictures,
    /// A table of something else.
    #[error(
        "no pictures fit the table: its column `{column}` names `{file}`, but the pictures are called `{picture}` and the like; name them as they lie in the folder"
    )]
    OtherPictures { column: String, file: String, picture: String },
    /// Pictures that all fail.
    #[error("none of the {pictures} pictures of the table could be read: {reason}")]
    NoneReadable { pictures: usize, reason: String },
    /// Classes that cannot be learned.
    #[error(
        "column `{column}`: no picture to train on is of {}, but some to validate on are; add some, or remove those", listed(.classes)
    )]
    OnlyValidates { column: String, classes: Vec<String> },
}

impl TableError {
    /// What is given is no text.
    pub(super) fn no_text(kind: FileKind) -> Self {
        match kind {
            FileKind::Text | FileKind::Unknown | FileKind::Empty | FileKind::Zeros => Self::NotText,
            kind => Self::OtherKind { kind: kind.name() },
        }
    }
}
