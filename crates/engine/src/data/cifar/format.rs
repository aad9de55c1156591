//! The binary formats: records of labels and 3072 bytes of 32x32 px pixels.
//!
//! The pixels are in planes: 1024 bytes of red, row-major, then green, then blue. A CIFAR-10 record begins with
//! its label (0 to 9), a CIFAR-100 record with its coarse label (0 to 19) and its fine label (0 to 99).

use super::class_names;
use crate::data::image::RgbImage;
use tunelab_core::data::cifar::{Cifar100Labels, CifarError, CifarVersion, ClassNamesProblem};
use tunelab_core::data::file_kind::FileKind;
use tunelab_core::data::task::{Target, Task};

/// The side of an image in px.
pub const SIDE: u32 = 32;

const PLANE: usize = (SIDE * SIDE) as usize;
/// Bytes of the three planes of an image.
const PIXELS: usize = 3 * PLANE;

/// Bytes of the labels of a record.
const fn label_bytes(version: CifarVersion) -> usize {
    match version {
        CifarVersion::Cifar10 => 1,
        CifarVersion::Cifar100 => 2,
    }
}

/// Bytes of a record: the labels and three planes.
pub(super) const fn record_bytes(version: CifarVersion) -> usize {
    label_bytes(version) + PIXELS
}

/// The official class names, in label order.
pub(super) fn official_names(version: CifarVersion) -> &'static [&'static str] {
    match version {
        CifarVersion::Cifar10 => &class_names::CIFAR_10,
        CifarVersion::Cifar100 => &class_names::FINE,
    }
}

pub(super) fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// An image with its labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CifarRecord {
    /// The class, 0 to 9, or the fine label of CIFAR-100, 0 to 99.
    pub label: usize,
    /// The coarse label of CIFAR-100, 0 to 19.
    pub superclass: Option<usize>,
    /// 32x32 px.
    pub image: RgbImage,
}

/// The records of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CifarBatch {
    pub version: CifarVersion,
    pub records: Vec<CifarRecord>,
}

/// A whole dataset.
#[derive(Debug, Clone)]
pub struct CifarData {
    pub version: CifarVersion,
    /// The names of the classes, in label order.
    pub classes: Vec<String>,
    /// The names of the 20 superclasses of CIFAR-100.
    pub superclasses: Vec<String>,
    /// The records of the training batches, in order.
    pub train: Vec<CifarRecord>,
    /// The records of the test batch, if there is one.
    pub test: Option<Vec<CifarRecord>>,
}

impl CifarData {
    /// The tasks for some of the labels.
    pub fn tasks(&self, labels: Cifar100Labels) -> Vec<Task> {
        let coarse = || self.superclasses.clone();
        match (self.version, labels) {
            (CifarVersion::Cifar10, _) | (_, Cifar100Labels::Fine) => {
                vec![Task::only(self.classes.clone())]
            }
            (_, Cifar100Labels::Coarse) => vec![Task::only(coarse())],
            (_, Cifar100Labels::Both) => {
                vec![Task::class("fine", self.classes.clone()), Task::class("coarse", coarse())]
            }
        }
    }
}

impl CifarRecord {
    /// The targets, one per task of [`CifarData::tasks`].
    pub fn targets(&self, labels: Cifar100Labels) -> Vec<Target> {
        let fine = Target::Class(self.label);
        match (self.superclass.map(Target::Class), labels) {
            (None, _) | (_, Cifar100Labels::Fine) => vec![fine],
            (Some(coarse), Cifar100Labels::Coarse) => vec![coarse],
            (Some(coarse), Cifar100Labels::Both) => vec![fine, coarse],
        }
    }
}

