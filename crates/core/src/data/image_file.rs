//! A picture file that was read: its pixels, and what should be known of the file.

use std::collections::BTreeMap;

use super::notice::Notice;
use crate::data::notice::Skipped;

/// What should be known of a picture file besides its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureFacts {
    /// Whether the file ends early or is damaged, and is used as far as it goes.
    pub is_cut: bool,
    /// The same for files of the same bytes, and different for others but for a chance of one in 2^64.
    pub digest: u64,
}

/// Leaves out of `pictures` those that could not be read, and says which these were. `file` gives the index and
/// the name of a picture's file.
pub fn retain_read<T>(
    pictures: &mut Vec<T>,
    file: impl Fn(&T) -> (usize, &str),
    read: &BTreeMap<usize, Result<PictureFacts, String>>,
) -> Vec<Skipped> {
    let mut failed = Vec::new();
    pictures.retain(|picture| {
        let (index, name) = file(picture);
        match read.get(&index) {
            Some(Ok(_)) => true,
            Some(Err(reason)) => {
                failed.push(Skipped { name: name.to_owned(), reason: reason.clone() });
                false
            }
            None => false,
        }
    });
    failed
}

/// A picture of a dataset by its file.
#[derive(Debug, Clone, Copy)]
pub struct FilePlace<'a> {
    pub name: &'a str,
    pub facts: PictureFacts,
    /// Its class.
    pub label: usize,
    pub validates: bool,
}

/// What should be known of the files of a dataset: that some are damaged, that some are there twice.
pub fn notices_of(files: &[FilePlace<'_>]) -> Vec<Notice> {
    let cut = files.iter().filter(|file| file.facts.is_cut);
    let cut: Vec<String> = cut.map(|file| file.name.to_owned()).collect();
    Notice::cut_pictures(&cut).into_iter().chain(copies(files)).collect()
}

/// Notices of pictures that are there twice, the most harmful kind of each pair only.
fn copies(files: &[FilePlace<'_>]) -> Vec<Notice> {
    let mut first: BTreeMap<u64, FilePlace<'_>> = BTreeMap::new();
    let (mut classes, mut parts, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for file in files {
        let Some(known) = first.get(&file.facts.digest) else {
            first.insert(file.facts.digest, *file);
            continue;
        };
        let kind = if known.label != file.label {
            &mut classes
        } else if known.validates != file.validates {
            &mut parts
        } else {
            &mut others
        };
        kind.push((known.name.to_owned(), file.name.to_owned()));
    }
    let notice = |pairs: Vec<(String, String)>, make: fn(usize, (String, String)) -> Notice| {
        let count = pairs.len();
        pairs.into_iter().next().map(|example| make(count, example))
    };
    [
        notice(classes, |count, example| Notice::SameInTwoClasses { count, example }),
        notice(parts, |count, example| Notice::SameInBothParts { count, example }),
        // They do harm where a part of them is drawn to validate.
        notice(others, |count, example| Notice::Copies { count, example })
            .filter(|_| files.iter().all(|file| !file.validates)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, digest: u64, label: usize, validates: bool) -> FilePlace<'_> {
        FilePlace { name, facts: PictureFacts { is_cut: digest == 9, digest }, label, validates }
    }

    #[test]
    fn the_worst_of_each_copy_is_told() {
        assert_eq!(notices_of(&[file("a", 1, 0, false), file("b", 2, 1, true)]), []);
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
        let notices = notices_of(&files);
        assert_eq!(
            notices,
            [
                Notice::CutPictures { count: 1, example: "h".into() },
                Notice::SameInTwoClasses { count: 2, example: pair("a", "b") },
                Notice::SameInBothParts { count: 1, example: pair("d", "e") },
            ]
        );
        let copies = Notice::Copies { count: 1, example: pair("f", "g") };
        assert_eq!(notices_of(&files[5..7]), [copies]);
    }
}
