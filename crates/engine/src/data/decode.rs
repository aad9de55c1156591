//! From the bytes of a picture file to pixels: PNG, JPEG, WebP, GIF (first frame) and BMP.
//!
//! The format is recognised from the content, never from the name. EXIF orientation is applied,
//! transparency is composited over white, everything becomes 8-bit RGB. CMYK and YCCK JPEGs (as
//! Adobe programs write them) are converted to RGB without a colour profile.
//!
//! A file that ends early or is damaged is decoded as far as it goes, as browsers do, if that is at
//! least half of the picture; the rest is grey.
//!
//! | question | file |
//! | --- | --- |
//! | How must a picture be turned? | [`orientation`] |
//! | What can be seen of a damaged file? | [`damage`] |
//! | Where does a JPEG end? | [`jpeg`] |
//! | What if a JPEG is of a rare kind? | [`rare_jpeg`] |
//! | What if a GIF is larger than its screen? | [`gif`] |
//! | What if a BMP does not tell where its pixels are? | [`bmp`] |

mod bmp;
mod damage;
mod gif;
mod jpeg;
mod orientation;
mod rare_jpeg;

use std::error::Error;
use std::io::{self, Cursor};

use image::error::UnsupportedErrorKind;
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use thiserror::Error;

use self::damage::{Part, decode_damaged};
use self::orientation::orientation;
use self::rare_jpeg::Unreadable;
use crate::data::image::RgbImage;
use tunelab_core::data::file_kind::{FileKind, Format};

/// The most pixels a picture may have: 64 megapixels.
pub const MAX_PIXELS: u64 = 64_000_000;

/// The longest side a picture may have, in px.
pub const MAX_SIDE: u32 = 32_768;

/// The most memory one decoder may take, output included: 64 megapixels of 16-bit RGBA, and room.
const MAX_DECODER_BYTES: u64 = 768 * 1024 * 1024;

/// The most characters of a decoder's own words that a message has.
const MAX_REASON: usize = 120;

/// The colour of what is missing.
const MISSING: [u8; 3] = [128; 3];

/// Why bytes could not be made into a picture.
#[derive(Debug, Error)]
pub enum DecodeError {
    /// A picture in a format that is not decoded here.
    #[error("this is {0}, which cannot be read here; {remedy}", remedy = .0.remedy())]
    OtherPicture(FileKind),
    /// A file of another kind, such as a saved error page.
    #[error("this is {0}, not a picture; {remedy}", remedy = .0.remedy())]
    NoPicture(FileKind),
    /// The picture is larger than the limits.
    #[error(
        "the picture is too large ({width}x{height} px); shrink it to at most 64 megapixels and 32768 px a side"
    )]
    TooLarge { width: u32, height: u32 },
    /// Within the size limits, but decoding would take too much memory.
    #[error("the {format} picture takes too much memory to decode; save it as JPEG")]
    Memory { format: Format },
    /// The file ends before enough of the picture.
    #[error("the {format} picture ends before half of it is there; copy or download it again")]
    EndsEarly { format: Format },
    /// A JPEG that no decoder here reads.
    #[error("the JPEG picture {0}, which cannot be read here; save it as an ordinary JPEG or PNG")]
    UnreadableJpeg(Unreadable),
    /// A JPEG of a rare kind that ends early.
    #[error(
        "the JPEG picture ends early and is of a rare kind that must be whole; copy or download it again"
    )]
    RareJpegCut,
    /// Broken or unusual data.
    #[error("the {format} picture is damaged or of an unsupported kind ({reason}); save it again")]
    Damaged { format: Format, reason: String },
}

impl DecodeError {
    /// Whether the file may be fine but is over a limit.
    fn is_limit(&self) -> bool {
        matches!(self, Self::TooLarge { .. } | Self::Memory { .. })
    }

    fn new(format: Format, error: image::ImageError) -> Self {
        let reason: &(dyn Error + 'static) = match &error {
            image::ImageError::Limits(_) => return Self::Memory { format },
            image::ImageError::IoError(error) => error,
            image::ImageError::Decoding(error) => error.source().unwrap_or(error),
            error => error,
        };
        let words = match &error {
            image::ImageError::Unsupported(error) => match error.kind() {
                UnsupportedErrorKind::GenericFeature(feature) => one_line(&feature),
                _ => one_line(&error.to_string()),
            },
            _ => one_line(&reason.to_string()),
        };
        // Decoders say so by an error of input, or in words.
        if is_end_of_input(reason) || words.to_lowercase().contains("end of file") {
            Self::EndsEarly { format }
        } else {
            Self::Damaged { format, reason: words }
        }
    }
}

