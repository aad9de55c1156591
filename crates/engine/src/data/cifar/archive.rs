//! Reads the official archives of CIFAR, such as `cifar-10-binary.tar.gz`, without unpacking them to disk.

use std::io::{self, Read};

use flate2::read::GzDecoder;

use super::collector::CifarCollector;
use super::format::{CifarData, record_bytes};
use tunelab_core::data::cifar::{ArchiveError, CifarError, CifarVersion, is_needed};
use tunelab_core::data::listed_file::{has_image_extension, is_system_file};

/// The largest file accepted: the training set of CIFAR-100 has 50,000 records.
const MAX_FILE_BYTES: u64 = 50_000 * record_bytes(CifarVersion::Cifar100) as u64;

/// Maximum number of bytes after decompression. The official archives have 184 MB.
const MAX_TOTAL_BYTES: u64 = 256 * 1024 * 1024;

/// Reads a gzipped tar archive, with the files of CIFAR in any of its folders. Other entries are ignored. Besides
/// the parsed images, one batch at a time is in memory.
///
/// # Errors
/// When the archive is not gzip, damaged, incomplete, larger than CIFAR, or has no batch (with an error of its
/// own for images and for other versions of CIFAR); and when a file is not CIFAR data.
pub fn read_archive(reader: impl Read) -> Result<CifarData, ArchiveError> {
    let mut limited = GzDecoder::new(reader).take(MAX_TOTAL_BYTES);
    let read = read_entries(&mut limited);
    // Read the rest too, so that the checksum of gzip detects a damaged or incomplete end.
    let rest = io::copy(&mut limited, &mut io::sink());
    if limited.limit() == 0 {
        return Err(ArchiveError::TooLarge { limit: MAX_TOTAL_BYTES });
    }
    if limited.get_ref().header().is_none() {
        return Err(ArchiveError::NotGzip);
    }
    let Entries { files, images, other_version } = read?;
    rest.map_err(damaged)?;
    match files.finish() {
        Err(CifarError::NoBatch) if images > 0 => Err(ArchiveError::Images { images }),
        Err(CifarError::NoBatch) => Err(match other_version {
            Some(version) => ArchiveError::OtherVersion { version },
            None => CifarError::NoBatch.into(),
        }),
        data => Ok(data?),
    }
}

/// The content of an archive.
#[derive(Default)]
struct Entries {
    files: CifarCollector,
    images: usize,
    /// The dataset of which this is the version for Python or Matlab.
    other_version: Option<CifarVersion>,
}

