//! What people should know of their data although the data can be used.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most names that a notice lists.
const LISTED: usize = 5;

/// Something about the data that a user may not expect. Nothing was refused because of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Folders beside the class folders that hold no usable picture, so they are not classes.
    EmptyClasses { folders: Vec<String> },
    /// Classes that a person would take for the same, such as `Cat` and `cat`.
    SimilarClasses { classes: Vec<String> },
    /// A class folder whose pictures all lie in several folders in it.
    NestedClass { folder: String, folders: Vec<String> },
    /// A folder beside the training folder that is not sorted into classes.
    UnsortedFolder { folder: String, pictures: usize },
    /// A folder beside the training and the validation folder `used`.
    UnusedFolder { folder: String, pictures: usize, used: String },
    /// Names that are not UTF-8.
    NamesNotUtf8 { names: Vec<String> },
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
            Self::SimilarClasses { classes } => write!(
                f,
                "the classes {} differ only in case, spaces or hyphens; if they are the same, move their pictures into one folder",
                listed(classes)
            ),
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
        }
    }
}

/// The first names in backquotes, and how many more there are.
pub fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(LISTED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