/// Whether the decoder met the end of the file, here or in an error that caused this one.
fn is_end_of_input(error: &(dyn Error + 'static)) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof)
        || error.source().is_some_and(is_end_of_input)
}

/// A decoder's words as a part of a sentence: one line, not too long, without debug output.
fn one_line(words: &str) -> String {
    let words = words.trim_matches('"').replace("\\n", " ");
    let words: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = match words.split_once(['{', '\\', '"']) {
        Some((start, _)) => start.rsplit_once(':').map_or(start, |(start, _)| start),
        None => words.as_str(),
    };
    let plain = plain.trim_matches(|c: char| c == '.' || c.is_whitespace());
    match plain.char_indices().nth(MAX_REASON) {
        Some((end, _)) => format!("{}...", plain[..end].trim_end()),
        None if plain.is_empty() => "wrong data".to_owned(),
        None => plain.to_owned(),
    }
}

/// What a picture file holds.
#[derive(Debug)]
pub struct Decoded {
    pub image: RgbImage,
    /// Whether the file ends early or is damaged, so that a part or some detail of the picture is missing.
    pub is_cut: bool,
}

/// Decodes a picture file.
///
/// # Errors
/// As [`decode_file`].
pub fn decode(bytes: &[u8]) -> Result<RgbImage, DecodeError> {
    decode_file(bytes).map(|decoded| decoded.image)
}

/// Decodes a picture file, and tells whether all of it is there.
///
/// # Errors
/// When the bytes are not a supported picture, are damaged before half of the picture, or describe a
/// picture over [`MAX_PIXELS`] or [`MAX_SIDE`] (checked before the pixels are allocated).
pub fn decode_file(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let format = match FileKind::of(bytes) {
        FileKind::Picture(format) => format,
        kind if kind.is_picture() => return Err(DecodeError::UnsupportedFormat(kind)),
        kind => return Err(DecodeError::NotAnImage(kind)),
    };
    let part = match format {
        Format::Jpeg => jpeg::decode(bytes)?,
        Format::Gif => decode_as(&gif::with_room(bytes), format)?,
        Format::Bmp => decode_as(&bmp::with_place_of_pixels(bytes), format)?,
        Format::Png | Format::WebP => decode_as(bytes, format)?,
    };
    if !part.is_usable() {
        return Err(DecodeError::EndsEarly { format });
    }
    let Part { raster, is_cut, missing } = part;
    let (width, height) = (raster.width as u32, raster.height as u32);
    let mut pixels = raster.into_rgb();
    for (pixel, _) in pixels.as_chunks_mut().0.iter_mut().zip(missing).filter(|(_, gone)| *gone) {
        *pixel = MISSING;
    }

    let damaged = |reason: String| DecodeError::Damaged { format, reason };
    let turn = orientation(bytes, format);
    let (width, height, pixels) = if turn == Orientation::NoTransforms {
        (width, height, pixels)
    } else {
        let image = image::RgbImage::from_raw(width, height, pixels)
            .ok_or_else(|| damaged("its size is wrong".to_owned()))?;
        let mut image = DynamicImage::ImageRgb8(image);
        image.apply_orientation(turn);
        (image.width(), image.height(), image.into_rgb8().into_raw())
    };
    let image = RgbImage::new(width, height, pixels).map_err(|error| damaged(error.to_string()))?;
    Ok(Decoded { image, is_cut })
}

fn decode_as(file: &[u8], format: Format) -> Result<Part, DecodeError> {
    match Raster::read(file, format) {
        Ok(raster) => Ok(Part::whole(raster)),
        Err(error) => decode_damaged(file, format, error),
    }
}

/// Pixels as a decoder gives them, row by row; numbers of 16 bits have the machine's byte order.
struct Raster {
    width: usize,
    height: usize,
    color: ColorType,
    bytes: Vec<u8>,
}

impl Raster {
    /// Decodes the whole file.
    fn read(file: &[u8], format: Format) -> Result<Self, DecodeError> {
        let decoder = open(file, format)?;
        let mut raster = Self::new(&decoder, format, &[0])?;
        decoder.read_image(&mut raster.bytes).map_err(|error| DecodeError::new(format, error))?;
        if format == Format::Bmp {
            raster.without_empty_alpha();
        }
        Ok(raster)
    }

    /// Decodes the file as far as its decoder goes, over a pattern.
    fn read_over(file: &[u8], format: Format, pattern: &[u8]) -> Result<Self, DecodeError> {
        let decoder = open(file, format)?;
        let mut raster = Self::new(&decoder, format, pattern)?;
        // What was written before an error is what is wanted.
        let _ = decoder.read_image(&mut raster.bytes);
        Ok(raster)
    }

    /// A raster for what the decoder will give.
    fn new(
        decoder: &impl ImageDecoder,
        format: Format,
        pattern: &[u8],
    ) -> Result<Self, DecodeError> {
        let (width, height) = decoder.dimensions();
        let memory = |_| DecodeError::OutOfMemory { format };
        let length = usize::try_from(decoder.total_bytes()).map_err(memory)?;
        let bytes = match pattern {
            &[level] => vec![level; length],
            _ => pattern.iter().copied().cycle().take(length).collect(),
        };
        let (width, height) = (width as usize, height as usize);
        Ok(Self { width, height, color: decoder.color_type(), bytes })
    }

    fn bytes_per_pixel(&self) -> usize {
        usize::from(self.color.bytes_per_pixel())
    }

    fn rows(&self) -> std::slice::ChunksExact<'_, u8> {
        self.bytes.chunks_exact((self.width * self.bytes_per_pixel()).max(1))
    }

    /// Makes a picture opaque whose alpha is zero everywhere: programs that do not know of alpha leave it so.
    fn without_empty_alpha(&mut self) {
        if self.color == ColorType::Rgba8 {
            let pixels = self.bytes.as_chunks_mut::<4>().0;
            if pixels.iter().all(|pixel| pixel[3] == 0) {
                pixels.iter_mut().for_each(|pixel| pixel[3] = 255);
            }
        }
    }

    /// The pixels as 8-bit RGB, [H, W, 3], blended over white.
    fn into_rgb(self) -> Vec<u8> {
        let channels = self.color.channel_count();
        let is_deep = self.color.bytes_per_pixel() > channels;
        let levels = if is_deep { to_8_bits(&self.bytes) } else { self.bytes };
        match channels {
            1 => levels.into_iter().flat_map(|level| [level; 3]).collect(),
            2 => {
                let pixels = levels.as_chunks().0.iter();
                pixels.flat_map(|&[level, alpha]| over_white([level; 3], alpha)).collect()
            }
            3 => levels,
            _ => {
                let pixels = levels.as_chunks().0.iter();
                pixels.flat_map(|&[r, g, b, alpha]| over_white([r, g, b], alpha)).collect()
            }
        }
    }
}

