//! From the bytes of a picture file to pixels: PNG, JPEG, WebP, GIF (first frame) and BMP.
//!
//! The format is recognised from the content, never from the name. EXIF orientation is applied,
//! transparency is composited over white, everything becomes 8-bit RGB. CMYK and YCCK JPEGs (as
//! Adobe programs write them) are converted to RGB without a colour profile.
//!
//! A JPEG whose data ends early is decoded as far as it goes, as browsers do.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use thiserror::Error;

use crate::data::image::RgbImage;

/// The most pixels a picture may have: 64 megapixels.
pub const MAX_PIXELS: u64 = 64_000_000;

/// The longest side a picture may have, in px.
pub const MAX_SIDE: u32 = 32_768;

/// The most memory one decoder may take, output included: 64 megapixels of 16-bit RGBA, and room.
const MAX_DECODER_BYTES: u64 = 768 * 1024 * 1024;

/// Why bytes could not be made into a picture.
#[derive(Debug, Error)]
pub enum DecodeError {
    /// No bytes at all.
    #[error("the file is empty; save the picture again")]
    Empty,
    /// Text, such as a saved error page.
    #[error("this is a text file, not a picture, whatever its name says; replace it by a picture")]
    Text,
    /// Not a format known to this program.
    #[error("this is not a picture in a known format; use PNG, JPEG, WebP, GIF or BMP")]
    UnknownFormat,
    /// A picture format that is known but not decoded here.
    #[error("{0} pictures are not supported; save it as JPEG or PNG")]
    UnsupportedFormat(&'static str),
    /// The picture is larger than the limits.
    #[error(
        "the picture is too large ({width}x{height} px); shrink it to at most 64 megapixels and 32768 px a side"
    )]
    TooLarge { width: u32, height: u32 },
    /// Within the size limits, but decoding would take too much memory.
    #[error("the {format} picture takes too much memory to decode; save it as JPEG")]
    Memory { format: &'static str },
    /// Broken or unusual data.
    #[error("the {format} picture is damaged or of an unsupported kind ({reason}); save it again")]
    Damaged { format: &'static str, reason: String },
}

/// Decodes a picture file.
///
/// # Errors
/// When the bytes are not a supported picture, are damaged, or describe a picture over
/// [`MAX_PIXELS`] or [`MAX_SIDE`] (checked before the pixels are allocated).
pub fn decode(bytes: &[u8]) -> Result<RgbImage, DecodeError> {
    let (format, name) = recognise(bytes)?;
    let damaged = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => DecodeError::Memory { format: name },
        error => DecodeError::Damaged { format: name, reason: error.to_string() },
    };

    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;

    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS || width.max(height) > MAX_SIDE {
        return Err(DecodeError::TooLarge { width, height });
    }
    // Broken EXIF data says nothing about the pixels, which are still good.
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }

    let (width, height) = (image.width(), image.height());
    let pixels = if image.color().has_alpha() {
        composite_over_white(&image.into_rgba8())
    } else {
        image.into_rgb8().into_raw()
    };
    RgbImage::new(width, height, pixels)
        .map_err(|error| DecodeError::Damaged { format: name, reason: error.to_string() })
}

/// The format of `bytes` by their first few, with its name.
fn recognise(bytes: &[u8]) -> Result<(ImageFormat, &'static str), DecodeError> {
    if bytes.is_empty() {
        return Err(DecodeError::Empty);
    }
    if let (Some(b"ftyp"), Some(brand)) = (bytes.get(4..8), bytes.get(8..12)) {
        let brand: &[u8] = brand;
        return Err(match brand {
            b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1" => {
                DecodeError::UnsupportedFormat("HEIC")
            }
            b"avif" | b"avis" => DecodeError::UnsupportedFormat("AVIF"),
            _ => DecodeError::UnknownFormat,
        });
    }
    match image::guess_format(bytes) {
        Ok(ImageFormat::Png) => Ok((ImageFormat::Png, "PNG")),
        Ok(ImageFormat::Jpeg) => Ok((ImageFormat::Jpeg, "JPEG")),
        Ok(ImageFormat::WebP) => Ok((ImageFormat::WebP, "WebP")),
        Ok(ImageFormat::Gif) => Ok((ImageFormat::Gif, "GIF")),
        Ok(ImageFormat::Bmp) => Ok((ImageFormat::Bmp, "BMP")),
        Ok(ImageFormat::Tiff) => Err(DecodeError::UnsupportedFormat("TIFF")),
        Ok(ImageFormat::Ico) => Err(DecodeError::UnsupportedFormat("ICO")),
        _ if looks_like_text(bytes) => Err(DecodeError::Text),
        _ => Err(DecodeError::UnknownFormat),
    }
}

fn looks_like_text(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(512)];
    let valid = match std::str::from_utf8(start) {
        Ok(text) => text,
        // A character cut by the end of the window is fine, a wrong byte is not.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&start[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !valid.is_empty() && valid.chars().all(|c| !c.is_control() || c.is_whitespace())
}

