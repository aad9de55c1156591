//! What people should know of their data although the data can be used.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::folder::part_name;

/// The most names that a notice lists.
const LISTED: usize = 5;

/// A file that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    pub name: String,
    pub reason: String,
}

/// Something about the data that a user may not expect. Nothing was refused because of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Folders beside the class folders that hold no usable picture, so they are not classes.
    EmptyClasses { folders: Vec<String> },
    /// Groups of classes that a person would take for the same, such as `Cat` and `cat`.
    SimilarClasses { groups: Vec<Vec<String>> },
    /// Classes without a picture in the validation part that the data bring.
    NotValidated { classes: Vec<String> },
    /// A class folder whose pictures all lie in several folders in it.
    NestedClass { folder: String, folders: Vec<String> },
    /// A folder beside the training folder that is not sorted into classes.
    UnsortedFolder { folder: String, pictures: usize },
    /// A folder beside the training and the validation folder `used`.
    UnusedFolder { folder: String, pictures: usize, used: String },
    /// A folder that is a training part beside the training part `used`.
    SecondTrainFolder { folder: String, used: String },
    /// Names that are not UTF-8.
    NamesNotUtf8 { names: Vec<String> },
    /// Picture files that end early or are damaged.
    CutPictures { count: usize, example: String },
    /// Pictures that are there in two classes, byte for byte.
    SameInTwoClasses { count: usize, example: (String, String) },
    /// Validation pictures that are also training pictures.
    SameInBothParts { count: usize, example: (String, String) },
    /// Pictures that are there twice in one class.
    Copies { count: usize, example: (String, String) },
    /// Columns of a table with few whole numbers, which are learned as classes or else as numbers.
    WholeNumbers { columns: Vec<String>, lowest: i64, highest: i64, as_classes: bool },
    /// Columns of a table, one a class, that are learned as one.
    OneHot { columns: Vec<String>, task: String },
    /// Columns of a table that are not learned.
    ColumnsLeftOut { columns: Vec<String>, reason: LeftOut },
    /// A column of a table that says which part a picture is of.
    PartColumn { column: String, train: usize, validation: usize, unused: usize },
    /// A word in a column of classes that is taken for nothing known.
    UnknownWord { column: String, word: String, count: usize },
    /// Classes of a table's column of which there is no picture.
    ClassesWithoutPictures { column: String, classes: Vec<String> },
    /// Rows that are in a table again, word for word.
    RepeatedRows { count: usize, line: usize, first: usize },
    /// Rows of a table whose pictures are not there.
    RowsWithoutPicture { count: usize, rows: usize, example: String },
    /// Files of which a table says nothing.
    FilesWithoutRow { count: usize, example: String },
    /// Pictures that a table names with another extension or in another case.
    FoundByOtherName { count: usize, example: (String, String) },
}

/// Why a column of a table is not learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// It counts the rows.
    NumbersRows,
    /// By its name it tells rows apart, and it does.
    TellsRowsApart,
    /// It names the pictures once more.
    NamesPictures,
    /// It says nothing.
    Empty,
    /// It says the same of all pictures.
    OneValue,
}

