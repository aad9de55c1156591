//! JPEGs: where one ends, and one that ends early.

use std::borrow::Cow;

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::damage::{Part, written_part};
use super::rare_jpeg::{self, Kind, is_frame};
use super::{DecodeError, MAX_SIDE, Raster};
use tunelab_core::data::file_kind::Format;

/// The side of a block of pixels, which are there or not together.
const BLOCK: usize = 8;

/// The level of a pixel that the decoder had no data for.
const NO_DATA: u8 = 128;

pub const START_OF_SCAN: u8 = 0xDA;
const END_OF_IMAGE: u8 = 0xD9;
const PROGRESSIVE_FRAME: u8 = 0xC2;
const HUFFMAN_CODES: u8 = 0xC4;
const NUMBER_OF_LINES: u8 = 0xDC;

/// A marker with the data that belongs to it.
pub struct Segment<'a> {
    pub marker: u8,
    pub payload: &'a [u8],
}

/// The segments of a JPEG up to its end; the compressed data between them is skipped.
pub struct Segments<'a> {
    file: &'a [u8],
    at: usize,
    /// Whether the end of the picture was reached.
    is_whole: bool,
}

impl<'a> Segments<'a> {
    pub fn new(file: &'a [u8]) -> Self {
        Self { file, at: 0, is_whole: false }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        loop {
            let rest = self.file.get(self.at..)?;
            let Some(skipped) = rest.iter().position(|&byte| byte == 0xFF) else {
                self.at = self.file.len();
                return None;
            };
            self.at += skipped;
            let rest = rest.get(skipped..)?;
            match *rest.get(1)? {
                0xFF => self.at += 1,
                // A byte of compressed data, and markers without a segment.
                0 | 1 | 0xD0..=0xD8 => self.at += 2,
                END_OF_IMAGE => {
                    self.is_whole = true;
                    return None;
                }
                marker => {
                    let length = u16::from_be_bytes(*rest.get(2..)?.first_chunk()?);
                    let end = 2 + usize::from(length);
                    // A length may be too small even for itself.
                    let payload = rest.get(4..end.max(4))?;
                    self.at += end;
                    return Some(Segment { marker, payload });
                }
            }
        }
    }
}

/// Decodes a JPEG; one that ends early as far as it goes.
pub fn decode(file: &[u8]) -> Result<Part, DecodeError> {
    let file = &with_height_in_front(file);
    match Kind::of(file) {
        Kind::Usual => decode_usual(file),
        Kind::Rare => rare_jpeg::decode(file).map(Part::whole),
        Kind::Unreadable(kind) => Err(DecodeError::UnsupportedJpeg(kind)),
    }
}

/// The JPEG without the segment behind its first scan that tells the height, which goes to where decoders
/// look for it.
fn with_height_in_front(file: &[u8]) -> Cow<'_, [u8]> {
    let mut segments = Segments::new(file);
    let (mut place, mut has_scan) = (None, false);
    while let Some(Segment { marker, payload }) = segments.next() {
        let start = segments.at - payload.len();
        if is_frame(marker) && place.is_none() {
            place = Some(start + 1..start + 3);
        }
        has_scan |= marker == START_OF_SCAN;
        if marker == NUMBER_OF_LINES && payload.len() == 2 && has_scan {
            let (front, rest) = (file.get(..start - 4), file.get(segments.at..));
            let mut mended = [front.unwrap_or_default(), rest.unwrap_or_default()].concat();
            if let Some(height) = place.and_then(|place| mended.get_mut(place))
                && height == [0, 0]
            {
                height.copy_from_slice(payload);
            }
            return Cow::Owned(mended);
        }
    }
    Cow::Borrowed(file)
}

fn decode_usual(file: &[u8]) -> Result<Part, DecodeError> {
    let mut segments = Segments::new(file);
    let (mut scans, mut is_progressive, mut has_codes) = (0, false, false);
    for segment in &mut segments {
        scans += usize::from(segment.marker == START_OF_SCAN);
        is_progressive |= segment.marker == PROGRESSIVE_FRAME;
        has_codes |= segment.marker == HUFFMAN_CODES;
    }
    if !has_codes && scans > 0 {
        return decode_with_codes(file);
    }
    let (is_cut, sound) = (!segments.is_whole, file.get(..segments.at).unwrap_or(file));

    let mut read = Raster::read(file, Format::Jpeg);
    if is_cut && read.is_err() {
        // Without the segment that is cut, and with the end that the decoder waits for.
        read = Raster::read(sound, Format::Jpeg)
            .or_else(|_| Raster::read(&[sound, &[0xFF, END_OF_IMAGE]].concat(), Format::Jpeg));
    }
    // The first scan of a progressive JPEG has the whole picture in coarse.
    if is_cut && is_progressive && scans < 2 {
        return Err(read
            .err()
            .filter(DecodeError::is_limit)
            .unwrap_or(DecodeError::EndsEarly { format: Format::Jpeg }));
    }
    match read {
        Ok(raster) if is_cut => {
            let lost = rows_without_data(&raster);
            Ok(Part::without_last_rows(raster, lost))
        }
        Ok(raster) => {
            // The decoder stops where data makes no sense, and says nothing.
            let lost = rows_without_data(&raster);
            if lost >= BLOCK && is_damaged(file) {
                return Ok(Part::without_last_rows(raster, lost));
            }
            Ok(Part::whole(raster))
        }
        Err(error) if error.is_limit() => Err(error),
        Err(_) if is_cut => {
            written_part(file, Format::Jpeg).ok_or(DecodeError::EndsEarly { format: Format::Jpeg })
        }
        Err(error) => written_part(file, Format::Jpeg).ok_or(error),
    }
}

/// Decodes a picture of a webcam that leaves out the Huffman codes, as the pictures of a video may: a mark
/// in front makes the decoder take the usual ones.
fn decode_with_codes(file: &[u8]) -> Result<Part, DecodeError> {
    const MARK: &[u8] = b"\xFF\xD8\xFF\xE0\0\x07AVI1\0";
    let marked = [MARK, file.get(2..).unwrap_or_default()].concat();
    Raster::read(&marked, Format::Jpeg).map(Part::whole)
}

/// How many of the last rows have the grey that the decoder fills up with.
fn rows_without_data(raster: &Raster) -> usize {
    let is_grey = |row: &&[u8]| row.iter().all(|&level| level == NO_DATA);
    raster.rows().rev().take_while(is_grey).count()
}

/// Whether a decoder that forgives nothing refuses the file.
fn is_damaged(file: &[u8]) -> bool {
    let side = MAX_SIDE as usize;
    let options =
        DecoderOptions::default().set_strict_mode(true).set_max_width(side).set_max_height(side);
    JpegDecoder::new_with_options(ZCursor::new(file), options).decode().is_err()
}
