//! Decodes truncated and damaged files, as far as possible.
//!
//! An image is used if at least half of it could be decoded; the rest is gray, as with JPEG decoders. Decoders write the
//! rows of an image as they read them, so the missing pixels are those that were not written.

use flate2::Crc;

use tunelab_core::data::file_kind::ImageFormat;
use tunelab_core::data::image_file::DecodeError;

use super::raster::Raster;

/// A fill pattern that no image has over whole rows. Its length is prime, so that neighboring pixels differ.
const UNWRITTEN: [u8; 11] = [0xA5, 0x13, 0xE8, 0x5C, 0x39, 0xF1, 0x02, 0x9B, 0x67, 0xD4, 0x40];

/// The distances between the pixels of the first passes of interlaced images.
const PASS_STEPS: [usize; 3] = [2, 4, 8];

/// Padding of an incomplete WebP, in bytes besides its length, so that the decoder does not run out of data.
const PADDING: usize = 1 << 20;

/// An image that may have missing pixels.
pub(super) struct PartialImage {
    pub raster: Raster,
    /// Whether the file ends early or is damaged.
    pub is_incomplete: bool,
    /// Whether each pixel is missing, row by row; empty if none is.
    pub missing: Vec<bool>,
}

impl PartialImage {
    /// An image without missing pixels.
    pub fn complete(raster: Raster) -> Self {
        Self { raster, is_incomplete: false, missing: Vec::new() }
    }

    /// An image whose last `rows` are missing.
    pub fn without_last_rows(raster: Raster, rows: usize) -> Self {
        let missing = rows * raster.width;
        let there = (raster.width * raster.height).saturating_sub(missing);
        let missing = [vec![false; there], vec![true; missing]].concat();
        Self { raster, is_incomplete: true, missing }
    }

    /// Whether at least half of the image is there.
    pub fn is_usable(&self) -> bool {
        let missing = self.missing.iter().filter(|missing| **missing).count();
        missing * 2 <= self.raster.width * self.raster.height
    }
}

/// Decodes what is left of an image that the decoder refused with `error`.
pub(super) fn decode_damaged(
    file: &[u8],
    format: ImageFormat,
    error: DecodeError,
) -> Result<PartialImage, DecodeError> {
    if error.is_limit() {
        return Err(error);
    }
    let image = match format {
        ImageFormat::Png => {
            let repaired = with_right_checksums(file);
            // Some programs write wrong checksums of correct data.
            match Raster::read(&repaired, format) {
                Ok(raster) => {
                    Some(PartialImage { is_incomplete: true, ..PartialImage::complete(raster) })
                }
                Err(_) => decode_written(&repaired, format),
            }
        }
        ImageFormat::WebP => return decode_damaged_webp(file, error),
        ImageFormat::Jpeg | ImageFormat::Gif | ImageFormat::Bmp => decode_written(file, format),
    };
    if let Some(image) = image.filter(PartialImage::is_usable) {
        return Ok(image);
    }
    Err(error)
}

/// The part of an image that the decoder writes before an error.
pub(super) fn decode_written(file: &[u8], format: ImageFormat) -> Option<PartialImage> {
    let raster = Raster::read_over(file, format, &UNWRITTEN).ok()?;
    let is_interlaced = format == ImageFormat::Png && file.get(28) == Some(&1);
    Some(find_missing(raster, is_interlaced))
}

