//! Files that end early or are damaged: what can still be seen of the picture.
//!
//! A picture is used when at least half of it is there; the rest is grey, as JPEG decoders leave it.
//! Decoders write the rows of a picture as they read them: what is missing is what they did not write.

use flate2::Crc;

use super::{DecodeError, Raster};
use tunelab_core::data::file_kind::Format;

/// Bytes that no picture repeats over whole rows. Their number divides no row's, so that neighbours differ.
const UNWRITTEN: [u8; 11] = [0xA5, 0x13, 0xE8, 0x5C, 0x39, 0xF1, 0x02, 0x9B, 0x67, 0xD4, 0x40];

/// The distances of the pixels that interlaced pictures begin with.
const STEPS: [usize; 3] = [2, 4, 8];

/// The bytes at least that a WebP that is cut is filled up with, so that its decoder does not run out.
const MORE: usize = 1 << 20;

/// A picture of which a part may be missing.
pub struct Part {
    pub raster: Raster,
    /// Whether the file ends early or is damaged.
    pub is_cut: bool,
    /// Whether a pixel is missing, row by row; empty if none is.
    pub missing: Vec<bool>,
}

impl Part {
    pub fn whole(raster: Raster) -> Self {
        Self { raster, is_cut: false, missing: Vec::new() }
    }

    /// A picture whose last `rows` are missing.
    pub fn without_last_rows(raster: Raster, rows: usize) -> Self {
        let missing = rows * raster.width;
        let there = (raster.width * raster.height).saturating_sub(missing);
        let missing = [vec![false; there], vec![true; missing]].concat();
        Self { raster, is_cut: true, missing }
    }

    /// Whether at least half of the picture is there.
    pub fn is_usable(&self) -> bool {
        let missing = self.missing.iter().filter(|missing| **missing).count();
        missing * 2 <= self.raster.width * self.raster.height
    }
}

/// What can still be seen of a picture that the decoder refused with `error`.
pub fn decode_damaged(
    file: &[u8],
    format: Format,
    error: DecodeError,
) -> Result<Part, DecodeError> {
    if error.is_limit() {
        return Err(error);
    }
    let part = match format {
        Format::Png => {
            let mended = with_right_checksums(file);
            // Some programs write wrong checksums of what is right.
            match Raster::read(&mended, format) {
                Ok(raster) => Some(Part { is_cut: true, ..Part::whole(raster) }),
                Err(_) => written_part(&mended, format),
            }
        }
        Format::WebP => return damaged_webp(file, error),
        Format::Jpeg | Format::Gif | Format::Bmp => written_part(file, format),
    };
    if let Some(part) = part.filter(Part::is_usable) {
        return Ok(part);
    }
    Err(error)
}

/// The part of the picture that the decoder writes before it meets an error.
pub fn written_part(file: &[u8], format: Format) -> Option<Part> {
    let raster = Raster::read_over(file, format, &UNWRITTEN).ok()?;
    let is_interlaced = format == Format::Png && file.get(28) == Some(&1);
    Some(from_written(raster, is_interlaced))
}

/// Tells the pixels that were written from the others. Empty rows between others tell that a picture is
/// interlaced too.
fn from_written(mut raster: Raster, is_interlaced: bool) -> Part {
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
        // By chance, a pixel that was written may look as if it was not: in a row, only the last are missing.
        for row in missing.chunks_exact_mut(width) {
            let last = row.iter().rposition(|missing| !missing).map_or(0, |place| place + 1);
            row.iter_mut().take(last).for_each(|missing| *missing = false);
        }
    }
    Part { raster, is_cut: true, missing }
}

/// Fills pixels of an interlaced picture with near ones above and before them that came earlier in the file.
fn fill_between(raster: &mut Raster, missing: &mut [bool]) {
    let (width, pixel) = (raster.width, raster.bytes_per_pixel());
    for place in 0..missing.len() {
        if !missing[place] {
            continue;
        }
        let (x, y) = (place % width, place / width);
        let near = STEPS.iter().flat_map(|step| {
            let row = (y - y % step) * width;
            [row + x, row + x - x % step]
        });
        if let Some(source) = near.into_iter().find(|&source| !missing[source]) {
            raster.bytes.copy_within(source * pixel..(source + 1) * pixel, place * pixel);
            missing[place] = false;
        }
    }
}

