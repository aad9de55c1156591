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