/// Finds the pixels that were not written. Empty rows between others are a sign of an interlaced image.
fn find_missing(mut raster: Raster, is_interlaced: bool) -> PartialImage {
    let (width, pixel) = (raster.width, raster.bytes_per_pixel());
    let unwritten = |(place, bytes): (usize, &[u8])| {
        let pattern = UNWRITTEN.iter().cycle().skip(place * pixel % UNWRITTEN.len());
        bytes.iter().eq(pattern.take(pixel))
    };
    let mut missing: Vec<bool> =
        raster.bytes.chunks_exact(pixel).enumerate().map(unwritten).collect();

    let empty = |row: &&[bool]| row.iter().all(|missing| *missing);
    let rows = missing.chunks_exact(width);
    let behind = rows.skip_while(empty).skip_while(|row| !empty(row)).skip_while(empty);
    let is_interlaced = is_interlaced || behind.count() > 0;
    if is_interlaced {
        fill_between(&mut raster, &mut missing);
    } else {
        // A written pixel may equal the pattern by chance. Only the last pixels of a row can be missing.
        for row in missing.chunks_exact_mut(width) {
            let last = row.iter().rposition(|missing| !missing).map_or(0, |place| place + 1);
            row.iter_mut().take(last).for_each(|missing| *missing = false);
        }
    }
    PartialImage { raster, is_incomplete: true, missing }
}

/// Fills missing pixels of an interlaced image with near ones of earlier passes, above and to the left.
fn fill_between(raster: &mut Raster, missing: &mut [bool]) {
    let (width, pixel) = (raster.width, raster.bytes_per_pixel());
    for place in 0..missing.len() {
        if !missing[place] {
            continue;
        }
        let (x, y) = (place % width, place / width);
        let near = PASS_STEPS.iter().flat_map(|step| {
            let row = (y - y % step) * width;
            [row + x, row + x - x % step]
        });
        if let Some(source) = near.into_iter().find(|&source| !missing[source]) {
            raster.bytes.copy_within(source * pixel..(source + 1) * pixel, place * pixel);
            missing[place] = false;
        }
    }
}

/// Recomputes the checksums of the chunks of a PNG.
fn with_right_checksums(file: &[u8]) -> Vec<u8> {
    let mut repaired = file.to_vec();
    let mut at = 8;
    while let Some(length) = repaired.get(at..).and_then(|rest| rest.first_chunk()) {
        let end = (at + 8).saturating_add(u32::from_be_bytes(*length) as usize);
        let Some(chunk) = repaired.get(at + 4..end) else { break };
        let mut sum = Crc::new();
        sum.update(chunk);
        let Some((place, _)) =
            repaired.get_mut(end..).and_then(|rest| rest.split_first_chunk_mut())
        else {
            break;
        };
        *place = sum.sum().to_be_bytes();
        at = end + 4;
    }
    repaired
}

/// Decodes what is left of a WebP. Its decoder needs all data, so the file is padded in two ways: the rows that
/// are the same in both come from the file. This does not work for lossless data.
fn decode_damaged_webp(file: &[u8], error: DecodeError) -> Result<PartialImage, DecodeError> {
    let ends_early = DecodeError::EndsEarly { format: ImageFormat::WebP };
    let is_incomplete = size_at(file, 4).is_some_and(|size| size.saturating_add(8) > file.len());
    let decode_padded = |filler: u8| Raster::read(&pad_webp(file, filler)?, ImageFormat::WebP).ok();
    let Some(first) = decode_padded(0) else {
        return Err(if is_incomplete { ends_early } else { error });
    };
    if !is_incomplete {
        return Ok(PartialImage::complete(first));
    }
    let same = decode_padded(0xFF)
        .map_or(0, |second| first.rows().zip(second.rows()).take_while(|(a, b)| a == b).count());
    let lost = first.height - same;
    Ok(PartialImage::without_last_rows(first, lost))
}

