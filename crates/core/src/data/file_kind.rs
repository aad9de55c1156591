//! What a file is, by its first bytes and never by its name.
//!
//! People bring photos that their phone renamed, web pages saved as `.jpg` and archives without an
//! ending. Messages name what is really there and what to do with it.

use std::fmt;

use crate::data::file_kind::FileKind as Kind;

/// How many of a file's first bytes tell its kind.
pub const PROBE_BYTES: usize = 512;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A picture that is decoded here.
    Picture(Format),
    /// A picture that is known but not decoded here.
    OtherPicture(OtherFormat),
    Video,
    Audio,
    Zip,
    Gzip,
    Tar,
    SevenZip,
    Rar,
    Bzip2,
    Xz,
    Zstd,
    Pdf,
    Html,
    Xml,
    Json,
    /// Text of another kind, a table such as CSV among it.
    Text,
    /// Word, Excel and the like, old and new.
    Office,
    Parquet,
    Sqlite,
    /// A NumPy array, `.npy`.
    Numpy,
    /// Python's pickle, protocol 2 or later.
    Pickle,
    /// What `torch.save` writes: a zip archive of a pickle and its tensors.
    PyTorch,
    Safetensors,
    Hdf5,
    /// MNIST's way to store arrays.
    Idx,
    /// What Git leaves in place of a large file that was not downloaded.
    LfsPointer,
    /// What macOS writes beside a file, named `._` and the file's name.
    AppleDouble,
    /// A shortcut of Windows, `.lnk`.
    Shortcut,
    Empty,
    /// Zeros alone, as a copy that failed leaves them.
    Zeros,
    Unknown,
}

/// A picture format that is decoded here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Png,
    Jpeg,
    WebP,
    Gif,
    Bmp,
}

/// A picture format that is known but not decoded here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OtherFormat {
    Heic,
    Avif,
    Tiff,
    /// The unprocessed data of a camera's sensor, where it can be told from TIFF.
    Raw,
    Ico,
    JpegXl,
    Jpeg2000,
    Svg,
    Photoshop,
    Gimp,
    Qoi,
    Pnm,
    Dicom,
    /// A PNG in Apple's own variant, taken out of an app for iOS.
    ApplePng,
}

/// Bytes at a place that belong to one kind alone.
const MAGIC: &[(usize, &[u8], Kind)] = &[
    (0, b"\x89PNG\r\n\x1A\n\0\0\0\x04CgBI", Kind::OtherPicture(OtherFormat::ApplePng)),
    (0, b"\x89PNG", Kind::Picture(Format::Png)),
    (0, b"\xFF\xD8\xFF", Kind::Picture(Format::Jpeg)),
    (0, b"GIF87a", Kind::Picture(Format::Gif)),
    (0, b"GIF89a", Kind::Picture(Format::Gif)),
    (0, b"II*\0\x10\0\0\0CR\x02\0", Kind::OtherPicture(OtherFormat::Raw)),
    (0, b"II*\0", Kind::OtherPicture(OtherFormat::Tiff)),
    (0, b"MM\0*", Kind::OtherPicture(OtherFormat::Tiff)),
    (0, b"II+\0", Kind::OtherPicture(OtherFormat::Tiff)),
    (0, b"MM\0+", Kind::OtherPicture(OtherFormat::Tiff)),
    (0, b"IIRO\x08\0", Kind::OtherPicture(OtherFormat::Raw)),
    (0, b"IIRS\x08\0", Kind::OtherPicture(OtherFormat::Raw)),
    (0, b"MMOR\0", Kind::OtherPicture(OtherFormat::Raw)),
    (0, b"IIU\0", Kind::OtherPicture(OtherFormat::Raw)),
    (0, b"FUJIFILMCCD-RAW", Kind::OtherPicture(OtherFormat::Raw)),
    (0, b"FOVb", Kind::OtherPicture(OtherFormat::Raw)),
    (0, b"\0MRM", Kind::OtherPicture(OtherFormat::Raw)),
    (0, b"\xFF\x0A", Kind::OtherPicture(OtherFormat::JpegXl)),
    (0, b"\0\0\0\x0CJXL ", Kind::OtherPicture(OtherFormat::JpegXl)),
    (0, b"\0\0\0\x0CjP  ", Kind::OtherPicture(OtherFormat::Jpeg2000)),
    (0, b"\xFF\x4F\xFF\x51", Kind::OtherPicture(OtherFormat::Jpeg2000)),
    (0, b"8BPS\0", Kind::OtherPicture(OtherFormat::Photoshop)),
    (0, b"gimp xcf ", Kind::OtherPicture(OtherFormat::Gimp)),
    (0, b"qoif", Kind::OtherPicture(OtherFormat::Qoi)),
    (128, b"DICM", Kind::OtherPicture(OtherFormat::Dicom)),
    (0, b"\x1A\x45\xDF\xA3", Kind::Video),
    (0, b"\0\0\x01\xBA", Kind::Video),
    (0, b"\0\0\x01\xB3", Kind::Video),
    (0, b"ID3\x02", Kind::Audio),
    (0, b"ID3\x03", Kind::Audio),
    (0, b"ID3\x04", Kind::Audio),
    (0, b"OggS", Kind::Audio),
    (0, b"fLaC", Kind::Audio),
    (0, b"PK\x05\x06", Kind::Zip),
    (0, b"PK\x07\x08", Kind::Zip),
    (0, b"\x1F\x8B", Kind::Gzip),
    (257, b"ustar", Kind::Tar),
    (0, b"7z\xBC\xAF\x27\x1C", Kind::SevenZip),
    (0, b"Rar!\x1A\x07", Kind::Rar),
    (4, b"1AY&SY", Kind::Bzip2),
    (0, b"\xFD7zXZ\0", Kind::Xz),
    (0, b"\x28\xB5\x2F\xFD", Kind::Zstd),
    (0, b"%PDF-", Kind::Pdf),
    (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Kind::Office),
    (0, b"PAR1", Kind::Parquet),
    (0, b"SQLite format 3\0", Kind::Sqlite),
    (0, b"\x93NUMPY", Kind::Numpy),
    (0, b"\x89HDF\r\n\x1A\n", Kind::Hdf5),
    (0, b"\0\0\x08\x01", Kind::Idx),
    (0, b"\0\0\x08\x03", Kind::Idx),
    (0, b"version https://git-lfs.github.com/", Kind::LfsPointer),
    (0, b"\0\x05\x16\x07", Kind::AppleDouble),
    (0, b"L\0\0\0\x01\x14\x02\0", Kind::Shortcut),
];

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
        })
    }
}

