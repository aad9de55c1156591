//! Decodes image files: PNG, JPEG, WebP, GIF (first frame) and BMP.
//!
//! The format is recognized by content, never by name. EXIF orientation is applied, transparency is blended
//! over white, and everything becomes 8-bit RGB. CMYK and YCCK JPEGs, as Adobe programs write them, are
//! converted to RGB without a color profile.
//!
//! A file that ends early or is damaged is decoded as far as possible, as in browsers, if that is at least
//! half of the image. The rest is gray.
//!
//! | concept | file |
//! | --- | --- |
//! | pixels of the decoders, and the limits on them | [`raster`] |
//! | damaged and incomplete files | [`damaged`] |
//! | JPEG: segments of a file; decoding; rare features | [`jpeg_segments`]; [`jpeg`]; [`rare_jpeg`] |
//! | GIF and BMP with invalid headers | [`header_repair`] |
//! | EXIF and XMP orientation | [`orientation`] |
//! | errors of the decoders | [`error`] |

mod damaged;
mod error;
mod header_repair;
mod jpeg;
mod jpeg_segments;
mod orientation;
mod rare_jpeg;
mod raster;

use image::DynamicImage;
use image::metadata::Orientation;
use tunelab_core::data::file_kind::{FileKind, ImageFormat};
use tunelab_core::data::image_file::DecodeError;

use self::damaged::{PartialImage, decode_damaged};
use self::orientation::orientation;
use self::raster::Raster;
use crate::data::image::RgbImage;

/// The color of missing pixels.
const MISSING: [u8; 3] = [128; 3];

/// The content of an image file.
#[derive(Debug)]
pub struct DecodedImage {
    pub image: RgbImage,
    /// Whether the file ends early or is damaged, so that a part or some detail of the image is missing.
    pub is_incomplete: bool,
}

/// Decodes an image file.
///
/// # Errors
/// As [`decode_file`].
pub fn decode(bytes: &[u8]) -> Result<RgbImage, DecodeError> {
    decode_file(bytes).map(|decoded| decoded.image)
}

/// Decodes an image file and reports whether it is complete.
///
/// # Errors
/// When the bytes are not a supported image, are damaged before half of the image, or describe an image
/// of more than 64 megapixels or 32768 px a side. The size is checked before the pixels are allocated.
pub fn decode_file(bytes: &[u8]) -> Result<DecodedImage, DecodeError> {
    let format = match FileKind::of(bytes) {
        FileKind::Image(format) => format,
        kind if kind.is_image() => return Err(DecodeError::UnsupportedFormat(kind)),
        kind => return Err(DecodeError::NotAnImage(kind)),
    };
    let decoded = match format {
        ImageFormat::Jpeg => jpeg::decode(bytes)?,
        ImageFormat::Gif => decode_as(&header_repair::enlarge_gif_screen(bytes), format)?,
        ImageFormat::Bmp => decode_as(&header_repair::set_bmp_pixel_offset(bytes), format)?,
        ImageFormat::Png | ImageFormat::WebP => decode_as(bytes, format)?,
    };
    if !decoded.is_usable() {
        return Err(DecodeError::EndsEarly { format });
    }
    let PartialImage { raster, is_incomplete, missing } = decoded;
    let (width, height) = (raster.width as u32, raster.height as u32);
    let mut pixels = raster.into_rgb();
    let (pixels_mut, _) = pixels.as_chunks_mut();
    for (pixel, _) in pixels_mut.iter_mut().zip(missing).filter(|(_, is_missing)| *is_missing) {
        *pixel = MISSING;
    }

    let damaged = |problem: String| DecodeError::Damaged { format, problem };
    let orientation = orientation(bytes, format);
    let (width, height, pixels) = if orientation == Orientation::NoTransforms {
        (width, height, pixels)
    } else {
        let image = image::RgbImage::from_raw(width, height, pixels)
            .ok_or_else(|| damaged("wrong size".to_owned()))?;
        let mut image = DynamicImage::ImageRgb8(image);
        image.apply_orientation(orientation);
        (image.width(), image.height(), image.into_rgb8().into_raw())
    };
    let image = RgbImage::new(width, height, pixels).map_err(|error| damaged(error.to_string()))?;
    Ok(DecodedImage { image, is_incomplete })
}

fn decode_as(file: &[u8], format: ImageFormat) -> Result<PartialImage, DecodeError> {
    match Raster::read(file, format) {
        Ok(raster) => Ok(PartialImage::complete(raster)),
        Err(error) => decode_damaged(file, format, error),
    }
}

#[cfg(test)]
mod tests;
