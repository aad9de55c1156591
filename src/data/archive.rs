//! CIFAR-10 from its official archive, `cifar-10-binary.tar.gz`, without unpacking it to disk.

use std::collections::BTreeMap;
use std::io::{self, Read};

use flate2::read::GzDecoder;
use thiserror::Error;

use crate::data::cifar::{
    CifarError, CifarRecord, RECORD, default_class_names, parse_batch, parse_class_names,
};

/// The largest batch accepted: the official ones have 10000 records.
const MAX_BATCH_BYTES: u64 = 10_000 * RECORD as u64;

/// The largest list of class names accepted.
const MAX_NAMES_BYTES: u64 = 64 * 1024;

/// The most bytes read once decompressed; the official archive has 184 MB.
const MAX_TOTAL_BYTES: u64 = 256 * 1024 * 1024;

const NAMES_FILE: &str = "batches.meta.txt";

/// Which parts of the archive are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CifarPart {
    Train,
    Test,
    Both,
}

impl CifarPart {
    fn train(self) -> bool {
        self != Self::Test
    }

    fn test(self) -> bool {
        self != Self::Train
    }
}

/// Why an archive cannot be used.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// Not gzip data.
    #[error("this is not a .tar.gz archive; choose the file cifar-10-binary.tar.gz")]
    NotGzip,
    /// Cut short or damaged.
    #[error("the archive is cut short or damaged ({0}); download it again")]
    Damaged(#[source] io::Error),
    /// Too much data.
    #[error(
        "`{file}` in the archive has {bytes} bytes, more than CIFAR-10 files have ({limit}); choose the official cifar-10-binary.tar.gz"
    )]
    EntryTooLarge { file: String, bytes: u64, limit: u64 },
    /// Far more data than the official archive.
    #[error(
        "the archive unpacks to more than {limit} bytes, which CIFAR-10 does not; choose the official cifar-10-binary.tar.gz"
    )]
    TooLarge { limit: u64 },
    /// The same batch in two places.
    #[error("the archive has `{file}` twice; choose the official cifar-10-binary.tar.gz")]
    Duplicate { file: String },
    /// No training data.
    #[error(
        "the archive has no data_batch_1.bin to data_batch_5.bin; choose the binary version, cifar-10-binary.tar.gz, not the Python or Matlab one"
    )]
    NoTrain,
    /// No test data.
    #[error(
        "the archive has no test_batch.bin; choose the binary version, cifar-10-binary.tar.gz, not the Python or Matlab one"
    )]
    NoTest,
    /// A file in it is wrong.
    #[error(transparent)]
    Cifar(#[from] CifarError),
}

/// The pictures of an archive. A part that was not asked for is empty.
#[derive(Debug, Clone)]
pub struct CifarArchive {
    /// Ten names in label order, from `batches.meta.txt` where it is there.
    pub classes: Vec<String>,
    /// The records of `data_batch_1.bin` to `data_batch_5.bin`, those that are there, in order.
    pub train: Vec<CifarRecord>,
    /// The records of `test_batch.bin`.
    pub test: Vec<CifarRecord>,
}

/// Reads the wanted parts of a gzipped tar archive, wherever in its tree they are. Other entries
/// are ignored. Holds one batch at a time besides the parsed pictures.
///
/// # Errors
/// When the archive is not gzip, damaged, cut short, larger than CIFAR-10, or lacks a wanted part
/// (at least one training batch is enough); and when a wanted file is not CIFAR-10 data.
pub fn read_archive(reader: impl Read, part: CifarPart) -> Result<CifarArchive, ArchiveError> {
    let mut limited = GzDecoder::new(reader).take(MAX_TOTAL_BYTES);
    let parts = read_entries(&mut limited, part);
    // Read what is left too, so that a cut or damaged end is noticed by gzip's checksum.
    let rest = io::copy(&mut limited, &mut io::sink());
    if limited.limit() == 0 {
        return Err(ArchiveError::TooLarge { limit: MAX_TOTAL_BYTES });
    }
    if limited.get_ref().header().is_none() {
        return Err(ArchiveError::NotGzip);
    }
    let parts = parts?;
    rest.map_err(ArchiveError::Damaged)?;

    if part.train() && parts.train.is_empty() {
        return Err(ArchiveError::NoTrain);
    }
    if part.test() && parts.test.is_none() {
        return Err(ArchiveError::NoTest);
    }
    Ok(CifarArchive {
        classes: parts.classes.unwrap_or_else(default_class_names),
        train: parts.train.into_values().flatten().collect(),
        test: parts.test.unwrap_or_default(),
    })
}