impl FileKind {
    /// The kind of the file that starts with `start`: [`PROBE_BYTES`] of it, or all if it is shorter.
    pub fn of(start: &[u8]) -> Self {
        let start = &start[..start.len().min(PROBE_BYTES)];
        if start.is_empty() {
            return Self::Empty;
        }
        let by_magic = MAGIC.iter().find(|(place, magic, _)| has(start, *place, magic));
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

    /// Whether it is a picture of a format that is decoded here.
    pub fn is_decodable(self) -> bool {
        matches!(self, Self::Picture(_))
    }

    /// Whether it is a picture, of a format that is decoded here or not.
    pub fn is_picture(self) -> bool {
        matches!(self, Self::Picture(_) | Self::OtherPicture(_))
    }

    /// What it is in a sentence, such as "a HEIC picture".
    pub fn name(self) -> &'static str {
        match self {
            Self::Picture(format) => match format {
                Format::Png => "a PNG picture",
                Format::Jpeg => "a JPEG picture",
                Format::WebP => "a WebP picture",
                Format::Gif => "a GIF picture",
                Format::Bmp => "a BMP picture",
            },
            Self::OtherPicture(format) => match format {
                OtherFormat::Heic => "a HEIC picture",
                OtherFormat::Avif => "an AVIF picture",
                OtherFormat::Tiff => "a TIFF picture",
                OtherFormat::Raw => "a camera's raw picture",
                OtherFormat::Ico => "an icon (ICO)",
                OtherFormat::JpegXl => "a JPEG XL picture",
                OtherFormat::Jpeg2000 => "a JPEG 2000 picture",
                OtherFormat::Svg => "an SVG drawing",
                OtherFormat::Photoshop => "a Photoshop picture",
                OtherFormat::Gimp => "a GIMP picture",
                OtherFormat::Qoi => "a QOI picture",
                OtherFormat::Pnm => "a PNM picture",
                OtherFormat::Dicom => "a DICOM picture",
                OtherFormat::ApplePng => "a PNG picture in Apple's own variant (CgBI)",
            },
            Self::Video => "a video",
            Self::Audio => "a sound file",
            Self::Zip => "a zip archive",
            Self::Gzip => "a gzip archive",
            Self::Tar => "a tar archive",
            Self::SevenZip => "a 7z archive",
            Self::Rar => "a RAR archive",
            Self::Bzip2 => "a bzip2 archive",
            Self::Xz => "an xz archive",
            Self::Zstd => "a zstd archive",
            Self::Pdf => "a PDF document",
            Self::Html => "a web page",
            Self::Xml => "an XML file",
            Self::Json => "a JSON file",
            Self::Text => "a text file",
            Self::Office => "an Office document",
            Self::Parquet => "a Parquet table",
            Self::Sqlite => "an SQLite database",
            Self::Numpy => "a NumPy array",
            Self::Pickle => "a Python pickle",
            Self::PyTorch => "a PyTorch file",
            Self::Safetensors => "a safetensors file",
            Self::Hdf5 => "an HDF5 file",
            Self::Idx => "an IDX file, as of MNIST",
            Self::LfsPointer => "a Git LFS pointer",
            Self::AppleDouble => "a metadata file of macOS",
            Self::Shortcut => "a Windows shortcut",
            Self::Empty => "an empty file",
            Self::Zeros => "a file of zeros",
            Self::Unknown => "a file of an unknown kind",
        }
    }