fn read_entries(reader: impl Read) -> Result<Entries, ArchiveError> {
    let mut entries = Entries::default();
    let mut archive = tar::Archive::new(reader);
    // Raw, so that extended headers, whose size an archive chooses, are skipped like any other entry.
    for entry in archive.entries().map_err(damaged)?.raw(true) {
        let mut entry = entry.map_err(damaged)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path_bytes();
        let Ok(path) = std::str::from_utf8(&path).map(str::to_owned) else { continue };
        if has_image_extension(&path) && !is_system_file(&path) {
            entries.images += 1;
        }
        entries.other_version = entries.other_version.or_else(|| other_version(&path));
        if !is_needed(&path) {
            continue;
        }
        let size = entry.size();
        if size > MAX_FILE_BYTES {
            let (file, limit) = (path, MAX_FILE_BYTES);
            return Err(ArchiveError::EntryTooLarge { file, bytes: size, limit });
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(damaged)?;
        if bytes.len() as u64 != size {
            return Err(damaged(io::ErrorKind::UnexpectedEof.into()));
        }
        entries.files.add(&path, &bytes)?;
    }
    Ok(entries)
}

fn damaged(error: io::Error) -> ArchiveError {
    ArchiveError::Damaged { problem: error.to_string() }
}

/// The dataset of which a file is the version for Python or Matlab, by its folder.
fn other_version(path: &str) -> Option<CifarVersion> {
    match path.split('/').rev().nth(1)? {
        "cifar-10-batches-py" | "cifar-10-batches-mat" => Some(CifarVersion::Cifar10),
        "cifar-100-python" | "cifar-100-matlab" => Some(CifarVersion::Cifar100),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::super::format::tests::{batch, batch_100};
    use super::*;

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
    fn both_splits_and_the_names_are_found() {
        let archive = read_archive(archive(&official()).as_slice()).unwrap();
        assert_eq!(archive.classes[..2], ["plane", "car"]);
        assert_eq!((archive.train.len(), archive.test.map(|test| test.len())), (15, Some(5)));
        // Batch 1 comes first although it is second in the archive.
        assert_eq!(archive.train[11].label, 1);
    }

    #[test]
    fn cifar_100_is_read() {
        let files = [
            ("cifar-100-binary/test.bin", batch_100(3)),
            ("cifar-100-binary/train.bin", batch_100(105)),
        ];
        let data = read_archive(archive(&files).as_slice()).unwrap();
        assert_eq!((data.version, data.train.len()), (CifarVersion::Cifar100, 105));
        assert_eq!((data.train[104].label, data.train[104].superclass), (4, Some(0)));
    }

    #[test]
    fn archives_of_other_data_are_recognized() {
        let read = |files: &[(&str, Vec<u8>)]| {
            read_archive(archive(files).as_slice()).map(drop).unwrap_err()
        };
        let error = read(&[("p/cat/1.jpg", vec![1]), ("p/dog/1.JPG", vec![1])]);
        assert_eq!(error, ArchiveError::Images { images: 2 });
        let error = read(&[("cifar-10-batches-py/data_batch_1", vec![0; 9])]);
        assert_eq!(error, ArchiveError::OtherVersion { version: CifarVersion::Cifar10 });
        let error = read(&[("cifar-100-python/train", vec![0; 9])]);
        assert_eq!(error, ArchiveError::OtherVersion { version: CifarVersion::Cifar100 });
        assert_eq!(read(&[("notes.txt", vec![0; 9])]), CifarError::NoBatch.into());
    }

    #[test]
    fn invalid_archives_are_rejected() {
        let read = |bytes: &[u8]| read_archive(bytes).map(|_| ()).unwrap_err();
        assert!(matches!(read(b"not an archive"), ArchiveError::NotGzip));
        assert!(matches!(read(b""), ArchiveError::NotGzip));

        let whole = archive(&official());
        for cut in [20, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
            let error = read(&whole[..cut]);
            assert!(matches!(error, ArchiveError::Damaged { .. }), "cut at {cut}: {error}");
        }
        let short = archive(&[("data_batch_1.bin", vec![0; 9])]);
        assert!(matches!(read(&short), ArchiveError::Cifar(CifarError::Length { .. })));
        let twice = archive(&[("a/test_batch.bin", batch(1)), ("b/test_batch.bin", batch(1))]);
        assert!(matches!(read(&twice), ArchiveError::Cifar(CifarError::Duplicate { .. })));
    }

    /// A header of gigabytes, and a stream that unpacks to gigabytes.
    #[test]
    fn huge_archives_are_rejected() {
        let mut header = tar::Header::new_gnu();
        header.set_path("data_batch_1.bin").unwrap();
        header.set_size(1 << 40);
        header.set_cksum();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(header.as_bytes()).unwrap();
        let bytes = encoder.finish().unwrap();
        let error = read_archive(bytes.as_slice()).unwrap_err();
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
        let error = read_archive(bytes.as_slice()).unwrap_err();
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
            prop_assert!(read_archive(bytes.as_slice()).is_err());
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
            let _ = read_archive(bytes.as_slice());
            bytes.truncate(cut.index(bytes.len()));
            prop_assert!(read_archive(bytes.as_slice()).is_err());
        }
    }
}