/// Blends RGBA over a white page, rounding to the nearest level. Returns [H, W, 3].
fn composite_over_white(image: &image::RgbaImage) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(image.as_raw().len() / 4 * 3);
    for &image::Rgba([r, g, b, a]) in image.pixels() {
        let alpha = u32::from(a);
        for channel in [r, g, b] {
            let blended = (u32::from(channel) * alpha + 255 * (255 - alpha) + 127) / 255;
            pixels.push(blended as u8);
        }
    }
    pixels
}

#[cfg(test)]
mod tests {
    use image::{ExtendedColorType, ImageEncoder};
    use proptest::prelude::*;

    use super::*;

    const WIDTH: u32 = 24;
    const HEIGHT: u32 = 16;

    /// The picture of tests/fixtures/make_decode_fixtures.py.
    fn reference(x: u32, y: u32) -> [u8; 3] {
        [(x * 10) as u8, (y * 15) as u8, (120 + x * 2 + y * 3) as u8]
    }

    fn reference_image() -> RgbImage {
        RgbImage::from_fn(WIDTH, HEIGHT, reference)
    }

    fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn reference_dynamic() -> DynamicImage {
        let pixels = reference_image().into_pixels();
        DynamicImage::ImageRgb8(image::RgbImage::from_raw(WIDTH, HEIGHT, pixels).unwrap())
    }

    fn mean_difference(a: &RgbImage, b: &RgbImage) -> f64 {
        assert_eq!((a.width(), a.height()), (b.width(), b.height()));
        let sum: u64 =
            a.pixels().iter().zip(b.pixels()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        sum as f64 / a.pixels().len() as f64
    }

    #[test]
    fn lossless_formats_give_the_exact_pixels() {
        for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp] {
            let decoded = decode(&encode(&reference_dynamic(), format)).unwrap();
            assert_eq!(decoded, reference_image(), "{format:?}");
        }
    }

    /// A picture with EXIF orientation 6 must be turned 90 degrees clockwise to be upright.
    #[test]
    fn exif_orientation_is_applied() {
        let jpeg = encode(&reference_dynamic(), ImageFormat::Jpeg);
        let plain = decode(&jpeg).unwrap();
        assert!(mean_difference(&plain, &reference_image()) < 4.0);

        let exif = [
            b"Exif\0\0MM\0*\0\0\0\x08\0\x01".as_slice(),
            &[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0],
        ]
        .concat();
        let mut turned = jpeg[..2].to_vec();
        turned.extend_from_slice(&[0xFF, 0xE1]);
        turned.extend_from_slice(&(exif.len() as u16 + 2).to_be_bytes());
        turned.extend_from_slice(&exif);
        turned.extend_from_slice(&jpeg[2..]);
        let turned = decode(&turned).unwrap();
        let expected = RgbImage::from_fn(HEIGHT, WIDTH, |x, y| plain.pixel(y, HEIGHT - 1 - x));
        assert_eq!(turned, expected);
    }