/// Pads the incomplete chunk of a WebP with as many `filler` bytes as its decoder may need; `None` if that would
/// not help.
fn pad_webp(file: &[u8], filler: u8) -> Option<Vec<u8>> {
    let mut padded = file.to_vec();
    // The header announces EXIF and XMP data, which follow the image or were removed, and with some programs
    // an alpha channel that is not there.
    let has = |name: &[u8]| file.windows(4).any(|window| window == name);
    let has_no_alpha = has(b"VP8 ") && !has(b"ALPH");
    if padded.get(12..16) == Some(b"VP8X")
        && let Some(flags) = padded.get_mut(20)
    {
        *flags &= if has_no_alpha { !0b1_1100 } else { !0b1100 };
    }
    let mut at = 12;
    while let Some(size) = size_at(file, at + 4) {
        let end = at.saturating_add(8).saturating_add(size);
        if end > file.len() {
            let there = file.len() - (at + 8).min(file.len());
            let is_lossless =
                matches!(file.get(at..at + 4), Some(b"VP8L" | b"ANMF")) && has(b"VP8L");
            if there < size / 2 || is_lossless {
                return None;
            }
            let more = file.len() + PADDING;
            padded.resize(file.len() + more, filler);
            let size = u32::try_from(there + more).ok()?;
            padded.get_mut(at + 4..at + 8)?.copy_from_slice(&size.to_le_bytes());
            let size = u32::try_from(padded.len()).ok()?;
            padded.get_mut(4..8)?.copy_from_slice(&size.to_le_bytes());
            break;
        }
        at = end + size % 2;
    }
    Some(padded)
}

