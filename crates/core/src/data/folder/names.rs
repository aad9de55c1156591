//! What names of files and folders tell: clutter of systems, pictures, parts of a dataset.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// Extensions of pictures that are decoded here, in lower case.
const PICTURE_EXTENSIONS: [&str; 9] =
    ["jpg", "jpeg", "jpe", "jfif", "pjpeg", "png", "webp", "gif", "bmp"];

/// Files and folders that systems, file managers and network drives leave behind, in lower case.
const CLUTTER: [&str; 22] = [
    "__macosx",
    "@eadir",
    "@recycle",
    "@recently-snapshot",
    "@synoresource",
    "#recycle",
    "#snapshot",
    "$recycle.bin",
    "recycler",
    "system volume information",
    "lost+found",
    "found.000",
    "node_modules",
    "network trash folder",
    "temporary items",
    "__pycache__",
    "thumbs.db",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "desktop.ini",
    "picasa.ini",
    "icon\r",
];

/// Words that may stand beside the name of a part, such as in `training_set` or `seg_train`.
const COMPANIONS: [&str; 12] = [
    "set", "sets", "data", "dataset", "split", "folder", "part", "images", "imgs", "pictures",
    "photos", "seg",
];

/// Folder names that say nothing of what is on the pictures in them.
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

/// Folders that projects have beside their datasets.
const BESIDE: [&str; 14] = [
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

/// Folders with the answers of an object detection or segmentation dataset.
const ANNOTATIONS: [&str; 5] = ["labels", "annotations", "annots", "masks", "segmentationclass"];

/// A part of a dataset, in the order in which they are taken for validation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartName {
    Train,
    Validation,
    Test,
}

/// Which part of a dataset a folder holds by its name, in any case: `train`, `Training`, `training_set`,
/// `valid`, `dev`, `Testing`, ...
pub fn part_name(folder: &str) -> Option<PartName> {
    let lower = folder.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut found = None;
    for word in words {
        let stem = ["set", "data"].iter().find_map(|ending| word.strip_suffix(ending));
        match part_word(word).or_else(|| part_word(stem.unwrap_or_default())) {
            Some(part) if found.is_none() => found = Some(part),
            None if COMPANIONS.contains(&word) => {}
            _ => return None,
        }
    }
    found
}

/// Which part of a dataset a folder holds beside others, such as `letters_train` beside `letters_test`.
pub(super) fn part_beside(folder: &str, others: &BTreeSet<&str>) -> Option<PartName> {
    let prefix_and_part = |folder: &str| {
        let lower = folder.to_lowercase();
        let (prefix, word) = lower.rsplit_once(['_', '-', ' ', '.'])?;
        Some((prefix.to_owned(), part_word(word)?))
    };
    part_name(folder).or_else(|| {
        let (prefix, part) = prefix_and_part(folder)?;
        let is_partner = |(other, name): (String, PartName)| other == prefix && name != part;
        others.iter().filter_map(|other| prefix_and_part(other)).any(is_partner).then_some(part)
    })
}

/// Whether a folder beside a dataset holds something else by its name, such as `docs` or `sample_images`.
pub(super) fn lies_beside(folder: &str) -> bool {
    let lower = folder.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_beside = |word: &str| BESIDE.contains(&word);
    words.clone().any(is_beside) && words.all(|word| is_beside(word) || COMPANIONS.contains(&word))
}

fn part_word(word: &str) -> Option<PartName> {
    let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
    Some(match word {
        "train" | "training" | "trn" => PartName::Train,
        "val" | "valid" | "validation" | "validate" | "dev" | "eval" | "evaluation" => {
            PartName::Validation
        }
        "test" | "testing" | "tst" => PartName::Test,
        _ => return None,
    })
}

/// Whether a folder's name says nothing of what is on its pictures.
pub(super) fn says_nothing(folder: &str) -> bool {
    part_name(folder).is_some()
        || is_annotations(folder)
        || GENERIC.contains(&folder.to_lowercase().as_str())
}