impl Notice {
    /// Tells of the pictures that end early or are damaged, by their names; nothing if there are none.
    pub fn cut_pictures(names: &[String]) -> Option<Self> {
        let example = names.first()?.clone();
        Some(Self::CutPictures { count: names.len(), example })
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyClasses { folders } => match folders.as_slice() {
                [folder] => write!(
                    f,
                    "the folder `{folder}` has no usable picture, so it is not a class; add pictures to it if the model should know it"
                ),
                _ => write!(
                    f,
                    "{} folders have no usable picture, so they are not classes: {}; add pictures to them if the model should know them",
                    folders.len(),
                    listed(folders)
                ),
            },
            Self::SimilarClasses { groups } => {
                let groups: Vec<String> = groups.iter().map(|group| listed(group)).collect();
                write!(
                    f,
                    "some classes differ only in case, spaces or hyphens ({}); if they are the same, give them one name",
                    groups.join("; ")
                )
            }
            Self::NotValidated { classes } => {
                let have = if classes.len() == 1 { "has" } else { "have" };
                write!(
                    f,
                    "{} {have} no validation picture, so nothing is known of how well it goes there",
                    listed(classes)
                )
            }
            Self::SecondTrainFolder { folder, used } => write!(
                f,
                "the folder `{folder}` is not used, as `{used}` is the training part; move their pictures together"
            ),
            Self::NestedClass { folder, folders }
                if folders.iter().all(|inner| part_name(inner).is_some()) =>
            {
                write!(
                    f,
                    "`{folder}` is taken as one class, and its folders {} as no parts; make a `train` and a `val` folder, and the class folders in each",
                    listed(folders)
                )
            }
            Self::NestedClass { folder, folders } => write!(
                f,
                "`{folder}` is taken as one class, with the pictures of {}; if those are the classes, choose the folder `{folder}` itself",
                listed(folders)
            ),
            Self::UnsortedFolder { folder, pictures } => write!(
                f,
                "the folder `{folder}` is not used, as its pictures ({pictures}) are not sorted into classes"
            ),
            Self::UnusedFolder { folder, pictures, used } => write!(
                f,
                "the folder `{folder}` is not used ({pictures} pictures), as `{used}` validates; evaluate the trained model on it"
            ),
            Self::NamesNotUtf8 { names } => write!(
                f,
                "{} file or folder names are not UTF-8, and are shown with `\\xNN` for such bytes: {}",
                names.len(),
                listed(names)
            ),
            Self::CutPictures { count: 1, example } => write!(
                f,
                "the picture `{example}` ends early or is damaged and is used as far as it goes; copy or download it again"
            ),
            Self::CutPictures { count, example } => write!(
                f,
                "{count} pictures end early or are damaged and are used as far as they go, for example `{example}`; copy or download them again"
            ),
            Self::SameInTwoClasses { count, example: (a, b) } => write!(
                f,
                "{} in two classes, for example `{a}` and `{b}` are the same picture; remove it from one of them",
                pictures_are(*count)
            ),
            Self::SameInBothParts { count, example: (a, b) } => write!(
                f,
                "{} both in the training and in the validation part, for example `{a}` and `{b}`; the results will look better than they are",
                pictures_are(*count)
            ),
            Self::Copies { count, example: (a, b) } => write!(
                f,
                "{} there twice, for example `{a}` and `{b}`; remove the copies, as results look better than they are where one validates and the other trains",
                pictures_are(*count)
            ),
            Self::WholeNumbers { columns, lowest, highest, as_classes } => {
                let (kind, other, suffix) = match as_classes {
                    true => ("classes", "numbers", "number"),
                    false => ("numbers", "classes", "class"),
                };
                let first = columns.first().map_or("", String::as_str);
                let range = match highest - lowest {
                    1 => format!("{lowest} and {highest}"),
                    _ => format!("{lowest} to {highest}"),
                };
                write!(
                    f,
                    "{} hold{} only whole numbers, {range}, learned as {kind}; to learn them as {other}, write `{first}:{suffix}` in the table's header",
                    columns_are(columns),
                    third_person(columns)
                )
            }
            Self::OneHot { columns, task } => write!(
                f,
                "{} say yes for just one of them in each row, so they are learned as the classes of one, `{task}`; to learn each alone, write `{}:class` and the like in the table's header",
                columns_are(columns),
                columns.first().map_or("", String::as_str)
            ),
            Self::ColumnsLeftOut { columns, reason } => {
                let (are, s) = if columns.len() == 1 { ("is", "s") } else { ("are", "") };
                let reason = match reason {
                    LeftOut::NumbersRows => format!("number{s} the rows"),
                    LeftOut::TellsRowsApart => format!("only tell{s} the rows apart"),
                    LeftOut::NamesPictures => format!("name{s} the pictures too"),
                    LeftOut::Empty => format!("say{s} nothing"),
                    LeftOut::OneValue => format!("say{s} the same of all pictures"),
                };
                write!(f, "{} {reason}, so {are} not learned", columns_are(columns))
            }
            Self::PartColumn { column, train, validation, unused } => {
                write!(
                    f,
                    "column `{column}` says which part each picture is of: {train} train, {validation} validate"
                )?;
                match unused {
                    0 => Ok(()),
                    unused => write!(f, ", {unused} to test on are not used"),
                }
            }
            Self::UnknownWord { column, word, count } => write!(
                f,
                "column `{column}` says `{word}` {}, which is taken for unknown; if that is a class, write `{column}:class` in the table's header",
                times(*count)
            ),
            Self::ClassesWithoutPictures { column, classes } => write!(
                f,
                "column `{column}` names classes of which there is no picture, so the model does not learn them: {}",
                listed(classes)
            ),
            Self::RepeatedRows { count, line, first } => write!(
                f,
                "{} in the table again and used once, for example line {line} is line {first}",
                if *count == 1 { "1 row is".to_owned() } else { format!("{count} rows are") }
            ),
            Self::RowsWithoutPicture { count, rows, example } => write!(
                f,
                "the pictures of {count} of the table's {rows} rows are not there, for example `{example}`"
            ),
            Self::FilesWithoutRow { count, example } => write!(
                f,
                "the table has no row for {count} files, so they are not used, for example `{example}`"
            ),
            Self::FoundByOtherName { count, example: (cell, path) } => write!(
                f,
                "{} not called quite as in the table, for example `{cell}` is taken for `{path}`",
                pictures_are(*count)
            ),
        }
    }
}

fn columns_are(columns: &[String]) -> String {
    let word = if columns.len() == 1 { "column" } else { "the columns" };
    format!("{word} {}", listed(columns))
}

fn third_person(columns: &[String]) -> &'static str {
    if columns.len() == 1 { "s" } else { "" }
}

fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

fn pictures_are(count: usize) -> String {
    if count == 1 { "1 picture is".to_owned() } else { format!("{count} pictures are") }
}

/// The first names in backquotes, and how many more there are.
pub fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(LISTED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_pictures_are_told_once() {
        assert_eq!(Notice::cut_pictures(&[]), None);
        let told = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            Notice::cut_pictures(&names).unwrap().to_string()
        };
        assert!(told(&["a.jpg"]).starts_with("the picture `a.jpg` ends early"));
        let three = told(&["a.jpg", "b.jpg", "c.jpg"]);
        assert!(three.starts_with("3 pictures end early") && three.contains("example `a.jpg`;"));
    }
}