/// The PNG with the checksums of its chunks recomputed.
fn with_right_checksums(file: &[u8]) -> Vec<u8> {
    let mut mended = file.to_vec();
    let mut at = 8;
    while let Some(length) = mended.get(at..).and_then(|rest| rest.first_chunk()) {
        let end = (at + 8).saturating_add(u32::from_be_bytes(*length) as usize);
        let Some(chunk) = mended.get(at + 4..end) else { break };
        let mut sum = Crc::new();
        sum.update(chunk);
        let Some((place, _)) = mended.get_mut(end..).and_then(|rest| rest.split_first_chunk_mut())
        else {
            break;
        };
        *place = sum.sum().to_be_bytes();
        at = end + 4;
    }
    mended
}

/// A WebP that its decoder refused. The decoder needs all data, so the file is filled up twice, in two
/// ways: the rows that come out the same are those that the file has. Lossless data does not bear that.
fn damaged_webp(file: &[u8], error: DecodeError) -> Result<Part, DecodeError> {
    let ends_early = DecodeError::EndsEarly { format: Format::WebP };
    let is_cut = size_at(file, 4).is_some_and(|size| size.saturating_add(8) > file.len());
    let filled_up = |filler: u8| Raster::read(&filled_up(file, filler)?, Format::WebP).ok();
    let Some(first) = filled_up(0) else { return Err(if is_cut { ends_early } else { error }) };
    if !is_cut {
        return Ok(Part::whole(first));
    }
    let same = filled_up(0xFF)
        .map_or(0, |second| first.rows().zip(second.rows()).take_while(|(a, b)| a == b).count());
    let lost = first.height - same;
    Ok(Part::without_last_rows(first, lost))
}

/// The WebP with as much of `filler` behind its end as a decoder may ask for, as part of the chunk that is
/// cut; `None` if it would not help.
fn filled_up(file: &[u8], filler: u8) -> Option<Vec<u8>> {
    let mut filled = file.to_vec();
    // The header promises EXIF and XMP data, which come behind the picture or were taken out, and some
    // programs' an alpha channel that is not there.
    let has = |name: &[u8]| file.windows(4).any(|window| window == name);
    let has_no_alpha = has(b"VP8 ") && !has(b"ALPH");
    if filled.get(12..16) == Some(b"VP8X")
        && let Some(flags) = filled.get_mut(20)
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
            let more = file.len() + MORE;
            filled.resize(file.len() + more, filler);
            let size = u32::try_from(there + more).ok()?;
            filled.get_mut(at + 4..at + 8)?.copy_from_slice(&size.to_le_bytes());
            let size = u32::try_from(filled.len()).ok()?;
            filled.get_mut(4..8)?.copy_from_slice(&size.to_le_bytes());
            break;
        }
        at = end + size % 2;
    }
    Some(filled)
}

