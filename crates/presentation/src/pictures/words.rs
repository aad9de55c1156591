//! Counts and progress of pictures, in words.

use crate::plot::format::{about, count};
use tunelab_core::protocol::{ClassSummary, Collection, Removal};

const MEGABYTE: f64 = 1e6;
/// What is told of a time before is only a guess.
const TELLING_SECONDS: f64 = 1.0;

/// A number of things, such as `1 picture` or `12 pictures`.
pub fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// All of them, such as `640 pictures in 8 classes`.
pub fn total(collection: &Collection) -> String {
    let pictures = counted(collection.pictures(), "picture", "pictures");
    if let Some(table) = &collection.table {
        return match table.validation {
            0 => format!("{pictures} with a table"),
            more => format!("{pictures} with a table, and {} more to check with", count(more)),
        };
    }
    let classes = counted(collection.classes.len(), "class", "classes");
    let validation: usize = collection.classes.iter().map(|class| class.validation).sum();
    match validation {
        0 => format!("{pictures} in {classes}"),
        _ => format!("{pictures} in {classes}, and {} more to check with", count(validation)),
    }
}

/// Those of a class, such as `64 pictures, and 16 to check with`.
pub fn of_class(class: &ClassSummary) -> String {
    let pictures = counted(class.pictures, "picture", "pictures");
    match class.validation {
        0 => pictures,
        validation => format!("{pictures}, and {} to check with", count(validation)),
    }
}

/// What was removed last, such as `Class “cat” with 12 pictures was removed.`
pub fn removed(removal: &Removal) -> String {
    let counted = |number: usize| counted(number, "picture", "pictures");
    match removal {
        Removal::Class { name, pictures: 0 } => format!("Class “{name}” was removed."),
        Removal::Class { name, pictures } => {
            format!("Class “{name}” with {} was removed.", counted(*pictures))
        }
        Removal::Picture { name } => format!("“{name}” was removed."),
        Removal::All { pictures } => {
            format!("Everything was removed, with {}.", counted(*pictures))
        }
        Removal::Replaced { pictures } => {
            format!("The new pictures took the place of {}.", counted(*pictures))
        }
    }
}

/// How far an import is, with an estimate of what is left after a second.
pub fn progress(done: usize, total: usize, is_download: bool, seconds: f64) -> String {
    let so_far = if is_download {
        let received = done as f64 / MEGABYTE;
        match total {
            0 => format!("Downloading: {received:.1} MB"),
            total => format!("Downloading: {received:.1} of {:.1} MB", total as f64 / MEGABYTE),
        }
    } else {
        format!("Reading pictures: {} of {}", count(done), count(total))
    };
    if done == 0 || total <= done || seconds < TELLING_SECONDS {
        return so_far;
    }
    let left = seconds * (total - done) as f64 / done as f64;
    format!("{so_far}, {} left", about(left))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::protocol::ClassId;

    fn class(pictures: usize, validation: usize) -> ClassSummary {
        ClassSummary { id: ClassId(0), name: "a".into(), pictures, validation }
    }

    #[test]
    fn totals_count_what_is_learned_from() {
        let mut collection = Collection { classes: vec![class(1, 0)], ..Collection::default() };
        assert_eq!(total(&collection), "1 picture in 1 class");
        collection.classes.push(class(1239, 0));
        assert_eq!(total(&collection), "1,240 pictures in 2 classes");
        collection.classes.push(class(0, 16));
        assert_eq!(total(&collection), "1,240 pictures in 3 classes, and 16 more to check with");
        assert_eq!(of_class(&class(64, 16)), "64 pictures, and 16 to check with");
        assert_eq!(of_class(&class(1, 0)), "1 picture");
    }

    #[test]
    fn progress_is_estimated_after_a_second() {
        let plain = |text: String| text.replace('\u{a0}', " ");
        assert_eq!(progress(64, 640, false, 0.5), "Reading pictures: 64 of 640");
        assert_eq!(
            plain(progress(64, 640, false, 3.0)),
            "Reading pictures: 64 of 640, about 25 s left"
        );
        assert_eq!(progress(640, 640, false, 30.0), "Reading pictures: 640 of 640");
        assert_eq!(progress(0, 0, true, 30.0), "Downloading: 0.0 MB");
        assert_eq!(
            plain(progress(17_000_000, 170_000_000, true, 10.0)),
            "Downloading: 17.0 of 170.0 MB, about 2 min left"
        );
    }
}
