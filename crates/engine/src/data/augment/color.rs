//! torchvision's `ColorJitter` on 8-bit pixels: brightness, contrast, saturation and hue.
//!
//! Brightness, contrast and saturation equal PIL's `ImageEnhance`. Hue rotates the HSV hue without PIL's rounding
//! to 8 bits, as torchvision does on tensors.

use rand::seq::SliceRandom;

use super::random::uniform;
use crate::data::image::RgbImage;
use tunelab_core::data::augmentation::ColorJitter;
use tunelab_core::rng::StreamRng;

#[derive(Clone, Copy)]
enum Aspect {
    Brightness,
    Contrast,
    Saturation,
    Hue,
}

/// Changes `image` by random factors in random order.
pub(super) fn jitter_color(jitter: &ColorJitter, image: &mut RgbImage, rng: &mut StreamRng) {
    let mut order = [Aspect::Brightness, Aspect::Contrast, Aspect::Saturation, Aspect::Hue];
    order.shuffle(rng);
    for aspect in order {
        let (strength, low, high) = match aspect {
            Aspect::Brightness => factor_range(jitter.brightness),
            Aspect::Contrast => factor_range(jitter.contrast),
            Aspect::Saturation => factor_range(jitter.saturation),
            Aspect::Hue => (jitter.hue, -jitter.hue, jitter.hue),
        };
        if strength == 0.0 {
            continue;
        }
        let value = uniform(rng, (low, high)) as f32;
        match aspect {
            Aspect::Brightness => adjust_brightness(image, value),
            Aspect::Contrast => adjust_contrast(image, value),
            Aspect::Saturation => adjust_saturation(image, value),
            Aspect::Hue => adjust_hue(image, value),
        }
    }
}

fn factor_range(strength: f64) -> (f64, f64, f64) {
    (strength, (1.0 - strength).max(0.0), 1.0 + strength)
}

/// Blends from `base` (factor 0) to `level` (factor 1) and beyond, rounded down as in PIL.
pub(super) fn blend(base: u8, level: u8, factor: f32) -> u8 {
    // A cast from float saturates at 0 and 255.
    (f32::from(base) + factor * (f32::from(level) - f32::from(base))) as u8
}

/// ITU-R 601 luma in 16-bit fixed point, as PIL's mode "L".
fn luma([r, g, b]: [u8; 3]) -> u8 {
    ((u32::from(r) * 19595 + u32::from(g) * 38470 + u32::from(b) * 7471 + 0x8000) >> 16) as u8
}

fn map_levels(image: &mut RgbImage, base: u8, factor: f32) {
    let table: [u8; 256] = std::array::from_fn(|level| blend(base, level as u8, factor));
    for level in image.pixels_mut() {
        *level = table[*level as usize];
    }
}

pub(super) fn map_pixels(image: &mut RgbImage, change: impl Fn([u8; 3]) -> [u8; 3]) {
    let (pixels, _) = image.pixels_mut().as_chunks_mut::<3>();
    for pixel in pixels {
        *pixel = change(*pixel);
    }
}

/// 0 is black, 1 is unchanged.
pub(super) fn adjust_brightness(image: &mut RgbImage, factor: f32) {
    map_levels(image, 0, factor);
}

/// 0 is the mean gray of the image, 1 is unchanged.
pub(super) fn adjust_contrast(image: &mut RgbImage, factor: f32) {
    let (pixels, _) = image.pixels().as_chunks::<3>();
    let sum: u64 = pixels.iter().map(|&pixel| u64::from(luma(pixel))).sum();
    let mean = (sum as f64 / pixels.len() as f64 + 0.5) as u8;
    map_levels(image, mean, factor);
}

/// 0 is gray, 1 is unchanged.
pub(super) fn adjust_saturation(image: &mut RgbImage, factor: f32) {
    map_pixels(image, |pixel| {
        let gray = luma(pixel);
        pixel.map(|level| blend(gray, level, factor))
    });
}

/// Rotates the hue by `turn`, -0.5..=0.5 of the color circle.
fn adjust_hue(image: &mut RgbImage, turn: f32) {
    map_pixels(image, |pixel| rotate_hue(pixel, turn));
}