    #[test]
    fn every_colour_kind_becomes_rgb() {
        let rgb8 = |bytes: &[u8]| decode(bytes).unwrap().pixel(0, 0);
        let grey = image::GrayImage::from_pixel(3, 2, image::Luma([90]));
        assert_eq!(rgb8(&encode(&DynamicImage::ImageLuma8(grey), ImageFormat::Png)), [90; 3]);
        let grey16 = image::ImageBuffer::from_pixel(3, 2, image::Luma([90 * 257u16]));
        assert_eq!(rgb8(&encode(&DynamicImage::ImageLuma16(grey16), ImageFormat::Png)), [90; 3]);
        let deep = image::ImageBuffer::from_pixel(3, 2, image::Rgb([257u16, 100 * 257, 65535]));
        assert_eq!(rgb8(&encode(&DynamicImage::ImageRgb16(deep), ImageFormat::Png)), [1, 100, 255]);
        for (alpha, expected) in [(0, [255, 255, 255]), (255, [200, 100, 0]), (51, [244, 224, 204])]
        {
            let pixel = image::Rgba([200, 100, 0, alpha]);
            let image = DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(3, 2, pixel));
            assert_eq!(rgb8(&encode(&image, ImageFormat::Png)), expected);
            assert_eq!(rgb8(&encode(&image, ImageFormat::WebP)), expected);
        }
    }

    /// Files of kinds that the encoders here do not write, made by PIL.
    #[test]
    fn files_written_by_pil_decode() {
        let cases: [(&str, &[u8], f64); 8] = [
            ("CMYK", include_bytes!("../../tests/fixtures/decode/cmyk.jpg"), 3.0),
            ("progressive", include_bytes!("../../tests/fixtures/decode/progressive.jpg"), 3.0),
            ("subsampled", include_bytes!("../../tests/fixtures/decode/subsampled.jpg"), 5.0),
            ("lossy WebP", include_bytes!("../../tests/fixtures/decode/lossy.webp"), 5.0),
            ("animated WebP", include_bytes!("../../tests/fixtures/decode/animated.webp"), 0.0),
            ("animated GIF", include_bytes!("../../tests/fixtures/decode/animated.gif"), 6.0),
            ("palette BMP", include_bytes!("../../tests/fixtures/decode/palette.bmp"), 6.0),
            ("palette PNG", include_bytes!("../../tests/fixtures/decode/palette.png"), 6.0),
        ];
        for (name, bytes, tolerance) in cases {
            let image = decode(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
            let difference = mean_difference(&image, &reference_image());
            assert!(difference <= tolerance, "{name}: mean difference {difference}");
        }
        let transparent =
            decode(include_bytes!("../../tests/fixtures/decode/transparent.gif")).unwrap();
        assert_eq!(transparent.pixel(0, 0), [255, 255, 255]);
        assert_eq!(transparent.pixel(WIDTH - 1, 0), [255, 0, 0]);
    }

    #[test]
    fn what_is_not_a_picture_is_named() {
        assert!(matches!(decode(b""), Err(DecodeError::Empty)));
        assert!(matches!(decode(b"<html>404 Not Found</html>\n"), Err(DecodeError::Text)));
        assert!(matches!(decode(&[0, 1, 2, 3, 4]), Err(DecodeError::UnknownFormat)));
        let heic = b"\0\0\0\x18ftypheic\0\0\0\0";
        assert!(matches!(decode(heic), Err(DecodeError::UnsupportedFormat("HEIC"))));
        assert!(matches!(decode(b"II*\0\x08\0\0\0"), Err(DecodeError::UnsupportedFormat("TIFF"))));
        let png = encode(&reference_dynamic(), ImageFormat::Png);
        let error = decode(&png[..png.len() / 2]).unwrap_err();
        assert!(matches!(error, DecodeError::Damaged { format: "PNG", .. }), "{error}");
    }

    /// A header that promises gigapixels is refused before anything is allocated for them.
    #[test]
    fn bombs_are_refused() {
        let tiny = DynamicImage::ImageRgb8(image::RgbImage::new(1, 1));
        let mut jpeg = encode(&tiny, ImageFormat::Jpeg);
        let frame = jpeg.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
        assert!(matches!(decode(&jpeg), Err(DecodeError::TooLarge { width: 65535, .. })));

        let mut gif = encode(&tiny, ImageFormat::Gif);
        gif[6..10].copy_from_slice(&[0xFF; 4]);
        assert!(matches!(decode(&gif), Err(DecodeError::TooLarge { .. })));

        let mut bmp = encode(&tiny, ImageFormat::Bmp);
        bmp[18..22].copy_from_slice(&60_000i32.to_le_bytes());
        bmp[22..26].copy_from_slice(&60_000i32.to_le_bytes());
        assert!(decode(&bmp).is_err());

        let mut png = Vec::new();
        // One row too many: 64 megapixels of black, which compress to a few kilobytes.
        let (width, height) = (8000u32, 8001u32);
        image::codecs::png::PngEncoder::new(&mut png)
            .write_image(&vec![0; (width * height) as usize], width, height, ExtendedColorType::L8)
            .unwrap();
        assert!(matches!(decode(&png), Err(DecodeError::TooLarge { width: 8000, height: 8001 })));
    }

    fn samples() -> Vec<Vec<u8>> {
        let image = reference_dynamic();
        let mut samples: Vec<Vec<u8>> =
            [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Bmp]
                .into_iter()
                .map(|format| encode(&image, format))
                .collect();
        samples.push(include_bytes!("../../tests/fixtures/decode/progressive.jpg").to_vec());
        samples.push(include_bytes!("../../tests/fixtures/decode/lossy.webp").to_vec());
        samples.push(include_bytes!("../../tests/fixtures/decode/animated.gif").to_vec());
        samples
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn arbitrary_bytes_do_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = decode(&bytes);
        }

        #[test]
        fn damaged_files_do_not_panic(
            which in any::<prop::sample::Index>(),
            cut in any::<prop::sample::Index>(),
            edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        ) {
            let mut bytes = which.get(&samples()).clone();
            for (place, value) in edits {
                let place = place.index(bytes.len());
                bytes[place] = value;
            }
            if let Ok(image) = decode(&bytes) {
                prop_assert!(u64::from(image.width()) * u64::from(image.height()) <= MAX_PIXELS);
            }
            bytes.truncate(cut.index(bytes.len()));
            let _ = decode(&bytes);
        }
    }

    fn shared(path: &str) -> std::path::PathBuf {
        let root = std::env::var("TUNELAB_SHARED")
            .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../shared").to_owned());
        std::path::Path::new(&root).join(path)
    }

    fn decode_folder(folder: &std::path::Path) -> usize {
        let mut count = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                count += decode_folder(&path);
                continue;
            }
            let image = decode(&std::fs::read(&path).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert!(image.shorter_side() > 0);
            count += 1;
        }
        count
    }

    #[test]
    fn real_photographs_decode() {
        for (folder, expected) in [("data/photos", 100), ("data/sign-digits", 1200)] {
            let folder = shared(folder);
            if !folder.is_dir() {
                let _ = std::io::Write::write_fmt(
                    &mut std::io::stderr(),
                    format_args!("SKIPPED: {} is not here\n", folder.display()),
                );
                continue;
            }
            assert_eq!(decode_folder(&folder), expected, "{}", folder.display());
        }
    }
}