/// Parses a batch such as `data_batch_1.bin` or `train.bin` of CIFAR-100. `file` is its name for messages.
///
/// # Errors
/// When the length is zero or not a multiple of the length of a record, or a label is out of range.
pub fn parse_batch(bytes: &[u8], file: &str) -> Result<CifarBatch, CifarError> {
    if bytes.is_empty() {
        return Err(CifarError::Empty { file: file.to_owned() });
    }
    let kind = FileKind::of(bytes);
    // No batch begins with the bytes of these kinds.
    if matches!(kind, FileKind::PyTorch | FileKind::Pickle | FileKind::Zip | FileKind::Gzip) {
        return Err(CifarError::OtherKind { file: file.to_owned(), kind });
    }
    // If the length fits both, there are thousands of records, whose labels fit only one.
    let mut result = Err(CifarError::Length { file: file.to_owned(), bytes: bytes.len() });
    for version in [CifarVersion::Cifar10, CifarVersion::Cifar100] {
        if bytes.len().is_multiple_of(record_bytes(version)) {
            result = parse_as(version, bytes, file);
            if result.is_ok() {
                break;
            }
        }
    }
    result
}

fn parse_as(version: CifarVersion, bytes: &[u8], file: &str) -> Result<CifarBatch, CifarError> {
    let check = |record: usize, label: u8, count: usize| match usize::from(label) {
        label if label < count => Ok(label),
        _ => Err(CifarError::Label { file: file.to_owned(), record, label, highest: count - 1 }),
    };
    let parse = |(index, record): (usize, &[u8])| {
        let (labels, planes) = record.split_at(label_bytes(version));
        let (superclass, label) = match labels {
            [coarse, fine] => (Some(check(index, *coarse, class_names::COARSE.len())?), *fine),
            _ => (None, labels.first().copied().unwrap_or_default()),
        };
        let label = check(index, label, official_names(version).len())?;
        Ok(CifarRecord { label, superclass, image: interleave(planes) })
    };
    let records = bytes.chunks_exact(record_bytes(version)).enumerate().map(parse);
    Ok(CifarBatch { version, records: records.collect::<Result<_, _>>()? })
}

fn interleave(planes: &[u8]) -> RgbImage {
    RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let i = (y * SIDE + x) as usize;
        [planes[i], planes[PLANE + i], planes[2 * PLANE + i]]
    })
}

