use std::io::Cursor;

use image::{ExtendedColorType, ImageEncoder, ImageFormat};
use proptest::prelude::*;

use super::error::{MAX_PROBLEM, one_line};
use super::raster::MAX_PIXELS;
use super::*;
use crate::data::transform::Preprocessing;
use tunelab_core::data::file_kind::OtherImageFormat;
use tunelab_core::options::values::Fit;

const WIDTH: u32 = 24;
const HEIGHT: u32 = 16;

/// The image of tests/fixtures/make_decode_fixtures.py.
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
    let pixels = reference_image().pixels().to_vec();
    DynamicImage::ImageRgb8(image::RgbImage::from_raw(WIDTH, HEIGHT, pixels).unwrap())
}

fn mean_difference(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!((a.width(), a.height()), (b.width(), b.height()));
    let sum: u64 = a.pixels().iter().zip(b.pixels()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.pixels().len() as f64
}

#[test]
fn lossless_formats_give_the_exact_pixels() {
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp] {
        let decoded = decode(&encode(&reference_dynamic(), format)).unwrap();
        assert_eq!(decoded, reference_image(), "{format:?}");
    }
}

/// An image with EXIF orientation 6 has to be rotated 90 degrees clockwise to be upright.
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
fn every_color_type_becomes_rgb() {
    let rgb8 = |bytes: &[u8]| decode(bytes).unwrap().pixel(0, 0);
    let grey = image::GrayImage::from_pixel(3, 2, image::Luma([90]));
    assert_eq!(rgb8(&encode(&DynamicImage::ImageLuma8(grey), ImageFormat::Png)), [90; 3]);
    let grey16 = image::ImageBuffer::from_pixel(3, 2, image::Luma([90 * 257u16]));
    assert_eq!(rgb8(&encode(&DynamicImage::ImageLuma16(grey16), ImageFormat::Png)), [90; 3]);
    let deep = image::ImageBuffer::from_pixel(3, 2, image::Rgb([257u16, 100 * 257, 65535]));
    assert_eq!(rgb8(&encode(&DynamicImage::ImageRgb16(deep), ImageFormat::Png)), [1, 100, 255]);
    for (alpha, expected) in [(0, [255, 255, 255]), (255, [200, 100, 0]), (51, [244, 224, 204])] {
        let pixel = image::Rgba([200, 100, 0, alpha]);
        let image = DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(3, 2, pixel));
        assert_eq!(rgb8(&encode(&image, ImageFormat::Png)), expected);
        assert_eq!(rgb8(&encode(&image, ImageFormat::WebP)), expected);
    }
}