    /// What to do about it where a picture is wanted.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Picture(_) => "save it again",
            Self::OtherPicture(OtherFormat::Heic) => {
                "save it as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible)"
            }
            Self::OtherPicture(OtherFormat::Svg) => "export it as PNG",
            Self::OtherPicture(_) => "save it as JPEG or PNG",
            Self::Video => "save frames of it as JPEG",
            Self::Zip
            | Self::Gzip
            | Self::Tar
            | Self::SevenZip
            | Self::Rar
            | Self::Bzip2
            | Self::Xz
            | Self::Zstd => "unpack it",
            Self::Pdf | Self::Office => "save its pictures as JPEG or PNG",
            Self::Html | Self::Xml | Self::Json => "download the picture itself",
            Self::Numpy | Self::Pickle | Self::Hdf5 | Self::Parquet | Self::Sqlite | Self::Idx => {
                "export its pictures as PNG"
            }
            Self::LfsPointer => "run `git lfs pull`",
            Self::AppleDouble => "delete it",
            Self::Shortcut => "copy the picture itself",
            Self::Empty | Self::Zeros => "copy the picture again",
            Self::Audio | Self::Text | Self::PyTorch | Self::Safetensors | Self::Unknown => {
                "use PNG, JPEG, WebP, GIF or BMP pictures"
            }
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether `magic` is at `place`.
fn has(start: &[u8], place: usize, magic: &[u8]) -> bool {
    start.get(place..).is_some_and(|rest| rest.starts_with(magic))
}

fn u16_at(start: &[u8], place: usize) -> Option<u16> {
    Some(u16::from_le_bytes(start.get(place..)?.first_chunk().copied()?))
}

/// Kinds whose container tells them only by what is in it.
fn container(start: &[u8]) -> Option<Kind> {
    if has(start, 0, b"RIFF") {
        return match start.get(8..12)? {
            b"WEBP" => Some(Kind::Picture(Format::WebP)),
            b"AVI " => Some(Kind::Video),
            b"WAVE" => Some(Kind::Audio),
            _ => None,
        };
    }
    // The first byte of a box's length is zero, unlike that of a text with such a word in it.
    if has(start, 0, b"\0") {
        match start.get(4..8) {
            Some(b"ftyp") => return Some(media(start)),
            Some(b"moov" | b"mdat" | b"wide") => return Some(Kind::Video),
            _ => {}
        }
    }
    if has(start, 0, b"PK\x03\x04") {
        let length = usize::from(u16_at(start, 26).unwrap_or_default());
        let first = start.get(30..).unwrap_or_default();
        let first = &first[..first.len().min(length)];
        return Some(match first {
            b"[Content_Types].xml" => Kind::Office,
            _ if first.ends_with(b"/data.pkl") => Kind::PyTorch,
            _ => Kind::Zip,
        });
    }
    None
}

/// Which medium is in a file of ISO boxes: its own brand tells, or else a brand that it is compatible with.
fn media(start: &[u8]) -> Kind {
    let size = start.first_chunk().map_or(0, |size| u32::from_be_bytes(*size) as usize);
    let brands = start.get(8..start.len().min(size.max(12))).unwrap_or_default();
    // The second four bytes are a version.
    let brands = || brands.chunks_exact(4).enumerate().filter(|&(i, _)| i != 1).map(|(_, b)| b);
    let still = |brand: &[u8]| match brand {
        b"avif" | b"avis" => Some(Kind::OtherPicture(OtherFormat::Avif)),
        b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"hevm" | b"hevs" => {
            Some(Kind::OtherPicture(OtherFormat::Heic))
        }
        b"crx " => Some(Kind::OtherPicture(OtherFormat::Raw)),
        b"jxl " => Some(Kind::OtherPicture(OtherFormat::JpegXl)),
        b"jp2 " | b"jpx " | b"jpm " => Some(Kind::OtherPicture(OtherFormat::Jpeg2000)),
        b"M4A " | b"M4B " => Some(Kind::Audio),
        _ => None,
    };
    let of_no_codec = |brand: &[u8]| matches!(brand, b"mif1" | b"mif2" | b"msf1" | b"miaf");
    brands().find_map(still).unwrap_or(if brands().any(of_no_codec) {
        Kind::OtherPicture(OtherFormat::Heic)
    } else {
        Kind::Video
    })
}

/// Binary kinds with a first few bytes that others may have too, so that more is looked at.
fn binary(start: &[u8]) -> Option<Kind> {
    let byte = |place: usize| start.get(place).copied();
    // A header of 12 to 124 bytes follows; text such as "BMW" has no such number there.
    if has(start, 0, b"BM") && byte(14).is_some_and(|size| size >= 12) && has(start, 15, &[0; 3]) {
        return Some(Kind::Picture(Format::Bmp));
    }
    let icon = has(start, 0, &[0, 0, 1, 0]) || has(start, 0, &[0, 0, 2, 0]);
    if icon && u16_at(start, 4).is_some_and(|count| (1..256).contains(&count)) && byte(9)? == 0 {
        return Some(Kind::OtherPicture(OtherFormat::Ico));
    }
    if let [b'P', b'1'..=b'7', b' ' | b'\n' | b'\r' | b'\t', b'0'..=b'9' | b'#' | b'W', ..] = start
    {
        return Some(Kind::OtherPicture(OtherFormat::Pnm));
    }
    if let [0x80, 2..=5, _, ..] = start {
        return Some(Kind::Pickle);
    }
    let header = start.first_chunk().map(|length| u64::from_le_bytes(*length));
    if header.is_some_and(|length| (2..1 << 32).contains(&length)) && has(start, 8, b"{\"") {
        return Some(Kind::Safetensors);
    }
    None
}

/// Which kind of text it is, if it is text.
fn text(start: &[u8]) -> Option<Kind> {
    if let [0xFF, 0xFE, rest @ ..] | [0xFE, 0xFF, rest @ ..] = start {
        // In UTF-16, every second byte of most texts is zero.
        return (rest.iter().filter(|&&byte| byte == 0).count() * 4 > rest.len())
            .then_some(Kind::Text);
    }
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let is_text = start.iter().all(|byte| !byte.is_ascii_control() || byte.is_ascii_whitespace());
    // Old encodings have a few bytes beyond ASCII.
    let ascii = start.iter().filter(|byte| byte.is_ascii()).count();
    if !is_text || (ascii * 4 < start.len() * 3 && !is_utf8(start)) {
        return None;
    }

    let lower = start.trim_ascii_start().to_ascii_lowercase();
    let contains = |part: &[u8]| lower.windows(part.len()).any(|window| window == part);
    Some(match lower.as_slice() {
        [b'<', ..] if contains(b"<html") || contains(b"<!doctype html") => Kind::Html,
        [b'<', ..] if contains(b"<svg") => Kind::OtherPicture(OtherFormat::Svg),
        [b'<', b'?' | b'!' | b'a'..=b'z', ..] => {
            let page = ["<head", "<body", "<script", "<title", "<div", "<p>", "<h1"];
            let page = page.iter().any(|tag| lower.starts_with(tag.as_bytes()));
            if page { Kind::Html } else { Kind::Xml }
        }
        [bracket @ (b'{' | b'['), rest @ ..] => match rest.trim_ascii_start() {
            [b'"' | b'}', ..] if *bracket == b'{' => Kind::Json,
            [b'"' | b'{' | b'[' | b']' | b'-' | b'0'..=b'9', ..] if *bracket == b'[' => Kind::Json,
            _ => Kind::Text,
        },
        _ => Kind::Text,
    })
}

/// Whether it is UTF-8, of which the last character may be cut.
fn is_utf8(start: &[u8]) -> bool {
    std::str::from_utf8(start).map_or_else(|error| error.error_len().is_none(), |_| true)
}

#[cfg(test)]
mod tests;