/// Parses a list of `expected` names such as `batches.meta.txt`, one per line. Empty lines are ignored.
///
/// # Errors
/// When it is not UTF-8 text or has another number of different names.
pub fn parse_class_names(
    bytes: &[u8],
    file: &str,
    expected: usize,
) -> Result<Vec<String>, CifarError> {
    let error = |problem| CifarError::ClassNames { file: file.to_owned(), expected, problem };
    let text = std::str::from_utf8(bytes).map_err(|_| error(ClassNamesProblem::NotText))?;
    let names: Vec<&str> = text.lines().map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.len() != expected {
        return Err(error(ClassNamesProblem::Count { found: names.len() }));
    }
    for (i, name) in names.iter().enumerate() {
        if names[..i].contains(name) {
            return Err(error(ClassNamesProblem::Repeated { name: (*name).to_owned() }));
        }
    }
    Ok(owned(&names))
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    const RECORD: usize = record_bytes(CifarVersion::Cifar10);

    /// `count` records with labels 0, 1, ..., 9, 0, ... and recognizable pixels.
    pub fn batch(count: usize) -> Vec<u8> {
        (0..count).flat_map(|i| [(i % 10) as u8].into_iter().chain(planes(i))).collect()
    }

    /// `count` records of CIFAR-100 with fine labels 0, 1, ..., 99, 0, ..., five per superclass.
    pub fn batch_100(count: usize) -> Vec<u8> {
        let labels = |i: usize| [(i % 100 / 5) as u8, (i % 100) as u8];
        (0..count).flat_map(|i| labels(i).into_iter().chain(planes(i))).collect()
    }

    fn planes(i: usize) -> impl Iterator<Item = u8> {
        (0..PIXELS).map(move |p| (p / PLANE * 50 + p % PLANE % 50 + i) as u8)
    }

    #[test]
    fn planes_become_pixels() {
        let records = parse_batch(&batch(13), "b").unwrap().records;
        assert_eq!(records.len(), 13);
        assert_eq!((records[12].label, records[12].superclass), (2, None));
        // Pixel (5, 2) is number 69, whose level is 69 % 50 plus the record's number.
        assert_eq!(records[12].image.pixel(5, 2), [31, 81, 131]);
    }

    #[test]
    fn cifar_100_has_two_labels() {
        let CifarBatch { version, records } = parse_batch(&batch_100(13), "train.bin").unwrap();
        assert_eq!(version, CifarVersion::Cifar100);
        assert_eq!((records[12].label, records[12].superclass), (12, Some(2)));
        assert_eq!(records[12].image.pixel(5, 2), [31, 81, 131]);
        let classes = [Target::Class(12), Target::Class(2)];
        assert_eq!(records[12].targets(Cifar100Labels::Fine), classes[..1]);
        assert_eq!(records[12].targets(Cifar100Labels::Coarse), classes[1..]);
        assert_eq!(records[12].targets(Cifar100Labels::Both), classes);
    }

    #[test]
    fn invalid_files_are_rejected() {
        let file = || "x.bin".to_owned();
        assert_eq!(parse_batch(&[], "x.bin"), Err(CifarError::Empty { file: file() }));
        let mut bytes = batch(2);
        bytes.pop();
        assert_eq!(
            parse_batch(&bytes, "x.bin"),
            Err(CifarError::Length { file: file(), bytes: 2 * RECORD - 1 })
        );
        let mut bytes = batch(2);
        bytes[RECORD] = 10;
        assert_eq!(
            parse_batch(&bytes, "x.bin"),
            Err(CifarError::Label { file: file(), record: 1, label: 10, highest: 9 })
        );
        for (place, highest) in [(0, 19), (1, 99)] {
            let mut bytes = batch_100(2);
            bytes[place] = 100;
            let error = CifarError::Label { file: file(), record: 0, label: 100, highest };
            assert_eq!(parse_batch(&bytes, "x.bin"), Err(error));
        }
    }

    #[test]
    fn weights_with_the_name_of_a_batch_are_rejected() {
        let file = "pytorch_model.bin";
        let expected = CifarError::OtherKind { file: file.to_owned(), kind: FileKind::Zip };
        assert_eq!(parse_batch(b"PK\x03\x04\0\0", file), Err(expected));
    }

    #[test]
    fn class_names_are_different_lines() {
        let text = class_names::CIFAR_10.join("\r\n") + "\n\n";
        let parse = |text: &str| parse_class_names(text.as_bytes(), "m", 10);
        assert_eq!(parse(&text).unwrap(), class_names::CIFAR_10);
        assert!(parse("cat\ndog\n").is_err());
        assert!(parse(&text.replace("dog", "cat")).is_err());
        assert!(parse_class_names(&[0xFF; 40], "m", 10).is_err());
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_do_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..7000)) {
            let _ = parse_batch(&bytes, "p");
            let _ = parse_class_names(&bytes, "p", 10);
        }

        #[test]
        fn damaged_batches_do_not_panic(
            cut in 0usize..=3 * RECORD, place in 0usize..3 * RECORD, value: u8,
        ) {
            let mut bytes = batch(3);
            bytes[place] = value;
            bytes.truncate(cut);
            let parsed = parse_batch(&bytes, "p");
            let whole = cut > 0 && cut % RECORD == 0 && bytes.chunks(RECORD).all(|r| r[0] < 10);
            // No cut of three records has the length of CIFAR-100's.
            prop_assert_eq!(parsed.is_ok(), whole || parsed.is_ok_and(|batch| {
                batch.version == CifarVersion::Cifar100
            }));
        }
    }

    #[test]
    fn real_batches_parse() {
        let root = std::env::var("TUNELAB_SHARED")
            .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").to_owned());
        let folder = std::path::Path::new(&root).join("data");
        for (file, per_class) in [("cifar10-5k-train.bin", 500), ("cifar10-2k-test.bin", 200)] {
            let Ok(bytes) = std::fs::read(folder.join(file)) else {
                let _ = std::io::Write::write_fmt(
                    &mut std::io::stderr(),
                    format_args!("SKIPPED: {file} is not in {}\n", folder.display()),
                );
                continue;
            };
            let records = parse_batch(&bytes, file).unwrap().records;
            for label in 0..10 {
                assert_eq!(records.iter().filter(|r| r.label == label).count(), per_class);
            }
        }
    }
}
