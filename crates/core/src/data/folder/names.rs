//! The meaning of folder names.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::data::split_name::{COMPANION_WORDS, SplitName, words};

/// Names of folders that do not describe the images in them.
const GENERIC: [&str; 14] = [
    "images",
    "image",
    "img",
    "imgs",
    "pictures",
    "photos",
    "pics",
    "jpegimages",
    "data",
    "all",
    "unlabeled",
    "unlabelled",
    "unsorted",
    "unknown",
];

/// Folders next to datasets that do not belong to them.
const UNRELATED: [&str; 14] = [
    "docs",
    "doc",
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "assets",
    "figures",
    "screenshots",
    "papers",
    "previews",
    "thumbnails",
];

/// Folders with the annotations of an object detection or segmentation dataset.
const ANNOTATIONS: [&str; 5] = ["labels", "annotations", "annots", "masks", "segmentationclass"];

/// The split of a folder by its name, which may share a prefix with another split among `siblings`, such as
/// `letters_train` next to `letters_test`.
pub(super) fn split_among(folder: &str, siblings: &BTreeSet<&str>) -> Option<SplitName> {
    let prefix_and_split = |folder: &str| {
        let lower = folder.to_lowercase();
        let (prefix, word) = lower.rsplit_once(['_', '-', ' ', '.'])?;
        Some((prefix.to_owned(), SplitName::from_word(word)?))
    };
    SplitName::parse(folder).or_else(|| {
        let (prefix, split) = prefix_and_split(folder)?;
        let is_partner = |(other, name): (String, SplitName)| other == prefix && name != split;
        siblings.iter().filter_map(|other| prefix_and_split(other)).any(is_partner).then_some(split)
    })
}

/// Whether a folder is unrelated to the dataset next to it, such as `docs` or `sample_images`.
pub(super) fn is_unrelated(folder: &str) -> bool {
    let lower = folder.to_lowercase();
    let words = words(&lower);
    let is_unrelated = |word: &str| UNRELATED.contains(&word);
    words.clone().any(is_unrelated)
        && words.clone().all(|word| is_unrelated(word) || COMPANION_WORDS.contains(&word))
}

/// Whether the name of a folder does not describe the images in it.
pub(super) fn is_generic(folder: &str) -> bool {
    SplitName::parse(folder).is_some()
        || is_annotations(folder)
        || GENERIC.contains(&folder.to_lowercase().as_str())
}

/// Whether a folder has the annotations of an object detection or segmentation dataset.
pub(super) fn is_annotations(folder: &str) -> bool {
    ANNOTATIONS.contains(&folder.to_lowercase().as_str())
}

/// The class name of a folder: on one line, in composed Unicode (NFC), because macOS decomposes `é` into two
/// characters.
pub fn class_name(folder: &str) -> String {
    folder.nfc().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_may_share_a_prefix() {
        let siblings = BTreeSet::from(["letters_train", "letters_test", "bullet_train", "docs"]);
        assert_eq!(split_among("letters_train", &siblings), Some(SplitName::Train));
        assert_eq!(split_among("letters_test", &siblings), Some(SplitName::Test));
        assert_eq!(split_among("bullet_train", &siblings), None);
    }

    #[test]
    fn folders_next_to_a_dataset_are_unrelated() {
        for name in ["docs", "sample_images", "Examples"] {
            assert!(is_unrelated(name), "{name}");
        }
        for name in ["doctor", "images", "sample_cat", "cat"] {
            assert!(!is_unrelated(name), "{name}");
        }
    }

    #[test]
    fn class_names_are_composed_and_on_one_line() {
        assert_eq!(class_name("cafe\u{301}\nau lait"), "caf\u{e9} au lait");
    }
}
