//! The orientation of an image in the EXIF or XMP data of its file.
//!
//! Decoders miss some cases: a PNG may have EXIF data after the image data or as hexadecimal text, and some programs
//! write the tag as LONG. The results match Pillow's `ImageOps.exif_transpose`.

use std::io::Read;

use flate2::read::ZlibDecoder;
use image::metadata::Orientation;

use tunelab_core::data::file_kind::ImageFormat;

use super::jpeg_segments::{START_OF_SCAN, Segments};

/// The tag of the orientation in the first directory of EXIF data.
const TAG: u32 = 0x0112;

/// Maximum number of bytes of decompressed text.
const MAX_TEXT: u64 = 1 << 20;

/// How the image in a file has to be rotated and mirrored to be upright.
pub(super) fn orientation(file: &[u8], format: ImageFormat) -> Orientation {
    let metadata = match format {
        ImageFormat::Jpeg => Metadata::of_jpeg(file),
        ImageFormat::Png => Metadata::of_png(file),
        ImageFormat::WebP => Metadata::of_webp(file),
        ImageFormat::Gif | ImageFormat::Bmp => Metadata::default(),
    };
    let exif = metadata.exif.or(metadata.exif_text);
    let number = exif.as_deref().and_then(in_exif).or_else(|| in_xmp(&metadata.xmp?));
    number
        .and_then(|number| u8::try_from(number).ok())
        .and_then(Orientation::from_exif)
        .unwrap_or(Orientation::NoTransforms)
}

/// The metadata that may contain the orientation.
#[derive(Default)]
struct Metadata {
    exif: Option<Vec<u8>>,
    /// EXIF data in a PNG that ImageMagick wrote as text.
    exif_text: Option<Vec<u8>>,
    xmp: Option<Vec<u8>>,
}

impl Metadata {
    fn of_jpeg(file: &[u8]) -> Self {
        let mut found = Self::default();
        // Metadata comes before the first scan.
        let header = Segments::new(file).take_while(|segment| segment.marker != START_OF_SCAN);
        for segment in header.filter(|segment| segment.marker == 0xE1) {
            if segment.payload.starts_with(b"Exif\0\0") {
                found.exif.get_or_insert_with(|| segment.payload.to_vec());
            } else if let Some(xmp) =
                segment.payload.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0")
            {
                found.xmp.get_or_insert_with(|| xmp.to_vec());
            }
        }
        found
    }

    fn of_png(file: &[u8]) -> Self {
        let mut found = Self::default();
        for (kind, data) in chunks(file, 8, u32::from_be_bytes, 4) {
            if kind == b"eXIf" {
                found.exif = Some(data.to_vec());
                continue;
            }
            let Some((key, text)) = png_text(kind, data) else { continue };
            match key {
                b"Raw profile type exif" => found.exif_text = from_hexadecimal(&text),
                b"XML:com.adobe.xmp" => found.xmp = Some(text),
                _ => {}
            }
        }
        found
    }

    fn of_webp(file: &[u8]) -> Self {
        let mut found = Self::default();
        for (kind, data) in chunks(file, 12, u32::from_le_bytes, 0) {
            match kind {
                b"EXIF" => drop(found.exif.get_or_insert_with(|| data.to_vec())),
                b"XMP " => drop(found.xmp.get_or_insert_with(|| data.to_vec())),
                _ => {}
            }
        }
        found
    }
}

/// The names and data of the chunks of a PNG or WebP file from `start` on, up to the first incomplete one. In a
/// PNG, a chunk has its length before its name and a checksum of 4 bytes after its data. In a WebP, it has its
/// length after its name, and its data is padded to an even number of bytes.
fn chunks(
    file: &[u8],
    start: usize,
    length_of: fn([u8; 4]) -> u32,
    checksum: usize,
) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    let mut rest = file.get(start..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (first, after) = rest.split_first_chunk::<4>()?;
        let (second, after) = after.split_first_chunk::<4>()?;
        let is_png = checksum > 0;
        let (name, length) = if is_png { (second, first) } else { (first, second) };
        let length = usize::try_from(length_of(*length)).ok()?;
        let data = after.get(..length)?;
        let padding = if is_png { checksum } else { length % 2 };
        rest = after.get(length.checked_add(padding)?..).unwrap_or_default();
        Some((name, data))
    })
}

