//! CIFAR-10's binary format: records of one label byte and 3072 bytes of 32x32 px pixels.
//!
//! The pixels are channel-planar: 1024 bytes of red, row-major, then green, then blue
//! (Krizhevsky 2009, <https://www.cs.toronto.edu/~kriz/cifar.html>).

use thiserror::Error;

use crate::data::folder::is_picture;
use crate::data::image::RgbImage;

/// The side of a CIFAR-10 picture in px.
pub const SIDE: u32 = 32;

/// The number of classes.
pub const CLASSES: usize = 10;

/// The class names, in label order.
pub const CLASS_NAMES: [&str; CLASSES] =
    ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

const PLANE: usize = (SIDE * SIDE) as usize;

/// Bytes of one record: the label and three planes.
pub const RECORD: usize = 1 + 3 * PLANE;

/// Why a file is not CIFAR-10 data.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum CifarError {
    /// No bytes.
    #[error("`{file}` is empty; download the CIFAR-10 binary version again")]
    Empty { file: String },
    /// The file ends inside a record.
    #[error(
        "`{file}` has {bytes} bytes, which is not a multiple of 3073 (a label and 32x32 pixels); it is cut short or not a CIFAR-10 binary batch"
    )]
    Length { file: String, bytes: usize },
    /// A label over 9.
    #[error(
        "record {record} of `{file}` has label {label}, but CIFAR-10 labels are 0 to 9; it is not a CIFAR-10 binary batch"
    )]
    Label { file: String, record: usize, label: u8 },
    /// Not a list of ten different names.
    #[error("`{file}` must list ten different class names, one a line, but it {problem}")]
    ClassNames { file: String, problem: String },
}

/// One CIFAR-10 picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CifarRecord {
    /// 0 to 9.
    pub label: usize,
    /// 32x32 px.
    pub image: RgbImage,
}

/// Whether files with these paths are to be read as CIFAR-10: its batches or its archive are among them,
/// and no pictures.
pub fn is_cifar(paths: &[String]) -> bool {
    paths.iter().any(|path| is_cifar_file(path)) && !paths.iter().any(|path| is_picture(path))
}

/// Whether a file with this path may be a batch or the archive.
pub fn is_cifar_file(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    [".bin", ".gz", ".tgz"].iter().any(|ending| path.ends_with(ending))
}

/// Parses a batch such as `data_batch_1.bin`; `file` is its name for messages.
///
/// # Errors
/// When the length is zero or not a multiple of [`RECORD`], or a label is over 9.
pub fn parse_batch(bytes: &[u8], file: &str) -> Result<Vec<CifarRecord>, CifarError> {
    if bytes.is_empty() {
        return Err(CifarError::Empty { file: file.to_owned() });
    }
    let (records, rest) = bytes.as_chunks::<RECORD>();
    if !rest.is_empty() {
        return Err(CifarError::Length { file: file.to_owned(), bytes: bytes.len() });
    }
    let parse = |(record, bytes): (usize, &[u8; RECORD])| {
        let [label, planes @ ..] = bytes;
        if usize::from(*label) >= CLASSES {
            return Err(CifarError::Label { file: file.to_owned(), record, label: *label });
        }
        Ok(CifarRecord { label: usize::from(*label), image: interleave(planes) })
    };
    records.iter().enumerate().map(parse).collect()
}

fn interleave(planes: &[u8; 3 * PLANE]) -> RgbImage {
    RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let i = (y * SIDE + x) as usize;
        [planes[i], planes[PLANE + i], planes[2 * PLANE + i]]
    })
}

/// Parses `batches.meta.txt`: ten names, one a line; empty lines are ignored.
///
/// # Errors
/// When the text is not UTF-8 or does not have exactly ten different names.
pub fn parse_class_names(bytes: &[u8], file: &str) -> Result<Vec<String>, CifarError> {
    let wrong = |problem: String| CifarError::ClassNames { file: file.to_owned(), problem };
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("is not text".to_owned()))?;
    let names: Vec<&str> = text.lines().map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.len() != CLASSES {
        return Err(wrong(format!("has {}", names.len())));
    }
    for (i, name) in names.iter().enumerate() {
        if names[..i].contains(name) {
            return Err(wrong(format!("names `{name}` twice")));
        }
    }
    Ok(names.into_iter().map(str::to_owned).collect())
}

/// [`CLASS_NAMES`] as owned strings.
pub fn default_class_names() -> Vec<String> {
    CLASS_NAMES.map(str::to_owned).to_vec()
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `count` records with labels 0, 1, ..., 9, 0, ... and recognisable pixels.
    pub fn batch(count: usize) -> Vec<u8> {
        let record = |i: usize| {
            let planes = (0..3 * PLANE).map(move |p| (p / PLANE * 50 + p % PLANE % 50 + i) as u8);
            std::iter::once((i % CLASSES) as u8).chain(planes)
        };
        (0..count).flat_map(record).collect()
    }

    #[test]
    fn planes_become_pixels() {
        let records = parse_batch(&batch(13), "b").unwrap();
        assert_eq!(records.len(), 13);
        assert_eq!(records[12].label, 2);
        // Pixel (5, 2) is number 69, whose level is 69 % 50 plus the record's number.
        assert_eq!(records[12].image.pixel(5, 2), [31, 81, 131]);
    }

    #[test]
    fn wrong_files_are_refused() {
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
            Err(CifarError::Label { file: file(), record: 1, label: 10 })
        );
    }

    #[test]
    fn class_names_are_ten_different_lines() {
        let text = CLASS_NAMES.join("\r\n") + "\n\n";
        assert_eq!(parse_class_names(text.as_bytes(), "m").unwrap(), default_class_names());
        assert!(parse_class_names(b"cat\ndog\n", "m").is_err());
        assert!(parse_class_names(text.replace("dog", "cat").as_bytes(), "m").is_err());
        assert!(parse_class_names(&[0xFF; 40], "m").is_err());
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_do_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..7000)) {
            let _ = parse_batch(&bytes, "p");
            let _ = parse_class_names(&bytes, "p");
        }

        #[test]
        fn damaged_batches_do_not_panic(
            cut in 0usize..=3 * RECORD, place in 0usize..3 * RECORD, value: u8,
        ) {
            let mut bytes = batch(3);
            bytes[place] = value;
            bytes.truncate(cut);
            let parsed = parse_batch(&bytes, "p");
            prop_assert_eq!(
                parsed.is_ok(),
                cut > 0 && cut % RECORD == 0 && bytes.chunks(RECORD).all(|r| r[0] < 10)
            );
        }
    }

    #[test]
    fn real_batches_parse() {
        let root = std::env::var("TUNELAB_SHARED")
            .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../shared").to_owned());
        let folder = std::path::Path::new(&root).join("data");
        for (file, per_class) in [("cifar10-5k-train.bin", 500), ("cifar10-2k-test.bin", 200)] {
            let Ok(bytes) = std::fs::read(folder.join(file)) else {
                let _ = std::io::Write::write_fmt(
                    &mut std::io::stderr(),
                    format_args!("SKIPPED: {file} is not in {}\n", folder.display()),
                );
                continue;
            };
            let records = parse_batch(&bytes, file).unwrap();
            for label in 0..CLASSES {
                assert_eq!(records.iter().filter(|r| r.label == label).count(), per_class);
            }
        }
    }
}