#[derive(Default)]
struct Parts {
    classes: Option<Vec<String>>,
    train: BTreeMap<u8, Vec<CifarRecord>>,
    test: Option<Vec<CifarRecord>>,
}

enum Wanted {
    ClassNames,
    Train(u8),
    Test,
}

impl Wanted {
    fn from_file_name(name: &str, part: CifarPart) -> Option<Self> {
        if name == NAMES_FILE {
            return Some(Self::ClassNames);
        }
        if name == "test_batch.bin" {
            return part.test().then_some(Self::Test);
        }
        let number = name.strip_prefix("data_batch_")?.strip_suffix(".bin")?;
        let number = number.parse().ok().filter(|n| (1..=5).contains(n))?;
        part.train().then_some(Self::Train(number))
    }
}

fn read_entries(reader: impl Read, part: CifarPart) -> Result<Parts, ArchiveError> {
    let mut parts = Parts::default();
    let mut archive = tar::Archive::new(reader);
    // Raw: extended headers, whose size an archive chooses, are then skipped like any other entry.
    for entry in archive.entries().map_err(ArchiveError::Damaged)?.raw(true) {
        let mut entry = entry.map_err(ArchiveError::Damaged)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path_bytes();
        let Some(file) = path.rsplit(|byte| *byte == b'/').next() else { continue };
        let Ok(file) = std::str::from_utf8(file).map(str::to_owned) else { continue };
        let Some(wanted) = Wanted::from_file_name(&file, part) else { continue };

        let limit = match wanted {
            Wanted::ClassNames => MAX_NAMES_BYTES,
            Wanted::Train(_) | Wanted::Test => MAX_BATCH_BYTES,
        };
        let size = entry.size();
        if size > limit {
            return Err(ArchiveError::EntryTooLarge { file, bytes: size, limit });
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(ArchiveError::Damaged)?;
        if bytes.len() as u64 != size {
            return Err(ArchiveError::Damaged(io::ErrorKind::UnexpectedEof.into()));
        }

        let duplicate = match wanted {
            Wanted::ClassNames => {
                parts.classes.replace(parse_class_names(&bytes, &file)?).is_some()
            }
            Wanted::Train(number) => {
                parts.train.insert(number, parse_batch(&bytes, &file)?).is_some()
            }
            Wanted::Test => parts.test.replace(parse_batch(&bytes, &file)?).is_some(),
        };
        if duplicate {
            return Err(ArchiveError::Duplicate { file });
        }
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;
    use crate::data::cifar::tests::batch;

    fn archive(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let encoder = GzEncoder::new(Vec::new(), Compression::fast());
        let mut builder = tar::Builder::new(encoder);
        for (path, bytes) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            builder.append_data(&mut header, path, bytes.as_slice()).unwrap();
        }
        builder.into_inner().unwrap().finish().unwrap()
    }

    fn official() -> Vec<(&'static str, Vec<u8>)> {
        let names = "plane\ncar\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n";
        vec![
            ("cifar-10-batches-bin/data_batch_2.bin", batch(3)),
            ("cifar-10-batches-bin/readme.html", b"<html>".to_vec()),
            ("cifar-10-batches-bin/data_batch_1.bin", batch(12)),
            ("cifar-10-batches-bin/batches.meta.txt", names.as_bytes().to_vec()),
            ("cifar-10-batches-bin/test_batch.bin", batch(5)),
        ]
    }

    #[test]
    fn both_parts_and_the_names_are_found() {
        let archive = read_archive(archive(&official()).as_slice(), CifarPart::Both).unwrap();
        assert_eq!(archive.classes[..2], ["plane", "car"]);
        assert_eq!((archive.train.len(), archive.test.len()), (15, 5));
        // Batch 1 comes first although it is second in the archive.
        assert_eq!(archive.train[11].label, 1);
    }

    #[test]
    fn only_the_wanted_part_is_needed() {
        let mut files = official();
        files.pop();
        let bytes = archive(&files);
        let train = read_archive(bytes.as_slice(), CifarPart::Train).unwrap();
        assert_eq!((train.train.len(), train.test.len()), (15, 0));
        assert!(matches!(
            read_archive(bytes.as_slice(), CifarPart::Both),
            Err(ArchiveError::NoTest)
        ));
        let bytes = archive(&[("a/b/test_batch.bin", batch(2))]);
        let test = read_archive(bytes.as_slice(), CifarPart::Test).unwrap();
        assert_eq!(test.classes, default_class_names());
        assert!(matches!(
            read_archive(bytes.as_slice(), CifarPart::Train),
            Err(ArchiveError::NoTrain)
        ));
    }

    #[test]
    fn wrong_archives_are_named() {
        let read = |bytes: &[u8]| read_archive(bytes, CifarPart::Both).map(|_| ()).unwrap_err();
        assert!(matches!(read(b"not an archive"), ArchiveError::NotGzip));
        assert!(matches!(read(b""), ArchiveError::NotGzip));

        let whole = archive(&official());
        for cut in [20, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
            let error = read(&whole[..cut]);
            assert!(matches!(error, ArchiveError::Damaged(_)), "cut at {cut}: {error}");
        }
        let python = archive(&[("cifar-10-batches-py/data_batch_1", vec![0; 9])]);
        assert!(matches!(read(&python), ArchiveError::NoTrain));
        let short = archive(&[("data_batch_1.bin", vec![0; 9])]);
        assert!(matches!(read(&short), ArchiveError::Cifar(CifarError::Length { .. })));
        let twice = archive(&[("a/test_batch.bin", batch(1)), ("b/test_batch.bin", batch(1))]);
        assert!(matches!(read(&twice), ArchiveError::Duplicate { .. }));
        let large = archive(&[("batches.meta.txt", vec![b'a'; 70_000])]);
        assert!(matches!(read(&large), ArchiveError::EntryTooLarge { .. }));
    }

    /// A header that claims gigabytes, and a stream that unpacks to gigabytes.
    #[test]
    fn bombs_are_refused() {
        let mut header = tar::Header::new_gnu();
        header.set_path("data_batch_1.bin").unwrap();
        header.set_size(1 << 40);
        header.set_cksum();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(header.as_bytes()).unwrap();
        let bytes = encoder.finish().unwrap();
        let error = read_archive(bytes.as_slice(), CifarPart::Both).unwrap_err();
        assert!(matches!(error, ArchiveError::EntryTooLarge { .. }), "{error}");

        let mut header = tar::Header::new_gnu();
        header.set_path("other.bin").unwrap();
        header.set_size(1 << 40);
        header.set_cksum();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(header.as_bytes()).unwrap();
        let zeros = vec![0; 1 << 20];
        for _ in 0..=(MAX_TOTAL_BYTES >> 20) {
            encoder.write_all(&zeros).unwrap();
        }
        let bytes = encoder.finish().unwrap();
        let error = read_archive(bytes.as_slice(), CifarPart::Both).unwrap_err();
        assert!(matches!(error, ArchiveError::TooLarge { .. }), "{error}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn arbitrary_bytes_do_not_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..2000), compressed: bool,
        ) {
            let bytes = if compressed {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(&bytes).unwrap();
                encoder.finish().unwrap()
            } else {
                bytes
            };
            prop_assert!(read_archive(bytes.as_slice(), CifarPart::Both).is_err());
        }

        #[test]
        fn damaged_archives_do_not_panic(
            edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = archive(&official());
            for (place, value) in edits {
                let place = place.index(bytes.len());
                bytes[place] = value;
            }
            let _ = read_archive(bytes.as_slice(), CifarPart::Both);
            bytes.truncate(cut.index(bytes.len()));
            prop_assert!(read_archive(bytes.as_slice(), CifarPart::Both).is_err());
        }
    }
}
