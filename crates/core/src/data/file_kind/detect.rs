//! Recognizes the kind of a file by its first bytes.

use super::{FileKind, ImageFormat, OtherImageFormat, PROBE_BYTES};

/// Magic numbers: offset, bytes and kind.
const MAGIC: &[(usize, &[u8], FileKind)] = &[
    (0, b"\x89PNG\r\n\x1A\n\0\0\0\x04CgBI", FileKind::OtherImage(OtherImageFormat::ApplePng)),
    (0, b"\x89PNG", FileKind::Image(ImageFormat::Png)),
    (0, b"\xFF\xD8\xFF", FileKind::Image(ImageFormat::Jpeg)),
    (0, b"GIF87a", FileKind::Image(ImageFormat::Gif)),
    (0, b"GIF89a", FileKind::Image(ImageFormat::Gif)),
    (0, b"II*\0\x10\0\0\0CR\x02\0", FileKind::OtherImage(OtherImageFormat::Raw)),
    (0, b"II*\0", FileKind::OtherImage(OtherImageFormat::Tiff)),
    (0, b"MM\0*", FileKind::OtherImage(OtherImageFormat::Tiff)),
    (0, b"II+\0", FileKind::OtherImage(OtherImageFormat::Tiff)),
    (0, b"MM\0+", FileKind::OtherImage(OtherImageFormat::Tiff)),
    (0, b"IIRO\x08\0", FileKind::OtherImage(OtherImageFormat::Raw)),
    (0, b"IIRS\x08\0", FileKind::OtherImage(OtherImageFormat::Raw)),
    (0, b"MMOR\0", FileKind::OtherImage(OtherImageFormat::Raw)),
    (0, b"IIU\0", FileKind::OtherImage(OtherImageFormat::Raw)),
    (0, b"FUJIFILMCCD-RAW", FileKind::OtherImage(OtherImageFormat::Raw)),
    (0, b"FOVb", FileKind::OtherImage(OtherImageFormat::Raw)),
    (0, b"\0MRM", FileKind::OtherImage(OtherImageFormat::Raw)),
    (0, b"\xFF\x0A", FileKind::OtherImage(OtherImageFormat::JpegXl)),
    (0, b"\0\0\0\x0CJXL ", FileKind::OtherImage(OtherImageFormat::JpegXl)),
    (0, b"\0\0\0\x0CjP  ", FileKind::OtherImage(OtherImageFormat::Jpeg2000)),
    (0, b"\xFF\x4F\xFF\x51", FileKind::OtherImage(OtherImageFormat::Jpeg2000)),
    (0, b"8BPS\0", FileKind::OtherImage(OtherImageFormat::Photoshop)),
    (0, b"gimp xcf ", FileKind::OtherImage(OtherImageFormat::Gimp)),
    (0, b"qoif", FileKind::OtherImage(OtherImageFormat::Qoi)),
    (128, b"DICM", FileKind::OtherImage(OtherImageFormat::Dicom)),
    (0, b"\x1A\x45\xDF\xA3", FileKind::Video),
    (0, b"\0\0\x01\xBA", FileKind::Video),
    (0, b"\0\0\x01\xB3", FileKind::Video),
    (0, b"ID3\x02", FileKind::Audio),
    (0, b"ID3\x03", FileKind::Audio),
    (0, b"ID3\x04", FileKind::Audio),
    (0, b"OggS", FileKind::Audio),
    (0, b"fLaC", FileKind::Audio),
    (0, b"PK\x05\x06", FileKind::Zip),
    (0, b"PK\x07\x08", FileKind::Zip),
    (0, b"\x1F\x8B", FileKind::Gzip),
    (257, b"ustar", FileKind::Tar),
    (0, b"7z\xBC\xAF\x27\x1C", FileKind::SevenZip),
    (0, b"Rar!\x1A\x07", FileKind::Rar),
    (4, b"1AY&SY", FileKind::Bzip2),
    (0, b"\xFD7zXZ\0", FileKind::Xz),
    (0, b"\x28\xB5\x2F\xFD", FileKind::Zstd),
    (0, b"%PDF-", FileKind::Pdf),
    (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", FileKind::Office),
    (0, b"PAR1", FileKind::Parquet),
    (0, b"SQLite format 3\0", FileKind::Sqlite),
    (0, b"\x93NUMPY", FileKind::Numpy),
    (0, b"\x89HDF\r\n\x1A\n", FileKind::Hdf5),
    (0, b"\0\0\x08\x01", FileKind::Idx),
    (0, b"\0\0\x08\x03", FileKind::Idx),
    (0, b"version https://git-lfs.github.com/", FileKind::LfsPointer),
    (0, b"\0\x05\x16\x07", FileKind::AppleDouble),
    (0, b"L\0\0\0\x01\x14\x02\0", FileKind::Shortcut),
];

impl FileKind {
    /// The kind of a file from its first [`PROBE_BYTES`] bytes, or from all of a shorter file.
    pub fn of(start: &[u8]) -> Self {
        let start = &start[..start.len().min(PROBE_BYTES)];
        if start.is_empty() {
            return Self::Empty;
        }
        let by_magic = MAGIC.iter().find(|(offset, magic, _)| has(start, *offset, magic));
        by_magic
            .map(|&(_, _, kind)| kind)
            .or_else(|| container(start))
            .or_else(|| binary(start))
            .or_else(|| text(start))
            .unwrap_or(if start.iter().all(|&byte| byte == 0) {
                Self::Zeros
            } else {
                Self::Unknown
            })
    }
}

/// Whether `magic` is at `offset`.
fn has(start: &[u8], offset: usize, magic: &[u8]) -> bool {
    start.get(offset..).is_some_and(|rest| rest.starts_with(magic))
}

fn u16_at(start: &[u8], offset: usize) -> Option<u16> {
    Some(u16::from_le_bytes(start.get(offset..)?.first_chunk().copied()?))
}

/// Kinds that share a container format, distinguished by its contents.
fn container(start: &[u8]) -> Option<FileKind> {
    if has(start, 0, b"RIFF") {
        return match start.get(8..12)? {
            b"WEBP" => Some(FileKind::Image(ImageFormat::WebP)),
            b"AVI " => Some(FileKind::Video),
            b"WAVE" => Some(FileKind::Audio),
            _ => None,
        };
    }
    // An ISO box begins with its length, whose first byte is zero. Text with these words does not.
    if has(start, 0, b"\0") {
        match start.get(4..8) {
            Some(b"ftyp") => return Some(media(start)),
            Some(b"moov" | b"mdat" | b"wide") => return Some(FileKind::Video),
            _ => {}
        }
    }
    if has(start, 0, b"PK\x03\x04") {
        let length = usize::from(u16_at(start, 26).unwrap_or_default());
        let first = start.get(30..).unwrap_or_default();
        let first = &first[..first.len().min(length)];
        return Some(match first {
            b"[Content_Types].xml" => FileKind::Office,
            _ if first.ends_with(b"/data.pkl") => FileKind::PyTorch,
            _ => FileKind::Zip,
        });
    }
    None
}

/// The kind of an ISO base media file, by its major brand, or else by a compatible brand.
fn media(start: &[u8]) -> FileKind {
    let size = start.first_chunk().map_or(0, |size| u32::from_be_bytes(*size) as usize);
    let brands = start.get(8..start.len().min(size.max(12))).unwrap_or_default();
    // Between the major brand and the compatible ones is a version.
    let brands = || brands.chunks_exact(4).enumerate().filter(|&(i, _)| i != 1).map(|(_, b)| b);
    let still = |brand: &[u8]| match brand {
        b"avif" | b"avis" => Some(FileKind::OtherImage(OtherImageFormat::Avif)),
        b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"hevm" | b"hevs" => {
            Some(FileKind::OtherImage(OtherImageFormat::Heic))
        }
        b"crx " => Some(FileKind::OtherImage(OtherImageFormat::Raw)),
        b"jxl " => Some(FileKind::OtherImage(OtherImageFormat::JpegXl)),
        b"jp2 " | b"jpx " | b"jpm " => Some(FileKind::OtherImage(OtherImageFormat::Jpeg2000)),
        b"M4A " | b"M4B " => Some(FileKind::Audio),
        _ => None,
    };
    let names_no_codec = |brand: &[u8]| matches!(brand, b"mif1" | b"mif2" | b"msf1" | b"miaf");
    brands().find_map(still).unwrap_or(if brands().any(names_no_codec) {
        FileKind::OtherImage(OtherImageFormat::Heic)
    } else {
        FileKind::Video
    })
}

/// Binary kinds whose magic number is ambiguous, so that more bytes are checked.
fn binary(start: &[u8]) -> Option<FileKind> {
    let byte = |offset: usize| start.get(offset).copied();
    // The size of the next header, 12 to 124 bytes. Text such as "BMW" has no such number there.
    if has(start, 0, b"BM") && byte(14).is_some_and(|size| size >= 12) && has(start, 15, &[0; 3]) {
        return Some(FileKind::Image(ImageFormat::Bmp));
    }
    let icon = has(start, 0, &[0, 0, 1, 0]) || has(start, 0, &[0, 0, 2, 0]);
    if icon && u16_at(start, 4).is_some_and(|count| (1..256).contains(&count)) && byte(9)? == 0 {
        return Some(FileKind::OtherImage(OtherImageFormat::Ico));
    }
    if let [b'P', b'1'..=b'7', b' ' | b'\n' | b'\r' | b'\t', b'0'..=b'9' | b'#' | b'W', ..] = start
    {
        return Some(FileKind::OtherImage(OtherImageFormat::Pnm));
    }
    if let [0x80, 2..=5, _, ..] = start {
        return Some(FileKind::Pickle);
    }
    let header = start.first_chunk().map(|length| u64::from_le_bytes(*length));
    if header.is_some_and(|length| (2..1 << 32).contains(&length)) && has(start, 8, b"{\"") {
        return Some(FileKind::Safetensors);
    }
    None
}

/// The kind of text, if it is text.
fn text(start: &[u8]) -> Option<FileKind> {
    if let [0xFF, 0xFE, rest @ ..] | [0xFE, 0xFF, rest @ ..] = start {
        // In UTF-16, about every second byte of most texts is zero.
        return (rest.iter().filter(|&&byte| byte == 0).count() * 4 > rest.len())
            .then_some(FileKind::Text);
    }
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let is_text = start.iter().all(|byte| !byte.is_ascii_control() || byte.is_ascii_whitespace());
    // Older 8-bit encodings have a few bytes beyond ASCII.
    let ascii = start.iter().filter(|byte| byte.is_ascii()).count();
    if !is_text || (ascii * 4 < start.len() * 3 && !is_utf8(start)) {
        return None;
    }

    let lower = start.trim_ascii_start().to_ascii_lowercase();
    let contains = |part: &[u8]| lower.windows(part.len()).any(|window| window == part);
    Some(match lower.as_slice() {
        [b'<', ..] if contains(b"<html") || contains(b"<!doctype html") => FileKind::Html,
        [b'<', ..] if contains(b"<svg") => FileKind::OtherImage(OtherImageFormat::Svg),
        [b'<', b'?' | b'!' | b'a'..=b'z', ..] => {
            let page = ["<head", "<body", "<script", "<title", "<div", "<p>", "<h1"];
            let page = page.iter().any(|tag| lower.starts_with(tag.as_bytes()));
            if page { FileKind::Html } else { FileKind::Xml }
        }
        [bracket @ (b'{' | b'['), rest @ ..] => match rest.trim_ascii_start() {
            [b'"' | b'}', ..] if *bracket == b'{' => FileKind::Json,
            [b'"' | b'{' | b'[' | b']' | b'-' | b'0'..=b'9', ..] if *bracket == b'[' => {
                FileKind::Json
            }
            _ => FileKind::Text,
        },
        _ => FileKind::Text,
    })
}

/// Whether it is UTF-8. The last character may be incomplete.
fn is_utf8(start: &[u8]) -> bool {
    std::str::from_utf8(start).map_or_else(|error| error.error_len().is_none(), |_| true)
}

#[cfg(test)]
mod tests;