/// Files of kinds that the `image` crate does not write, made by PIL.
#[test]
fn files_written_by_pil_decode() {
    let cases: [(&str, &[u8], f64); 8] = [
        ("CMYK", include_bytes!("../../../../../tests/fixtures/decode/cmyk.jpg"), 3.0),
        (
            "progressive",
            include_bytes!("../../../../../tests/fixtures/decode/progressive.jpg"),
            3.0,
        ),
        ("subsampled", include_bytes!("../../../../../tests/fixtures/decode/subsampled.jpg"), 5.0),
        ("lossy WebP", include_bytes!("../../../../../tests/fixtures/decode/lossy.webp"), 5.0),
        (
            "animated WebP",
            include_bytes!("../../../../../tests/fixtures/decode/animated.webp"),
            0.0,
        ),
        ("animated GIF", include_bytes!("../../../../../tests/fixtures/decode/animated.gif"), 6.0),
        ("palette BMP", include_bytes!("../../../../../tests/fixtures/decode/palette.bmp"), 6.0),
        ("palette PNG", include_bytes!("../../../../../tests/fixtures/decode/palette.png"), 6.0),
    ];
    for (name, bytes, tolerance) in cases {
        let image = decode(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let difference = mean_difference(&image, &reference_image());
        assert!(difference <= tolerance, "{name}: mean difference {difference}");
    }
    let transparent =
        decode(include_bytes!("../../../../../tests/fixtures/decode/transparent.gif")).unwrap();
    assert_eq!(transparent.pixel(0, 0), [255, 255, 255]);
    assert_eq!(transparent.pixel(WIDTH - 1, 0), [255, 0, 0]);
}

/// An image with more colors than a palette has.
fn larger() -> DynamicImage {
    let color =
        |x: u32, y: u32| image::Rgb([x * 4, y * 5, (x * 37 + y * 61) % 256].map(|n| n as u8));
    image::RgbImage::from_fn(64, 48, color).into()
}

/// Programs that ignore alpha leave it at zero.
#[test]
fn a_bmp_with_zero_alpha_is_opaque() {
    let pixel = image::Rgba([200, 100, 0, 0]);
    let clear: DynamicImage = image::RgbaImage::from_pixel(3, 2, pixel).into();
    let decoded = decode_file(&encode(&clear, ImageFormat::Bmp)).unwrap();
    assert_eq!(decoded.image.pixel(0, 0), [200, 100, 0]);
}

/// The header announces EXIF data, XMP data and alpha that are not there.
#[test]
fn a_webp_with_wrong_flags_is_decoded() {
    let lossless = encode(&larger(), ImageFormat::WebP);
    let lossy = include_bytes!("../../../../../tests/fixtures/decode/cut_lossy.webp");
    for (simple, flags) in [(&lossless[..], 0b1100), (lossy, 0b1_1100)] {
        let body = &simple[12..];
        let size = (4 + 18 + body.len() as u32).to_le_bytes();
        let header = [flags, 0, 0, 0, 63, 0, 0, 47, 0, 0];
        let file = [b"RIFF", &size[..], b"WEBPVP8X\x0A\0\0\0", &header, body].concat();
        let decoded = decode_file(&file).unwrap();
        assert_eq!(decoded.image, decode_file(simple).unwrap().image);
        assert!(!decoded.is_incomplete);
    }
}

/// The screen is too small or empty.
#[test]
fn a_gif_is_as_large_as_its_first_image() {
    let file = encode(&larger(), ImageFormat::Gif);
    let whole = decode_file(&file).unwrap().image;
    for screen in [[0, 0, 0, 0], [20, 0, 20, 0], [64, 0, 1, 0]] {
        let small = [&file[..6], &screen, &file[10..]].concat();
        assert_eq!(decode_file(&small).unwrap().image, whole, "{screen:?}");
    }
}

/// The offset of the pixels is zero.
#[test]
fn pixels_of_a_bmp_are_found() {
    let colors = encode(&larger(), ImageFormat::Bmp);
    let palette = include_bytes!("../../../../../tests/fixtures/decode/palette.bmp").to_vec();
    for mut file in [colors, palette] {
        let whole = decode(&file).unwrap();
        file[10..14].fill(0);
        assert_eq!(decode(&file).unwrap(), whole);
    }
}

#[test]
fn other_files_are_reported_by_their_kind() {
    let heic = FileKind::OtherImage(OtherImageFormat::Heic);
    let tiff = FileKind::OtherImage(OtherImageFormat::Tiff);
    let cases: [(&[u8], DecodeError); 5] = [
        (b"", DecodeError::NotAnImage(FileKind::Empty)),
        (b"<html>404 Not Found</html>\n", DecodeError::NotAnImage(FileKind::Html)),
        (&[0, 1, 2, 3, 4], DecodeError::NotAnImage(FileKind::Unknown)),
        (b"\0\0\0\x18ftypheic\0\0\0\0", DecodeError::UnsupportedFormat(heic)),
        (b"II*\0\x08\0\0\0", DecodeError::UnsupportedFormat(tiff)),
    ];
    for (bytes, error) in cases {
        assert_eq!(decode(bytes).unwrap_err(), error);
    }
    assert_eq!(
        DecodeError::UnsupportedFormat(tiff).to_string(),
        "This is a TIFF image, which tunelab cannot read. Save it as JPEG or PNG."
    );
}

/// A header of gigapixels is refused before anything is allocated.
#[test]
fn huge_images_are_rejected() {
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
    samples.push(include_bytes!("../../../../../tests/fixtures/decode/progressive.jpg").to_vec());
    samples.push(include_bytes!("../../../../../tests/fixtures/decode/lossy.webp").to_vec());
    samples.push(include_bytes!("../../../../../tests/fixtures/decode/animated.gif").to_vec());
    samples
}

/// Whether a message is one line of plain text.
fn is_tidy(message: &str) -> bool {
    let is_plain = |c: char| !c.is_control() && c != '\\' && c != '"';
    message.chars().all(is_plain) && message.trim() == message && !message.contains("  ")
}

#[test]
fn messages_of_decoders_become_one_line() {
    let words = "\"Found a marker with invalid length:1\\n\"";
    assert_eq!(one_line(words), "Found a marker with invalid length:1");
    assert_eq!(one_line("two\nlines,\r\n\ttidied. "), "two lines, tidied");
    let debug = "Unrecognized critical chunk: ChunkType { type: IDA\\u{93}, critical: true }";
    assert_eq!(one_line(debug), "Unrecognized critical chunk");
    assert_eq!(one_line("\"\\n\""), "wrong data");
    assert_eq!(one_line(&"ä".repeat(200)), format!("{}...", "ä".repeat(MAX_PROBLEM)));
}

/// A single line of pixels can be preprocessed too.
#[test]
fn extreme_shapes_decode_and_can_be_prepared() {
    for (width, height) in [(1, 1), (1, 4000), (8000, 2)] {
        let image: DynamicImage =
            image::RgbImage::from_pixel(width, height, image::Rgb([10, 200, 30])).into();
        let formats = [
            ImageFormat::Png,
            ImageFormat::Jpeg,
            ImageFormat::WebP,
            ImageFormat::Gif,
            ImageFormat::Bmp,
        ];
        for format in formats {
            let decoded = decode(&encode(&image, format)).unwrap();
            assert_eq!((decoded.width(), decoded.height()), (width, height), "{format:?}");
            for fit in [Fit::Crop, Fit::Squash] {
                let prepared = Preprocessing { fit, ..Default::default() }.prepare(&decoded);
                let color = prepared.pixel(30, 30);
                let near = color.iter().zip([10, 200, 30]).all(|(a, b)| a.abs_diff(b) < 4);
                assert!(near, "{format:?}, {width}x{height}: {color:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn arbitrary_bytes_do_not_panic(
        which in any::<prop::sample::Index>(),
        bytes in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let sample = which.get(&samples()).clone();
        for file in [bytes.clone(), [&sample[..sample.len().min(40)], &bytes].concat()] {
            if let Err(error) = decode(&file) {
                prop_assert!(is_tidy(&error.to_string()), "{error}");
            }
        }
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
        for bytes in [&bytes[..], &bytes[..cut.index(bytes.len())]] {
            match decode(bytes) {
                Ok(image) => {
                    let pixels = u64::from(image.width()) * u64::from(image.height());
                    prop_assert!(pixels <= MAX_PIXELS);
                }
                Err(error) => prop_assert!(is_tidy(&error.to_string()), "{error}"),
            }
        }
    }
}

fn shared(path: &str) -> std::path::PathBuf {
    let root = std::env::var("TUNELAB_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").to_owned());
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
