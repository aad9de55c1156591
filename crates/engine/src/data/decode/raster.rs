//! The pixels that a decoder gives, and the limits on them.

use std::io::Cursor;

use image::{ColorType, ImageDecoder, ImageReader, Limits};
use tunelab_core::data::file_kind::ImageFormat;
use tunelab_core::data::image_file::DecodeError;

use super::error::decode_error;

/// Maximum number of pixels of an image: 64 megapixels.
pub(super) const MAX_PIXELS: u64 = 64_000_000;

/// Maximum side length of an image, in px.
pub(super) const MAX_SIDE: u32 = 32_768;

/// Maximum memory a decoder may use, including its output: 64 megapixels of 16-bit RGBA, and some more.
pub(super) const MAX_DECODER_BYTES: u64 = 768 * 1024 * 1024;

/// The pixels of an image in the color type of its decoder, `[height, width, channels]`. Levels of 16 bits are
/// in native byte order.
pub(super) struct Raster {
    pub width: usize,
    pub height: usize,
    pub color: ColorType,
    pub bytes: Vec<u8>,
}

impl Raster {
    /// Decodes the whole file.
    pub fn read(file: &[u8], format: ImageFormat) -> Result<Self, DecodeError> {
        let decoder = open(file, format)?;
        let mut raster = Self::new(&decoder, format, &[0])?;
        decoder.read_image(&mut raster.bytes).map_err(|error| decode_error(format, error))?;
        if format == ImageFormat::Bmp {
            raster.without_empty_alpha();
        }
        Ok(raster)
    }

    /// Decodes the file over a repeated pattern, as far as the decoder gets.
    pub fn read_over(
        file: &[u8],
        format: ImageFormat,
        pattern: &[u8],
    ) -> Result<Self, DecodeError> {
        let decoder = open(file, format)?;
        let mut raster = Self::new(&decoder, format, pattern)?;
        // Only the pixels written before an error matter.
        let _ = decoder.read_image(&mut raster.bytes);
        Ok(raster)
    }

    /// A raster for the output of a decoder, filled with a repeated pattern.
    fn new(
        decoder: &impl ImageDecoder,
        format: ImageFormat,
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

    pub fn bytes_per_pixel(&self) -> usize {
        usize::from(self.color.bytes_per_pixel())
    }

    pub fn rows(&self) -> std::slice::ChunksExact<'_, u8> {
        self.bytes.chunks_exact((self.width * self.bytes_per_pixel()).max(1))
    }

    /// Makes an image opaque if alpha is zero everywhere, as programs that ignore alpha leave it.
    fn without_empty_alpha(&mut self) {
        if self.color == ColorType::Rgba8 {
            let pixels = self.bytes.as_chunks_mut::<4>().0;
            if pixels.iter().all(|pixel| pixel[3] == 0) {
                pixels.iter_mut().for_each(|pixel| pixel[3] = 255);
            }
        }
    }

    /// The pixels as 8-bit RGB, `[height, width, 3]`, blended over white.
    pub fn into_rgb(self) -> Vec<u8> {
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

/// Opens the decoder of a file, if the size of the image is within the limits.
fn open(file: &[u8], format: ImageFormat) -> Result<impl ImageDecoder + '_, DecodeError> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    let decoder = match format {
        ImageFormat::Png => image::ImageFormat::Png,
        ImageFormat::Jpeg => image::ImageFormat::Jpeg,
        ImageFormat::WebP => image::ImageFormat::WebP,
        ImageFormat::Gif => image::ImageFormat::Gif,
        ImageFormat::Bmp => image::ImageFormat::Bmp,
    };
    let mut reader = ImageReader::with_format(Cursor::new(file), decoder);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|error| decode_error(format, error))?;
    let (width, height) = decoder.dimensions();
    check_size(width, height, format)?;
    Ok(decoder)
}

/// Checks that an image has pixels, but not too many.
pub(super) fn check_size(width: u32, height: u32, format: ImageFormat) -> Result<(), DecodeError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS || width.max(height) > MAX_SIDE {
        return Err(DecodeError::TooLarge { width, height });
    }
    if pixels == 0 {
        let problem = format!("{width}x{height} px");
        return Err(DecodeError::Damaged { format, problem });
    }
    Ok(())
}

/// Converts levels of 16 bits to 8 bits, rounded to the nearest level.
fn to_8_bits(levels: &[u8]) -> Vec<u8> {
    let level = |&bytes: &[u8; 2]| ((u32::from(u16::from_ne_bytes(bytes)) + 128) / 257) as u8;
    levels.as_chunks().0.iter().map(level).collect()
}

/// Blends a pixel over white, rounded to the nearest level.
fn over_white(color: [u8; 3], alpha: u8) -> [u8; 3] {
    let alpha = u32::from(alpha);
    color.map(|level| ((u32::from(level) * alpha + 255 * (255 - alpha) + 127) / 255) as u8)
}
