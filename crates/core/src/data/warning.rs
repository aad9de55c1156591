//! Warnings about usable data.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

use super::image_file::ImageFileInfo;
use super::table::error::TableError;

/// Maximum number of groups of classes in a message.
const LISTED_GROUPS: usize = 5;

/// A property of the data that users may not expect. The data can still be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataWarning {
    /// Folders without usable images, next to class folders. They are not classes.
    EmptyClasses { folders: Vec<String> },
    /// Groups of classes whose names differ only in case or separators, such as `Cat` and `cat`.
    SimilarClasses { groups: Vec<Vec<String>> },
    /// Classes without images in the validation split that comes with the data.
    NotValidated { classes: Vec<String> },
    /// A class folder whose images all lie in several folders inside it, which may be the real classes.
    NestedClasses { folder: String, folders: Vec<String> },
    /// A class folder with folders named like splits inside it.
    NestedSplits { folder: String, folders: Vec<String> },
    /// A split whose images are not sorted into classes.
    UnsortedFolder { folder: String, images: usize },
    /// A split that is not used, because `used` is the validation split.
    UnusedFolder { folder: String, images: usize, used: String },
    /// A second training folder besides `used`.
    SecondTrainFolder { folder: String, used: String },
    /// File names that are not UTF-8.
    NamesNotUtf8 { names: Vec<String> },
    /// Images whose files are truncated or damaged.
    IncompleteImages { count: usize, example: String },
    /// Identical files in two classes.
    SameInTwoClasses { count: usize, example: (String, String) },
    /// Identical files in the training and the validation split.
    SameInBothSplits { count: usize, example: (String, String) },
    /// Identical files in one class.
    Duplicates { count: usize, example: (String, String) },
    /// An unusable table next to class folders.
    UnusedTable { file: String, error: Box<TableError> },
    /// Columns of a table with few distinct integers, learned as classes or as numbers.
    WholeNumbers { columns: Vec<String>, lowest: i64, highest: i64, as_classes: bool },
    /// One-hot columns of a table, learned as one task.
    OneHot { columns: Vec<String>, task: String },
    /// Columns of a table that are not learned.
    IgnoredColumns { columns: Vec<String>, reason: IgnoreReason },
    /// A column of a table that assigns images to splits; `unused` images are in a test split.
    SplitColumn { column: String, train: usize, validation: usize, unused: usize },
    /// A word in a column of classes that was read as a missing value.
    MissingValueWord { column: String, word: String, count: usize },
    /// Classes in a column of a table that have no images.
    ClassesWithoutImages { column: String, classes: Vec<String> },
    /// Rows of a table that repeat an earlier row.
    RepeatedRows { count: usize, line: usize, first: usize },
    /// Rows of a table whose images were not found.
    RowsWithoutImage { count: usize, rows: usize, example: String },
    /// Files that a table has no row for.
    FilesWithoutRow { count: usize, example: String },
    /// Images whose names in the table have another extension or case.
    MatchedByOtherName { count: usize, example: (String, String) },
}

/// Why a column of a table is not learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IgnoreReason {
    /// It numbers the rows.
    RowNumber,
    /// It has a different value in every row, such as an id or a caption.
    Identifier,
    /// It has the names of the images, like another column.
    ImageName,
    /// It has no values.
    Empty,
    /// It has the same value in every row.
    Constant,
}

/// An image file of a dataset, for [`DataWarning::of_files`].
#[derive(Debug, Clone, Copy)]
pub struct DatasetFile<'a> {
    pub name: &'a str,
    pub info: ImageFileInfo,
    /// Index of its class.
    pub label: usize,
    pub is_validation: bool,
}

impl DataWarning {
    /// A warning about incomplete images; `None` without any.
    pub fn incomplete_images(names: &[String]) -> Option<Self> {
        let example = names.first()?.clone();
        Some(Self::IncompleteImages { count: names.len(), example })
    }

    /// A warning about classes whose names differ only in case or separators.
    pub fn similar_classes(classes: &[String]) -> Option<Self> {
        let mut by_key: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for class in classes {
            let words: Vec<&str> =
                class.split([' ', '_', '-']).filter(|word| !word.is_empty()).collect();
            by_key.entry(words.join(" ").to_lowercase()).or_default().push(class.clone());
        }
        let groups: Vec<Vec<String>> =
            by_key.into_values().filter(|classes| classes.len() > 1).collect();
        (!groups.is_empty()).then_some(Self::SimilarClasses { groups })
    }