fn rotate_hue(pixel: [u8; 3], turn: f32) -> [u8; 3] {
    let [r, g, b] = pixel.map(f32::from);
    let value = r.max(g).max(b);
    let chroma = value - r.min(g).min(b);
    if chroma == 0.0 {
        return pixel;
    }
    // The hue in sixths of the color circle, from red.
    let hue = if value == r {
        (g - b) / chroma
    } else if value == g {
        2.0 + (b - r) / chroma
    } else {
        4.0 + (r - g) / chroma
    };
    let hue = hue + 6.0 * turn;
    // The closed form of Smith 1978: each channel follows the same trapezoid, shifted.
    [5.0, 3.0, 1.0].map(|offset| {
        let k = (offset + hue).rem_euclid(6.0);
        (value - chroma * k.min(4.0 - k).clamp(0.0, 1.0)).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use tunelab_core::rng::{Purpose, stream};

    fn test_image() -> RgbImage {
        RgbImage::from_fn(40, 30, |x, y| {
            [(x * 6) as u8, (y * 8) as u8, ((x * 5 + y * 11) % 256) as u8]
        })
    }

    #[derive(Deserialize)]
    struct Case {
        kind: String,
        factor: f32,
        pixels: Vec<u8>,
    }

    /// Values computed by PIL, hue by Python's colorsys: tests/fixtures/make_color_fixture.py.
    #[test]
    fn adjustments_equal_pil_and_colorsys() {
        #[derive(Deserialize)]
        struct Fixture {
            width: u32,
            height: u32,
            source: Vec<u8>,
            cases: Vec<Case>,
        }
        let fixture: Fixture =
            serde_json::from_str(include_str!("../../../../../tests/fixtures/color.json")).unwrap();
        assert_eq!(fixture.cases.len(), 12);
        for case in fixture.cases {
            let mut image =
                RgbImage::new(fixture.width, fixture.height, fixture.source.clone()).unwrap();
            let adjust = match case.kind.as_str() {
                "brightness" => adjust_brightness,
                "contrast" => adjust_contrast,
                "saturation" => adjust_saturation,
                _ => adjust_hue,
            };
            adjust(&mut image, case.factor);
            let tolerance = u8::from(case.kind == "hue");
            let worst =
                image.pixels().iter().zip(&case.pixels).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
            assert!(worst <= tolerance, "{} {}: off by {worst}", case.kind, case.factor);
        }
    }

    #[test]
    fn known_colors_are_rotated_correctly() {
        assert_eq!(rotate_hue([255, 0, 0], 1.0 / 3.0), [0, 255, 0]);
        assert_eq!(rotate_hue([255, 0, 0], -1.0 / 3.0), [0, 0, 255]);
        assert_eq!(rotate_hue([200, 100, 100], 0.5), [100, 200, 200]);
        assert_eq!(rotate_hue([90, 90, 90], 0.3), [90, 90, 90]);
        for pixel in [[1, 2, 3], [250, 3, 77], [12, 200, 199], [255, 255, 0]] {
            assert_eq!(rotate_hue(pixel, 0.0), pixel);
        }
    }

    #[test]
    fn zero_changes_nothing_and_the_strength_bounds_the_change() {
        let nothing = ColorJitter { brightness: 0.0, contrast: 0.0, saturation: 0.0, hue: 0.0 };
        let mut image = test_image();
        jitter_color(&nothing, &mut image, &mut stream(1, Purpose::Augment, 0, 0));
        assert_eq!(image, test_image());

        let mut factors = Vec::new();
        for i in 0..500 {
            let mut gray = RgbImage::from_fn(2, 2, |_, _| [100; 3]);
            let jitter = ColorJitter { brightness: 0.4, ..nothing };
            jitter_color(&jitter, &mut gray, &mut stream(1, Purpose::Augment, 0, i));
            factors.push(f64::from(gray.pixel(0, 0)[0]) / 100.0);
        }
        let (low, high) = factors.iter().fold((9.0f64, 0.0f64), |(l, h), &f| (l.min(f), h.max(f)));
        assert!((0.59..0.65).contains(&low) && (1.35..=1.4).contains(&high), "{low} {high}");
    }
}