/// The key and the text of a text chunk of a PNG.
fn png_text<'a>(kind: &[u8; 4], data: &'a [u8]) -> Option<(&'a [u8], Vec<u8>)> {
    let (key, text) = split_at_zero(data)?;
    let text = match kind {
        b"tEXt" => text.to_vec(),
        // The compression method comes first.
        b"zTXt" => inflate(text.get(1..)?),
        b"iTXt" => {
            // A compression flag, the compression method, a language and a translated key come first.
            let (_, translated) = split_at_zero(text.get(2..)?)?;
            let (_, body) = split_at_zero(translated)?;
            if text.first() == Some(&1) { inflate(body) } else { body.to_vec() }
        }
        _ => return None,
    };
    Some((key, text))
}

fn split_at_zero(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = data.iter().position(|&byte| byte == 0)?;
    Some((data.get(..end)?, data.get(end + 1..)?))
}

/// Decompresses text as far as possible.
fn inflate(data: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    // Text before an error is kept.
    let _ = ZlibDecoder::new(data).take(MAX_TEXT).read_to_end(&mut text);
    text
}

/// The bytes of a profile that ImageMagick wrote as text: a line break, the name, the length, and lines of
/// hexadecimal digits.
fn from_hexadecimal(text: &[u8]) -> Option<Vec<u8>> {
    let lines = text.split(|&byte| byte == b'\n').skip(3);
    let digits: Option<Vec<u8>> = lines
        .flatten()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|&byte| char::from(byte).to_digit(16).map(|digit| digit as u8))
        .collect();
    Some(digits?.chunks_exact(2).map(|pair| pair[0] * 16 + pair[1]).collect())
}

/// The orientation in EXIF data, with or without the prefix `Exif` of JPEGs.
fn in_exif(exif: &[u8]) -> Option<u32> {
    let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    let is_big = match tiff.get(..4)? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let number = |bytes: &[u8]| {
        let add = |sum: u32, &byte: &u8| sum << 8 | u32::from(byte);
        if is_big { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
    };
    let directory = tiff.get(number(tiff.get(4..8)?) as usize..)?;
    let count = number(directory.get(..2)?) as usize;
    // An entry has 12 bytes: tag, type, number of values, and the values or their offset.
    let entry = directory
        .get(2..)?
        .chunks_exact(12)
        .take(count)
        .find(|entry| number(&entry[..2]) == TAG)?;
    let size = match number(&entry[2..4]) {
        6 => 1,
        3 | 8 => 2,
        4 | 9 | 13 => 4,
        _ => return None,
    };
    let values = number(&entry[4..8]) as usize;
    let value = match values.saturating_mul(size) {
        0 => return None,
        1..=4 => entry.get(8..8 + size)?,
        _ => tiff.get(number(&entry[8..]) as usize..)?.get(..size)?,
    };
    Some(number(value))
}

/// The orientation in XMP data, an attribute or an element.
fn in_xmp(xmp: &[u8]) -> Option<u32> {
    const NAME: &[u8] = b"tiff:Orientation";
    let places = xmp.windows(NAME.len()).enumerate().filter(|(_, window)| *window == NAME);
    places
        .filter_map(|(place, _)| xmp.get(place + NAME.len()..))
        .filter_map(|rest| rest.strip_prefix(b"=\"").or_else(|| rest.strip_prefix(b">")))
        .find_map(|rest| char::from(*rest.first()?).to_digit(10))
}

#[cfg(test)]
mod tests {
    use super::super::decode;

    #[derive(serde::Deserialize)]
    struct Case {
        name: String,
        file: String,
        width: u32,
        grey: Vec<u8>,
    }

    #[test]
    fn images_are_rotated_as_in_pillow() {
        let cases = include_str!("../../../../../tests/fixtures/decode/orientation.json");
        let cases: Vec<Case> = serde_json::from_str(cases).unwrap();
        assert!(cases.len() > 40);
        for Case { name, file, width, grey } in cases {
            let digit = |byte: &u8| char::from(*byte).to_digit(16).unwrap() as u8;
            let file: Vec<u8> = file
                .as_bytes()
                .chunks(2)
                .map(|pair| digit(&pair[0]) * 16 + digit(&pair[1]))
                .collect();
            let image = decode(&file).unwrap();
            assert_eq!(image.width(), width, "{name}");
            let levels: Vec<u8> = image.pixels().iter().copied().step_by(3).collect();
            assert_eq!(levels, grey, "{name}");
        }
    }
}