    /// Warnings about columns that are not learned, one for each reason.
    pub fn ignored_columns(columns: Vec<(String, IgnoreReason)>) -> Vec<Self> {
        let mut by_reason: BTreeMap<IgnoreReason, Vec<String>> = BTreeMap::new();
        for (column, reason) in columns {
            by_reason.entry(reason).or_default().push(column);
        }
        let warning = |(reason, columns)| Self::IgnoredColumns { columns, reason };
        by_reason.into_iter().map(warning).collect()
    }

    /// Warnings about incomplete and identical files of a dataset.
    pub fn of_files(files: &[DatasetFile<'_>]) -> Vec<Self> {
        let incomplete = files.iter().filter(|file| file.info.is_incomplete);
        let incomplete: Vec<String> = incomplete.map(|file| file.name.to_owned()).collect();
        Self::incomplete_images(&incomplete)
            .into_iter()
            .chain(Self::identical_files(files))
            .collect()
    }

    /// Warnings about identical files. Each pair counts only for its most harmful kind.
    fn identical_files(files: &[DatasetFile<'_>]) -> impl Iterator<Item = Self> {
        let mut first: HashMap<u64, &DatasetFile<'_>> = HashMap::new();
        let (mut classes, mut splits, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for file in files {
            let Some(known) = first.get(&file.info.digest) else {
                first.insert(file.info.digest, file);
                continue;
            };
            let pairs = if known.label != file.label {
                &mut classes
            } else if known.is_validation != file.is_validation {
                &mut splits
            } else {
                &mut others
            };
            pairs.push((known.name.to_owned(), file.name.to_owned()));
        }
        // Duplicates within a class are harmful only if a validation split is still to be drawn.
        if files.iter().any(|file| file.is_validation) {
            others.clear();
        }
        let warning = |pairs: Vec<(String, String)>, make: fn(usize, (String, String)) -> Self| {
            let count = pairs.len();
            pairs.into_iter().next().map(|example| make(count, example))
        };
        [
            warning(classes, |count, example| Self::SameInTwoClasses { count, example }),
            warning(splits, |count, example| Self::SameInBothSplits { count, example }),
            warning(others, |count, example| Self::Duplicates { count, example }),
        ]
        .into_iter()
        .flatten()
    }
}

impl Localize for DataWarning {
    fn localize(&self, texts: Texts) -> String {
        let list = |names: &[String]| texts.quoted_list(names);
        match self {
            Self::EmptyClasses { folders } => {
                texts.data_warning_empty_classes(folders.len(), &list(folders))
            }
            Self::SimilarClasses { groups } => {
                let quoted = |group: &Vec<String>| {
                    let names: Vec<String> = group.iter().map(|name| texts.quoted(name)).collect();
                    names.join(" / ")
                };
                let groups: Vec<String> = groups.iter().map(quoted).collect();
                texts.data_warning_similar_classes(&texts.some_of(&groups, LISTED_GROUPS))
            }
            Self::NotValidated { classes } => {
                texts.data_warning_not_validated(classes.len(), &list(classes))
            }
            Self::NestedClasses { folder, folders } => {
                texts.data_warning_nested_classes(folder, &list(folders))
            }
            Self::NestedSplits { folder, folders } => {
                texts.data_warning_nested_splits(folder, &list(folders))
            }
            Self::UnsortedFolder { folder, images } => {
                texts.data_warning_unsorted_folder(*images, folder)
            }
            Self::UnusedFolder { folder, images, used } => {
                texts.data_warning_unused_folder(*images, folder, used)
            }
            Self::SecondTrainFolder { folder, used } => {
                texts.data_warning_second_train_folder(folder, used)
            }
            Self::NamesNotUtf8 { names } => {
                texts.data_warning_names_not_utf8(names.len(), &list(names))
            }
            Self::IncompleteImages { count, example } => {
                texts.data_warning_incomplete_images(*count, example)
            }
            Self::SameInTwoClasses { count, example: (first, second) } => {
                texts.data_warning_same_in_two_classes(*count, first, second)
            }
            Self::SameInBothSplits { count, example: (first, second) } => {
                texts.data_warning_same_in_both_splits(*count, first, second)
            }
            Self::Duplicates { count, example: (first, second) } => {
                texts.data_warning_duplicates(*count, first, second)
            }
            Self::UnusedTable { file, error } => {
                texts.data_warning_unused_table(file, &error.localize(texts))
            }
            Self::WholeNumbers { columns, lowest, highest, as_classes } => {
                let (lowest, highest) = (lowest.to_string(), highest.to_string());
                let column = columns.first().map_or("", String::as_str);
                let write: fn(Texts, usize, &str, &str, &str, &str) -> String = match as_classes {
                    true => Texts::data_warning_whole_numbers_as_classes,
                    false => Texts::data_warning_whole_numbers_as_numbers,
                };
                write(texts, columns.len(), &list(columns), &lowest, &highest, column)
            }
            Self::OneHot { columns, task } => {
                let column = columns.first().map_or("", String::as_str);
                texts.data_warning_one_hot(&list(columns), task, column)
            }
            Self::IgnoredColumns { columns, reason } => {
                let write: fn(Texts, usize, &str) -> String = match reason {
                    IgnoreReason::RowNumber => Texts::data_warning_ignored_row_number,
                    IgnoreReason::Identifier => Texts::data_warning_ignored_identifier,
                    IgnoreReason::ImageName => Texts::data_warning_ignored_image_name,
                    IgnoreReason::Empty => Texts::data_warning_ignored_empty,
                    IgnoreReason::Constant => Texts::data_warning_ignored_constant,
                };
                write(texts, columns.len(), &list(columns))
            }
            Self::SplitColumn { column, train, validation, unused: 0 } => {
                texts.data_warning_split_column(column, *train, *validation)
            }
            Self::SplitColumn { column, train, validation, unused } => {
                texts.data_warning_split_column_with_test(column, *train, *validation, *unused)
            }
            Self::MissingValueWord { column, word, count } => {
                texts.data_warning_missing_value_word(column, word, *count)
            }
            Self::ClassesWithoutImages { column, classes } => {
                texts.data_warning_classes_without_images(classes.len(), column, &list(classes))
            }
            Self::RepeatedRows { count, line, first } => {
                texts.data_warning_repeated_rows(*count, *line, *first)
            }
            Self::RowsWithoutImage { count, rows, example } => {
                texts.data_warning_rows_without_image(*count, *rows, example)
            }
            Self::FilesWithoutRow { count, example } => {
                texts.data_warning_files_without_row(*count, example)
            }
            Self::MatchedByOtherName { count, example: (cell, path) } => {
                texts.data_warning_matched_by_other_name(*count, cell, path)
            }
        }
    }
}

display_in_english!(DataWarning);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_warning_counts_incomplete_images() {
        assert_eq!(DataWarning::incomplete_images(&[]), None);
        let message = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            DataWarning::incomplete_images(&names).unwrap().to_string()
        };
        assert!(message(&["a.jpg"]).starts_with("The image “a.jpg” ends early"));
        let three = message(&["a.jpg", "b.jpg", "c.jpg"]);
        assert!(three.starts_with("3 images end early") && three.contains("example “a.jpg”."));
    }

    fn file(name: &str, digest: u64, label: usize, is_validation: bool) -> DatasetFile<'_> {
        let info = ImageFileInfo { is_incomplete: digest == 9, digest };
        DatasetFile { name, info, label, is_validation }
    }

    #[test]
    fn each_pair_of_identical_files_counts_once() {
        let different = [file("a", 1, 0, false), file("b", 2, 1, true)];
        assert_eq!(DataWarning::of_files(&different), []);
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let files = [
            file("a", 1, 0, false),
            file("b", 1, 1, false),
            file("c", 1, 1, true),
            file("d", 2, 0, false),
            file("e", 2, 0, true),
            file("f", 3, 0, false),
            file("g", 3, 0, false),
            file("h", 9, 0, false),
        ];
        assert_eq!(
            DataWarning::of_files(&files),
            [
                DataWarning::IncompleteImages { count: 1, example: "h".into() },
                DataWarning::SameInTwoClasses { count: 2, example: pair("a", "b") },
                DataWarning::SameInBothSplits { count: 1, example: pair("d", "e") },
            ]
        );
        let duplicates = DataWarning::Duplicates { count: 1, example: pair("f", "g") };
        assert_eq!(DataWarning::of_files(&files[5..7]), [duplicates]);
    }
}
