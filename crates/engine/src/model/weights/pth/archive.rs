//! The zip archive that `torch.save` writes since PyTorch 1.6.
//!
//! Its folder contains `data.pkl`, the pickle; `data/KEY`, the storages, uncompressed and aligned; and `byteorder`,
//! which is `little` or `big`. Archives that another tool has compressed are read too, up to [`MAX_INFLATED`].

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Cursor, Read};

use flate2::Crc;
use flate2::read::DeflateDecoder;
use tunelab_core::model::unsupported::UnsupportedFile;
use tunelab_core::model::weights_error::{Damage, SizeLimit, WeightsError};
use zip::{CompressionMethod, ZipArchive};

use super::super::dtype::ByteOrder;
use super::super::pickle::Pickle;
use super::super::state_dict::StateDict;
use super::super::unsupported::identify_archive;
use super::{Storages, damaged, invalid, state_dict};

/// Maximum number of bytes that all compressed entries of an archive may unpack to: 512 MiB.
const MAX_INFLATED: u64 = 512 << 20;

/// The entry that describes the tensors.
const PICKLE: &str = "data.pkl";

/// Reads a zip archive written by `torch.save`.
pub(in super::super) fn parse(bytes: &[u8]) -> Result<(StateDict, String), WeightsError> {
    let mut archive = Archive::open(bytes)?;
    if archive.entries.contains_key("constants.pkl") {
        return Err(UnsupportedFile::TorchScript.into());
    }
    let byte_order = match archive.read("byteorder")?.as_deref() {
        None | Some(b"little") => ByteOrder::Little,
        Some(b"big") => ByteOrder::Big,
        Some(_) => return Err(invalid("unknown byteorder")),
    };
    let pickle = archive
        .read(PICKLE)?
        .ok_or_else(|| damaged(Damage::MissingEntry { name: Cow::Borrowed(PICKLE) }))?;
    let (pickle, _) = Pickle::read(&pickle)?;
    let mut storages = ArchiveStorages { archive, byte_order, read: HashMap::new() };
    state_dict(&pickle, &mut storages)
}

/// The storages of an archive, which are read when they are needed.
struct ArchiveStorages<'a> {
    archive: Archive<'a>,
    byte_order: ByteOrder,
    read: HashMap<String, Cow<'a, [u8]>>,
}

impl Storages for ArchiveStorages<'_> {
    fn bytes(&mut self, key: &str) -> Result<Option<&[u8]>, WeightsError> {
        if !self.read.contains_key(key) {
            let Some(bytes) = self.archive.read(&format!("data/{key}"))? else {
                return Ok(None);
            };
            self.read.insert(key.to_owned(), bytes);
        }
        Ok(self.read.get(key).map(Cow::as_ref))
    }

    fn byte_order(&self) -> ByteOrder {
        self.byte_order
    }
}

/// An entry of the archive.
struct Entry<'a> {
    stored: &'a [u8],
    compression: CompressionMethod,
    /// Length when unpacked, in bytes.
    size: u64,
    checksum: u32,
}

/// The entries by their names below the archive's folder.
struct Archive<'a> {
    entries: HashMap<String, Entry<'a>>,
    /// Bytes unpacked so far.
    inflated: u64,
}

impl<'a> Archive<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, WeightsError> {
        let unreadable = |error: zip::result::ZipError| invalid(error.to_string());
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
        let folder = zip
            .file_names()
            .filter_map(Result::ok)
            .filter_map(|name| {
                let folder = name.strip_suffix(PICKLE)?;
                (folder.is_empty() || folder.ends_with('/')).then(|| folder.to_owned())
            })
            .min_by_key(String::len);
        let Some(folder) = folder else {
            let names = zip.file_names().filter_map(Result::ok);
            return Err(identify_archive(&names.map(Cow::into_owned).collect::<Vec<_>>()).into());
        };

        let mut entries = HashMap::new();
        for index in 0..zip.len() {
            let file = zip.by_index_raw(index).map_err(unreadable)?;
            let name = file.name().map_err(unreadable)?;
            let Some(name) = name.strip_prefix(folder.as_str()) else {
                continue;
            };
            let stored = file
                .data_start()
                .and_then(|start| slice(bytes, start, file.compressed_size()))
                .ok_or_else(|| damaged(Damage::Truncated))?;
            let entry = Entry {
                stored,
                compression: file.compression(),
                size: file.size(),
                checksum: file.crc32(),
            };
            entries.insert(name.to_owned(), entry);
        }
        Ok(Self { entries, inflated: 0 })
    }

    /// The unpacked bytes of the entry with this name, if there is one.
    fn read(&mut self, name: &str) -> Result<Option<Cow<'a, [u8]>>, WeightsError> {
        let Some(entry) = self.entries.get(name) else {
            return Ok(None);
        };
        let damaged_entry = || damaged(Damage::Entry { name: name.to_owned() });
        let bytes = match entry.compression {
            CompressionMethod::Stored => Cow::Borrowed(entry.stored),
            CompressionMethod::DEFLATE => {
                self.inflated = self.inflated.saturating_add(entry.size);
                if self.inflated > MAX_INFLATED {
                    return Err(WeightsError::TooLarge(SizeLimit::UnpackedBytes(MAX_INFLATED)));
                }
                let mut unpacked = Vec::new();
                DeflateDecoder::new(entry.stored)
                    .take(entry.size)
                    .read_to_end(&mut unpacked)
                    .map_err(|_| damaged_entry())?;
                Cow::Owned(unpacked)
            }
            _ => {
                return Err(UnsupportedFile::Compression.into());
            }
        };
        // PyTorch writes 0 if it was told not to compute the checksum.
        let is_intact = bytes.len() as u64 == entry.size
            && (entry.checksum == 0 || checksum(&bytes) == entry.checksum);
        if is_intact { Ok(Some(bytes)) } else { Err(damaged_entry()) }
    }
}

fn slice(bytes: &[u8], start: u64, length: u64) -> Option<&[u8]> {
    let start = usize::try_from(start).ok()?;
    let end = start.checked_add(usize::try_from(length).ok()?)?;
    bytes.get(start..end)
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}
