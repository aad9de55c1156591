//! CIFAR-10 or CIFAR-100 from its official archive, such as `cifar-10-binary.tar.gz`, without unpacking it to
//! disk.

use std::io::{self, Read};

use flate2::read::GzDecoder;
use thiserror::Error;

use crate::data::cifar::{CifarCollector, CifarData, CifarError, CifarVersion};
use tunelab_core::data::cifar::is_needed;
use tunelab_core::data::listed_file::{has_image_extension, is_system_file};

/// The largest file accepted: CIFAR-100's training part has 50,000 records.
const MAX_FILE_BYTES: u64 = 50_000 * CifarVersion::Cifar100.record_bytes() as u64;

/// The most bytes read once decompressed; the official archives have 184 MB.
const MAX_TOTAL_BYTES: u64 = 256 * 1024 * 1024;

/// Why an archive cannot be used.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// Not gzip data.
    #[error(
        "this is not a .tar.gz archive; choose cifar-10-binary.tar.gz or cifar-100-binary.tar.gz"
    )]
    NotGzip,
    /// Cut short or damaged.
    #[error("the archive is cut short or damaged ({0}); download it again")]
    Damaged(#[source] io::Error),
    /// Too much data.
    #[error(
        "`{file}` in the archive has {bytes} bytes, more than CIFAR files have ({limit}); choose the official archive"
    )]
    EntryTooLarge { file: String, bytes: u64, limit: u64 },
    /// Far more data than the official archives.
    #[error(
        "the archive unpacks to more than {limit} bytes, which no CIFAR archive does; if it holds pictures, unpack it and choose their folder"
    )]
    TooLarge { limit: u64 },
    /// Pictures, not CIFAR.
    #[error(
        "the archive holds pictures ({pictures}), not CIFAR; unpack it and choose the folder with one folder per class"
    )]
    Pictures { pictures: usize },
    /// The version for Python or Matlab.
    #[error(
        "this is the Python or Matlab version of {dataset}; download the binary version, {archive}, from the same page"
    )]
    OtherVersion { dataset: &'static str, archive: &'static str },
    /// A file in it is wrong, or there is none.
    #[error(transparent)]
    Cifar(#[from] CifarError),
}

/// Reads a gzipped tar archive, wherever in its tree the files of CIFAR are. Other entries are ignored. Holds
/// one batch at a time besides the parsed pictures.
///
/// # Errors
/// When the archive is not gzip, damaged, cut short, larger than CIFAR, or has no batch in it (one that has
/// only pictures, or another version of CIFAR, is named); and when a file is not CIFAR data.
pub fn read_archive(reader: impl Read) -> Result<CifarData, ArchiveError> {
    let mut limited = GzDecoder::new(reader).take(MAX_TOTAL_BYTES);
    let read = read_entries(&mut limited);
    // Read what is left too, so that a cut or damaged end is noticed by gzip's checksum.
    let rest = io::copy(&mut limited, &mut io::sink());
    if limited.limit() == 0 {
        return Err(ArchiveError::TooLarge { limit: MAX_TOTAL_BYTES });
    }
    if limited.get_ref().header().is_none() {
        return Err(ArchiveError::NotGzip);
    }
    let Entries { files, pictures, other } = read?;
    rest.map_err(ArchiveError::Damaged)?;
    match files.finish() {
        Err(CifarError::NoBatch) if pictures > 0 => Err(ArchiveError::Pictures { pictures }),
        Err(CifarError::NoBatch) => Err(other.unwrap_or(CifarError::NoBatch.into())),
        data => Ok(data?),
    }
}

/// What an archive holds.
#[derive(Default)]
struct Entries {
    files: CifarCollector,
    pictures: usize,
    /// Another version of CIFAR.
    other: Option<ArchiveError>,
}

fn read_entries(reader: impl Read) -> Result<Entries, ArchiveError> {
    let mut entries = Entries::default();
    let mut archive = tar::Archive::new(reader);
    // Raw: extended headers, whose size an archive chooses, are then skipped like any other entry.
    for entry in archive.entries().map_err(ArchiveError::Damaged)?.raw(true) {
        let mut entry = entry.map_err(ArchiveError::Damaged)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path_bytes();
        let Ok(path) = std::str::from_utf8(&path).map(str::to_owned) else { continue };
        if is_picture(&path) && !is_system_file(&path) {
            entries.pictures += 1;
        }
        entries.other = entries.other.or_else(|| other_version(&path));
        if !is_needed(&path) {
            continue;
        }
        let size = entry.size();
        if size > MAX_FILE_BYTES {
            let (file, limit) = (path, MAX_FILE_BYTES);
            return Err(ArchiveError::EntryTooLarge { file, bytes: size, limit });
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(ArchiveError::Damaged)?;
        if bytes.len() as u64 != size {
            return Err(ArchiveError::Damaged(io::ErrorKind::UnexpectedEof.into()));
        }
        entries.files.add(&path, &bytes)?;
    }
    Ok(entries)
}

/// Whether a file is of CIFAR for Python or Matlab, by the folder it is in.
fn other_version(path: &str) -> Option<ArchiveError> {
    let of = |dataset, archive| Some(ArchiveError::OtherVersion { dataset, archive });
    match path.split('/').rev().nth(1)? {
        "cifar-10-batches-py" | "cifar-10-batches-mat" => of("CIFAR-10", "cifar-10-binary.tar.gz"),
        "cifar-100-python" | "cifar-100-matlab" => of("CIFAR-100", "cifar-100-binary.tar.gz"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;
    use crate::data::cifar::tests::{batch, batch_100};

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
    fn archives_of_other_things_are_named() {
        let read = |files: &[(&str, Vec<u8>)]| {
            read_archive(archive(files).as_slice()).map(drop).unwrap_err().to_string()
        };
        let error = read(&[("p/cat/1.jpg", vec![1]), ("p/dog/1.JPG", vec![1])]);
        assert!(error.contains("pictures (2)") && error.contains("unpack it"), "{error}");
        let error = read(&[("cifar-10-batches-py/data_batch_1", vec![0; 9])]);
        assert!(error.contains("Python") && error.contains("cifar-10-binary.tar.gz"), "{error}");
        let error = read(&[("cifar-100-python/train", vec![0; 9])]);
        assert!(error.contains("cifar-100-binary.tar.gz"), "{error}");
        assert!(read(&[("notes.txt", vec![0; 9])]).contains("there is no batch"));
    }

    #[test]
    fn wrong_archives_are_named() {
        let read = |bytes: &[u8]| read_archive(bytes).map(|_| ()).unwrap_err();
        assert!(matches!(read(b"not an archive"), ArchiveError::NotGzip));
        assert!(matches!(read(b""), ArchiveError::NotGzip));

        let whole = archive(&official());
        for cut in [20, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
            let error = read(&whole[..cut]);
            assert!(matches!(error, ArchiveError::Damaged(_)), "cut at {cut}: {error}");
        }
        let short = archive(&[("data_batch_1.bin", vec![0; 9])]);
        assert!(matches!(read(&short), ArchiveError::Cifar(CifarError::Length { .. })));
        let twice = archive(&[("a/test_batch.bin", batch(1)), ("b/test_batch.bin", batch(1))]);
        assert!(matches!(read(&twice), ArchiveError::Cifar(CifarError::Duplicate { .. })));
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