/// Whether a folder holds the answers of an object detection or segmentation dataset by its name.
pub(super) fn is_annotations(folder: &str) -> bool {
    ANNOTATIONS.contains(&folder.to_lowercase().as_str())
}

/// Whether a file is what systems and file managers leave behind, or lies in such a folder.
pub fn is_clutter(path: &str) -> bool {
    path.split('/').any(|part| {
        // A path may begin with the folder that it is seen from.
        (part.starts_with('.') && !matches!(part, "." | ".."))
            || part.starts_with("~$")
            || part.ends_with(":Zone.Identifier")
            || CLUTTER.contains(&part.to_lowercase().as_str())
    })
}

/// Whether a file is a picture by its name. What others are, their content tells.
pub fn is_picture(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty()
            && PICTURE_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

/// A class's name: its folder's on one line, composed (NFC). Macs write `é` as two characters, other systems
/// as one.
pub fn class_name(folder: &str) -> String {
    folder.nfc().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_known_in_many_spellings() {
        for train in
            ["train", "Training", "TRAIN", "training_set", "train-images", "seg_train", "trainset"]
        {
            assert_eq!(part_name(train), Some(PartName::Train), "{train}");
        }
        for validation in ["val", "Valid", "validation", "dev", "val_set", "evaluation", "valset"] {
            assert_eq!(part_name(validation), Some(PartName::Validation), "{validation}");
        }
        for test in ["test", "Testing", "test_set", "testdata", "Test Images", "test1"] {
            assert_eq!(part_name(test), Some(PartName::Test), "{test}");
        }
        for class in
            ["trains", "trainer", "toy train", "value", "devil", "protest", "set", "", "train_test"]
        {
            assert_eq!(part_name(class), None, "{class}");
        }
    }

    #[test]
    fn parts_may_share_a_prefix_and_others_lie_beside() {
        let tops = BTreeSet::from(["letters_train", "letters_test", "bullet_train", "docs"]);
        assert_eq!(part_beside("letters_train", &tops), Some(PartName::Train));
        assert_eq!(part_beside("letters_test", &tops), Some(PartName::Test));
        assert_eq!(part_beside("bullet_train", &tops), None);
        for name in ["docs", "sample_images", "Examples"] {
            assert!(lies_beside(name), "{name}");
        }
        for name in ["doctor", "images", "sample_cat", "cat"] {
            assert!(!lies_beside(name), "{name}");
        }
    }

    #[test]
    fn class_names_are_composed_and_on_one_line() {
        assert_eq!(class_name("cafe\u{301}\nau lait"), "caf\u{e9} au lait");
    }

    #[test]
    fn clutter_is_known() {
        for path in [
            "cat/.DS_Store",
            "cat/._p0.png",
            "__MACOSX/cat/p.png",
            "cat/@eaDir/p.jpg/SYNOPHOTO_THUMB_M.jpg",
            "$RECYCLE.BIN/S-1/p.png",
            "System Volume Information/x",
            "cat/Desktop.ini",
            "cat/Icon\r",
            "cat/ehthumbs.db",
            "cat/~$notes.docx",
            "cat/.ipynb_checkpoints/p-checkpoint.png",
        ] {
            assert!(is_clutter(path), "{path:?}");
        }
        for path in ["cat/icon.png", "./cat/p.png", "../cat/p.png", "recycled/p.png", "cat/~p.png"]
        {
            assert!(!is_clutter(path), "{path:?}");
        }
    }

    #[test]
    fn pictures_have_many_extensions() {
        for path in ["a.jfif", "x/b.PJPEG", "c.Jpg", "d.jpg.jpg"] {
            assert!(is_picture(path), "{path}");
        }
        for path in ["a", "jpg", ".jpg", "x.jpg/readme", "a.jpg ", "b.heic"] {
            assert!(!is_picture(path), "{path}");
        }
    }
}