/// The size in a WebP's header of a chunk.
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
    use crate::data::image::RgbImage;

    /// A picture with some texture, so that no part of its file stands for most of it.
    fn picture() -> DynamicImage {
        let colour = |x: u32, y: u32| {
            let texture = (x * 37 + y * 61) % 23;
            image::Rgb([x * 3 + texture, y * 4 + texture, 200 - x - y + texture].map(|n| n as u8))
        };
        image::RgbImage::from_fn(64, 48, colour).into()
    }

    fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn jpeg() -> Vec<u8> {
        let mut bytes = Vec::new();
        picture().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).unwrap();
        bytes
    }

    /// The mean difference of the pixels that are there, and the part of those that are missing.
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

    /// A file, the part of it that must be enough, and how much what is there may differ from the whole.
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
        let grey = encoded(&picture().into_luma8().into(), ImageFormat::Png);
        let deep = encoded(&picture().into_rgba16().into(), ImageFormat::Png);
        let interlaced = include_bytes!("../../../../../tests/fixtures/decode/cut_interlaced.gif");
        let adam7 = include_bytes!("../../../../../tests/fixtures/decode/cut_interlaced.png");
        let progressive =
            include_bytes!("../../../../../tests/fixtures/decode/cut_progressive.jpg");
        let lossy = include_bytes!("../../../../../tests/fixtures/decode/cut_lossy.webp");
        vec![
            case("PNG", &encoded(&picture(), ImageFormat::Png), 0.6, 0.0),
            case("grey PNG", &grey, 0.6, 0.0),
            case("16-bit PNG", &deep, 0.6, 0.0),
            case("interlaced PNG", adam7, 0.5, 12.0),
            case("GIF", &encoded(&picture(), ImageFormat::Gif), 0.7, 0.0),
            case("interlaced GIF", interlaced, 0.6, 12.0),
            // A pixel may lack a colour.
            case("BMP", &encoded(&picture(), ImageFormat::Bmp), 0.6, 0.1),
            case("JPEG", &jpeg(), 0.75, 10.0),
            case("progressive JPEG", progressive, 0.6, 14.0),
            case("lossy WebP", lossy, 0.9, 0.1),
            case("lossless WebP", &encoded(&picture(), ImageFormat::WebP), 1.0, 0.0),
        ]
    }

    #[test]
    fn files_cut_anywhere_show_what_is_there() {
        for Case { name, file, enough, tolerance } in cases() {
            let whole = decode_file(&file).unwrap();
            assert!(!whole.is_cut, "{name}");
            for end in 1..file.len() {
                let context = format!("{name}, {end} of {} bytes", file.len());
                match decode_file(&file[..end]) {
                    Ok(part) if part.is_cut => {
                        let (difference, missing) = compare(&part.image, &whole.image);
                        assert!(missing < 0.51, "{context}: {missing} is missing");
                        assert!(difference <= tolerance, "{context}: {difference}");
                    }
                    // Only what comes behind the image data was cut.
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
    fn a_file_cut_early_says_so() {
        for Case { name, file, .. } in cases() {
            let error = decode_file(&file[..file.len() / 8]).unwrap_err().to_string();
            assert!(error.contains("ends before half of it is there"), "{name}: {error}");
        }
    }

    /// The header names a length that the file does not have.
    #[test]
    fn a_jpeg_cut_in_a_segment_is_decoded() {
        let file = include_bytes!("../../../../../tests/fixtures/decode/cut_progressive.jpg");
        let table = file.windows(2).rposition(|marker| marker == [0xFF, 0xC4]).unwrap();
        for end in table..table + 8 {
            assert!(decode_file(&file[..end]).unwrap().is_cut, "{end}");
        }
    }

    #[test]
    fn wrong_checksums_of_a_png_are_forgiven() {
        let mut file = encoded(&picture(), ImageFormat::Png);
        let whole = decode_file(&file).unwrap().image;
        let end = file.windows(4).position(|name| name == b"IEND").unwrap() - 8;
        file[end..end + 4].fill(0);
        let decoded = decode_file(&file).unwrap();
        assert_eq!((decoded.image, decoded.is_cut), (whole, true));
    }

    #[test]
    fn damaged_data_of_a_jpeg_is_noticed() {
        let file = jpeg();
        let start = file.len() * 2 / 3;
        // No code is as long as this.
        let broken = [&file[..start], &b"\xFF\0".repeat(40), &file[start + 80..]].concat();
        assert!(decode_file(&broken).unwrap().is_cut);
        // The same grey is fine where it is meant.
        let grey: DynamicImage = image::RgbImage::from_pixel(64, 48, image::Rgb([128; 3])).into();
        assert!(!decode_file(&encoded(&grey, ImageFormat::Jpeg)).unwrap().is_cut);
    }

    /// Webcams leave out the codes that all of their pictures have.
    #[test]
    fn a_jpeg_without_its_codes_is_decoded() {
        let file = jpeg();
        let whole = decode_file(&file).unwrap().image;
        let mut bare = file.clone();
        while let Some(at) = bare.windows(2).position(|marker| marker == [0xFF, 0xC4]) {
            let length = usize::from(u16::from_be_bytes([bare[at + 2], bare[at + 3]]));
            bare.drain(at..at + 2 + length);
        }
        assert!(bare.len() < file.len());
        let decoded = decode_file(&bare).unwrap();
        assert_eq!((decoded.image, decoded.is_cut), (whole, false));
    }
}