/// The size of a chunk in its header.
fn size_at(file: &[u8], at: usize) -> Option<usize> {
    let size = file.get(at..)?.first_chunk()?;
    usize::try_from(u32::from_le_bytes(*size)).ok()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::codecs::jpeg::JpegEncoder;
    use image::{DynamicImage, ImageFormat};

    use super::super::{MISSING, decode_file};
    use super::DecodeError;
    use crate::data::image::RgbImage;

    /// An image with some texture, so that no small part of its file stands for most of it.
    fn texture() -> DynamicImage {
        let color = |x: u32, y: u32| {
            let texture = (x * 37 + y * 61) % 23;
            image::Rgb([x * 3 + texture, y * 4 + texture, 200 - x - y + texture].map(|n| n as u8))
        };
        image::RgbImage::from_fn(64, 48, color).into()
    }

    fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn jpeg() -> Vec<u8> {
        let mut bytes = Vec::new();
        texture().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).unwrap();
        bytes
    }

    /// The mean difference of the pixels that are there, and the fraction of missing ones.
    fn compare(part: &RgbImage, whole: &RgbImage) -> (f64, f64) {
        assert_eq!((part.width(), part.height()), (whole.width(), whole.height()));
        let pairs = || part.pixels().chunks_exact(3).zip(whole.pixels().chunks_exact(3));
        let there: Vec<_> = pairs().filter(|(pixel, _)| *pixel != MISSING).collect();
        let difference = |(a, b): &(&[u8], &[u8])| -> u32 {
            a.iter().zip(*b).map(|(a, b)| u32::from(a.abs_diff(*b))).sum()
        };
        let sum: u32 = there.iter().map(difference).sum();
        let missing = 1.0 - there.len() as f64 / pairs().count() as f64;
        (f64::from(sum) / (3.0 * there.len().max(1) as f64), missing)
    }

    /// A file, the fraction of it that must be enough, and how much a partial image may differ from the whole.
    struct Case {
        name: &'static str,
        file: Vec<u8>,
        enough: f64,
        tolerance: f64,
    }

    fn cases() -> Vec<Case> {
        let case = |name, file: &[u8], enough, tolerance| Case {
            name,
            file: file.to_vec(),
            enough,
            tolerance,
        };
        let gray = encoded(&texture().into_luma8().into(), ImageFormat::Png);
        let deep = encoded(&texture().into_rgba16().into(), ImageFormat::Png);
        let interlaced = include_bytes!("../../../../../tests/fixtures/decode/cut_interlaced.gif");
        let adam7 = include_bytes!("../../../../../tests/fixtures/decode/cut_interlaced.png");
        let progressive =
            include_bytes!("../../../../../tests/fixtures/decode/cut_progressive.jpg");
        let lossy = include_bytes!("../../../../../tests/fixtures/decode/cut_lossy.webp");
        vec![
            case("PNG", &encoded(&texture(), ImageFormat::Png), 0.6, 0.0),
            case("gray PNG", &gray, 0.6, 0.0),
            case("16-bit PNG", &deep, 0.6, 0.0),
            case("interlaced PNG", adam7, 0.5, 12.0),
            case("GIF", &encoded(&texture(), ImageFormat::Gif), 0.7, 0.0),
            case("interlaced GIF", interlaced, 0.6, 12.0),
            // The last pixel may lack a color.
            case("BMP", &encoded(&texture(), ImageFormat::Bmp), 0.6, 0.1),
            case("JPEG", &jpeg(), 0.75, 10.0),
            case("progressive JPEG", progressive, 0.6, 14.0),
            case("lossy WebP", lossy, 0.9, 0.1),
            case("lossless WebP", &encoded(&texture(), ImageFormat::WebP), 1.0, 0.0),
        ]
    }

    #[test]
    fn files_cut_anywhere_decode_as_far_as_possible() {
        for Case { name, file, enough, tolerance } in cases() {
            let whole = decode_file(&file).unwrap();
            assert!(!whole.is_incomplete, "{name}");
            for end in 1..file.len() {
                let context = format!("{name}, {end} of {} bytes", file.len());
                match decode_file(&file[..end]) {
                    Ok(part) if part.is_incomplete => {
                        let (difference, missing) = compare(&part.image, &whole.image);
                        assert!(missing < 0.51, "{context}: {missing} is missing");
                        assert!(difference <= tolerance, "{context}: {difference}");
                    }
                    // Only data after the image was cut.
                    Ok(part) => assert_eq!(part.image, whole.image, "{context}"),
                    Err(error) => {
                        let share = end as f64 / file.len() as f64;
                        assert!(share < enough, "{context}: {error}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_file_cut_early_is_reported() {
        for Case { name, file, .. } in cases() {
            let error = decode_file(&file[..file.len() / 8]).unwrap_err();
            assert!(matches!(error, DecodeError::EndsEarly { .. }), "{name}: {error}");
        }
    }

    /// The segment header gives a length beyond the end of the file.
    #[test]
    fn a_jpeg_cut_in_a_segment_is_decoded() {
        let file = include_bytes!("../../../../../tests/fixtures/decode/cut_progressive.jpg");
        let table = file.windows(2).rposition(|marker| marker == [0xFF, 0xC4]).unwrap();
        for end in table..table + 8 {
            assert!(decode_file(&file[..end]).unwrap().is_incomplete, "{end}");
        }
    }

    #[test]
    fn wrong_checksums_of_a_png_are_forgiven() {
        let mut file = encoded(&texture(), ImageFormat::Png);
        let whole = decode_file(&file).unwrap().image;
        let end = file.windows(4).position(|name| name == b"IEND").unwrap() - 8;
        file[end..end + 4].fill(0);
        let decoded = decode_file(&file).unwrap();
        assert_eq!((decoded.image, decoded.is_incomplete), (whole, true));
    }

    #[test]
    fn damaged_data_of_a_jpeg_is_detected() {
        let file = jpeg();
        let start = file.len() * 2 / 3;
        // No Huffman code is as long as this.
        let broken = [&file[..start], &b"\xFF\0".repeat(40), &file[start + 80..]].concat();
        assert!(decode_file(&broken).unwrap().is_incomplete);
        // The same gray is no damage in a gray image.
        let gray: DynamicImage = image::RgbImage::from_pixel(64, 48, image::Rgb([128; 3])).into();
        assert!(!decode_file(&encoded(&gray, ImageFormat::Jpeg)).unwrap().is_incomplete);
    }

    /// Webcams leave out the Huffman tables, which are the same for all of their images.
    #[test]
    fn a_jpeg_without_huffman_tables_is_decoded() {
        let file = jpeg();
        let whole = decode_file(&file).unwrap().image;
        let mut bare = file.clone();
        while let Some(at) = bare.windows(2).position(|marker| marker == [0xFF, 0xC4]) {
            let length = usize::from(u16::from_be_bytes([bare[at + 2], bare[at + 3]]));
            bare.drain(at..at + 2 + length);
        }
        assert!(bare.len() < file.len());
        let decoded = decode_file(&bare).unwrap();
        assert_eq!((decoded.image, decoded.is_incomplete), (whole, false));
    }
}
