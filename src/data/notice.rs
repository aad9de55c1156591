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
        }
    }
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
