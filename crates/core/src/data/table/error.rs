//! Errors of label tables.

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

use crate::data::csv::CsvError;
use crate::data::file_kind::FileKind;
use crate::data::skipped::SkipReason;

/// Why a label table cannot be used. Lines are counted from 1, including the header; columns are identified by their
/// names in the header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum TableError {
    /// It is not text, or damaged UTF-16.
    NotText,
    /// It is another kind of file.
    OtherKind { kind: FileKind },
    /// It is text in an encoding such as Windows-1252, which cannot be distinguished from similar ones.
    OtherEncoding { line: usize },
    /// Its quotation marks do not match.
    Csv(CsvError),
    /// It is empty.
    Empty,
    /// Its first line names an image instead of the columns.
    NoHeader { line: usize, file: String },
    /// It has no column besides the file names.
    NoTask,
    /// It has no rows below the header.
    NoRows,
    /// A column to learn has no name. The position is counted from 1.
    NoName { line: usize, position: usize },
    /// Two columns have the same name.
    SameName { line: usize, column: String },
    /// A row has too few cells.
    TooFewCells { line: usize, found: usize, expected: usize, column: String },
    /// A row has too many cells.
    TooManyCells { line: usize, found: usize, expected: usize },
    /// A row names no file.
    NoFile { line: usize, column: String },
    /// Two rows have different values for the same file.
    SameFile { line: usize, column: String, file: String, first: usize },
    /// Two rows name the same image in different ways.
    SameImage { line: usize, file: String, first: usize, other: String, image: String },
    /// A row may mean either of two images.
    AmbiguousFile { line: usize, column: String, file: String, first: String, second: String },
    /// Two columns name different images.
    TwoFileColumns { first: String, second: String },
    /// A value is not a number.
    NotANumber { line: usize, column: String, cell: String },
    /// A column has no values.
    NoValues { column: String },
    /// A column has a single class.
    OneClass { column: String, class: String },
    /// A column has more classes or labels than a task may have. It is probably free text.
    TooManyClasses { column: String, found: usize, most: usize },
    /// There are several tables.
    SeveralTables { tables: Vec<String> },
    /// There are no images with the table.
    NoImages,
    /// The table names none of the images, of which `image` is one.
    OtherImages { column: String, file: String, image: String },
    /// None of the training images could be read; `reason` is that of the first.
    NoneReadable { images: usize, reason: Option<Box<SkipReason>> },
    /// Classes with validation images but without training images.
    OnlyInValidation { column: String, classes: Vec<String> },
}

impl TableError {
    /// The error for a file that is not UTF-8 or UTF-16 text.
    pub(super) fn not_text(kind: FileKind) -> Self {
        match kind {
            FileKind::Text | FileKind::Unknown | FileKind::Empty | FileKind::Zeros => Self::NotText,
            kind => Self::OtherKind { kind },
        }
    }
}

impl From<CsvError> for TableError {
    fn from(error: CsvError) -> Self {
        Self::Csv(error)
    }
}

impl Localize for TableError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::NotText => texts.error_table_not_text().into(),
            Self::OtherKind { kind } => texts.error_table_other_kind(&kind.describe(texts)),
            Self::OtherEncoding { line } => texts.error_table_other_encoding(*line),
            Self::Csv(error) => error.localize(texts),
            Self::Empty => texts.error_table_empty().into(),
            Self::NoHeader { line, file } => texts.error_table_no_header(*line, file),
            Self::NoTask => texts.error_table_no_task().into(),
            Self::NoRows => texts.error_table_no_rows().into(),
            Self::NoName { line, position } => texts.error_table_no_name(*line, *position),
            Self::SameName { line, column } => texts.error_table_same_name(*line, column),
            Self::TooFewCells { line, found, expected, column } => {
                texts.error_table_too_few_cells(*line, *found, *expected, column)
            }
            Self::TooManyCells { line, found, expected } => {
                texts.error_table_too_many_cells(*line, *found, *expected)
            }
            Self::NoFile { line, column } => texts.error_table_no_file(*line, column),
            Self::SameFile { line, column, file, first } => {
                texts.error_table_same_file(*line, column, file, *first)
            }
            Self::SameImage { line, file, first, other, image } => {
                texts.error_table_same_image(*line, file, other, *first, image)
            }
            Self::AmbiguousFile { line, column, file, first, second } => {
                texts.error_table_ambiguous_file(*line, file, first, second, column)
            }
            Self::TwoFileColumns { first, second } => {
                texts.error_table_two_file_columns(first, second)
            }
            Self::NotANumber { line, column, cell } => {
                texts.error_table_not_a_number(*line, column, cell)
            }
            Self::NoValues { column } => texts.error_table_no_values(column),
            Self::OneClass { column, class } => texts.error_table_one_class(column, class),
            Self::TooManyClasses { column, found, most } => {
                texts.error_table_too_many_classes(column, *found, *most)
            }
            Self::SeveralTables { tables } => texts.error_table_several(&texts.quoted_list(tables)),
            Self::NoImages => texts.error_table_no_images().into(),
            Self::OtherImages { column, file, image } => {
                texts.error_table_other_images(column, file, image)
            }
            Self::NoneReadable { images, reason } => {
                let reason = reason.as_ref().map_or_else(String::new, |one| one.localize(texts));
                texts.error_table_none_readable(*images, &reason)
            }
            Self::OnlyInValidation { column, classes } => {
                texts.error_table_only_in_validation(column, &texts.quoted_list(classes))
            }
        }
    }
}

display_in_english!(TableError);
