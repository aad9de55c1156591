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
    /// Picture files that end early or are damaged.
    CutPictures { count: usize, example: String },
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
            Self::CutPictures { count: 1, example } => write!(
                f,
                "the picture `{example}` ends early or is damaged and is used as far as it goes; copy or download it again"
            ),
            Self::CutPictures { count, example } => write!(
                f,
                "{count} pictures end early or are damaged and are used as far as they go, for example `{example}`; copy or download them again"
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