/// The decoder of a file, once its size is known to be within the limits.
fn open(file: &[u8], format: Format) -> Result<impl ImageDecoder + '_, DecodeError> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    let decoder = match format {
        Format::Png => ImageFormat::Png,
        Format::Jpeg => ImageFormat::Jpeg,
        Format::WebP => ImageFormat::WebP,
        Format::Gif => ImageFormat::Gif,
        Format::Bmp => ImageFormat::Bmp,
    };
    let mut reader = ImageReader::with_format(Cursor::new(file), decoder);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|error| DecodeError::new(format, error))?;
    let (width, height) = decoder.dimensions();
    check_size(width, height, format)?;
    Ok(decoder)
}

/// Whether there are pixels, and not too many.
fn check_size(width: u32, height: u32, format: Format) -> Result<(), DecodeError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS || width.max(height) > MAX_SIDE {
        return Err(DecodeError::TooLarge { width, height });
    }
    if pixels == 0 {
        let reason = format!("its size is {width}x{height} px");
        return Err(DecodeError::Damaged { format, reason });
    }
    Ok(())
}

/// 8 of 16 bits, rounded to the nearest level.
fn to_8_bits(levels: &[u8]) -> Vec<u8> {
    let level = |&bytes: &[u8; 2]| ((u32::from(u16::from_ne_bytes(bytes)) + 128) / 257) as u8;
    levels.as_chunks().0.iter().map(level).collect()
}

/// Blends a pixel over a white page, rounding to the nearest level.
fn over_white(color: [u8; 3], alpha: u8) -> [u8; 3] {
    let alpha = u32::from(alpha);
    color.map(|level| ((u32::from(level) * alpha + 255 * (255 - alpha) + 127) / 255) as u8)
}

#[cfg(test)]
mod tests;
