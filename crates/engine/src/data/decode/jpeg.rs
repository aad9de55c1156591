//! Decodes JPEG files, also incomplete ones.

use std::borrow::Cow;

use tunelab_core::data::file_kind::ImageFormat;
use tunelab_core::data::image_file::DecodeError;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::damaged::{PartialImage, decode_written};
use super::jpeg_segments::{
    END_OF_IMAGE, HUFFMAN_TABLES, NUMBER_OF_LINES, PROGRESSIVE_FRAME, START_OF_SCAN, Segment,
    Segments, is_frame,
};
use super::rare_jpeg::{self, JpegSupport};
use super::raster::{MAX_SIDE, Raster};

/// The side of a block, whose pixels are all there or all missing.
const BLOCK: usize = 8;

/// The level of pixels without data.
const NO_DATA: u8 = 128;

/// Decodes a JPEG, an incomplete one as far as possible.
pub(super) fn decode(file: &[u8]) -> Result<PartialImage, DecodeError> {
    let file = &move_height_to_frame(file);
    match JpegSupport::of(file) {
        JpegSupport::Common => decode_common(file),
        JpegSupport::Rare => rare_jpeg::decode(file).map(PartialImage::complete),
        JpegSupport::Unsupported(feature) => Err(DecodeError::UnsupportedJpeg(feature)),
    }
}

/// Moves the height from a segment after the first scan (DNL) to the frame header, where decoders expect it.
fn move_height_to_frame(file: &[u8]) -> Cow<'_, [u8]> {
    let mut segments = Segments::new(file);
    let (mut height_at, mut has_scan) = (None, false);
    while let Some(Segment { marker, payload }) = segments.next() {
        let start = segments.at - payload.len();
        if is_frame(marker) && height_at.is_none() {
            height_at = Some(start + 1..start + 3);
        }
        has_scan |= marker == START_OF_SCAN;
        if marker == NUMBER_OF_LINES && payload.len() == 2 && has_scan {
            let (front, rest) = (file.get(..start - 4), file.get(segments.at..));
            let mut repaired = [front.unwrap_or_default(), rest.unwrap_or_default()].concat();
            if let Some(height) = height_at.and_then(|range| repaired.get_mut(range))
                && height == [0, 0]
            {
                height.copy_from_slice(payload);
            }
            return Cow::Owned(repaired);
        }
    }
    Cow::Borrowed(file)
}

fn decode_common(file: &[u8]) -> Result<PartialImage, DecodeError> {
    let mut segments = Segments::new(file);
    let (mut scans, mut is_progressive, mut has_tables) = (0, false, false);
    for segment in &mut segments {
        scans += usize::from(segment.marker == START_OF_SCAN);
        is_progressive |= segment.marker == PROGRESSIVE_FRAME;
        has_tables |= segment.marker == HUFFMAN_TABLES;
    }
    if !has_tables && scans > 0 {
        return decode_with_standard_tables(file);
    }
    let is_incomplete = !segments.is_complete;
    let intact = file.get(..segments.at).unwrap_or(file);

    let mut decoded = Raster::read(file, ImageFormat::Jpeg);
    if is_incomplete && decoded.is_err() {
        // Without the incomplete segment, and with the end that the decoder waits for.
        decoded = Raster::read(intact, ImageFormat::Jpeg).or_else(|_| {
            Raster::read(&[intact, &[0xFF, END_OF_IMAGE]].concat(), ImageFormat::Jpeg)
        });
    }
    // The first scan of a progressive JPEG is a coarse version of the whole image.
    if is_incomplete && is_progressive && scans < 2 {
        return Err(decoded
            .err()
            .filter(DecodeError::is_limit)
            .unwrap_or(DecodeError::EndsEarly { format: ImageFormat::Jpeg }));
    }
    match decoded {
        Ok(raster) if is_incomplete => {
            let lost = rows_without_data(&raster);
            Ok(PartialImage::without_last_rows(raster, lost))
        }
        Ok(raster) => {
            // The decoder stops at invalid data without an error.
            let lost = rows_without_data(&raster);
            if lost >= BLOCK && is_damaged(file) {
                return Ok(PartialImage::without_last_rows(raster, lost));
            }
            Ok(PartialImage::complete(raster))
        }
        Err(error) if error.is_limit() => Err(error),
        Err(_) if is_incomplete => decode_written(file, ImageFormat::Jpeg)
            .ok_or(DecodeError::EndsEarly { format: ImageFormat::Jpeg }),
        Err(error) => decode_written(file, ImageFormat::Jpeg).ok_or(error),
    }
}

/// Decodes a JPEG without Huffman tables, as in Motion JPEG of webcams: with the segment of an AVI in front,
/// the decoder uses the standard tables.
fn decode_with_standard_tables(file: &[u8]) -> Result<PartialImage, DecodeError> {
    const AVI_SEGMENT: &[u8] = b"\xFF\xD8\xFF\xE0\0\x07AVI1\0";
    let marked = [AVI_SEGMENT, file.get(2..).unwrap_or_default()].concat();
    Raster::read(&marked, ImageFormat::Jpeg).map(PartialImage::complete)
}

/// The number of last rows with the gray that the decoder fills missing rows with.
fn rows_without_data(raster: &Raster) -> usize {
    let is_gray = |row: &&[u8]| row.iter().all(|&level| level == NO_DATA);
    raster.rows().rev().take_while(is_gray).count()
}

/// Whether a strict decoder refuses the file.
fn is_damaged(file: &[u8]) -> bool {
    let side = MAX_SIDE as usize;
    let options =
        DecoderOptions::default().set_strict_mode(true).set_max_width(side).set_max_height(side);
    JpegDecoder::new_with_options(ZCursor::new(file), options).decode().is_err()
}
