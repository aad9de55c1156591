//! Antialiased resizing, equal to PIL's `Image.resize` to within one grey level.
//!
//! The kernel is widened by the scale factor, as in PIL and in torchvision with `antialias=True`,
//! so that a downscaled image does not alias. The convolution itself is `fast_image_resize`'s.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use serde::{Deserialize, Serialize};

use crate::data::image::RgbImage;

/// The interpolation kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// Triangle of radius 1; torchvision's default.
    #[default]
    Bilinear,
    /// Cubic convolution with a = -0.5, as PIL's.
    Bicubic,
}

impl Filter {
    fn algorithm(self) -> ResizeAlg {
        ResizeAlg::Convolution(match self {
            Self::Bilinear => FilterType::Bilinear,
            Self::Bicubic => FilterType::CatmullRom,
        })
    }
}

/// A rectangle in a source image, in px that may be fractional.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CropBox {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

impl CropBox {
    /// The box of the whole image.
    pub fn whole(image: &RgbImage) -> Self {
        Self {
            left: 0.0,
            top: 0.0,
            width: f64::from(image.width()),
            height: f64::from(image.height()),
        }
    }

    /// The part inside `image`, or the whole image if nothing is left.
    fn inside(self, image: &RgbImage) -> Self {
        let clip = |start: f64, length: f64, side: u32| {
            let side = f64::from(side);
            let end = (start + length).min(side);
            let start = start.max(0.0);
            let length = end - start;
            // The resizer refuses a sum that exceeds the side by a rounding error.
            let excess = if start + length > side { f64::EPSILON * side } else { 0.0 };
            (start, length - excess)
        };
        let (left, width) = clip(self.left, self.width, image.width());
        let (top, height) = clip(self.top, self.height, image.height());
        if width > 0.0 && height > 0.0 {
            Self { left, top, width, height }
        } else {
            Self::whole(image)
        }
    }
}

/// Resizes the whole image to `width` x `height` px (at least 1 each).
pub fn resize(image: &RgbImage, width: u32, height: u32, filter: Filter) -> RgbImage {
    resize_crop(image, CropBox::whole(image), width, height, filter)
}

/// Resizes the part of `image` in `crop` to `width` x `height` px (at least 1 each).
///
/// As with the `box` argument of PIL's `Image.resize`, kernels at the edge of the box read the pixels just
/// outside of it, so that this equals resizing the whole image and cropping then. The box is clipped to the
/// image; an empty box stands for the whole image.
pub fn resize_crop(
    image: &RgbImage,
    crop: CropBox,
    width: u32,
    height: u32,
    filter: Filter,
) -> RgbImage {
    let (width, height) = (width.max(1), height.max(1));
    let crop = crop.inside(image);
    match filter {
        Filter::Bilinear => convolve(image, crop, width, height, filter),
        // Cubic kernels overshoot and the first pass clips, so the order of the passes matters: horizontal
        // first, as in PIL.
        Filter::Bicubic => {
            let whole = CropBox::whole(image);
            let across = CropBox { left: crop.left, width: crop.width, ..whole };
            let narrowed = convolve(image, across, width, image.height(), filter);
            let down = CropBox { left: 0.0, width: f64::from(width), ..crop };
            convolve(&narrowed, down, width, height, filter)
        }
    }
}

/// Resizes a part that lies inside `image`: vertically first, then horizontally.
fn convolve(image: &RgbImage, crop: CropBox, width: u32, height: u32, filter: Filter) -> RgbImage {
    let options = ResizeOptions::new().resize_alg(filter.algorithm()).crop(
        crop.left,
        crop.top,
        crop.width,
        crop.height,
    );
    let source = ImageRef::new(image.width(), image.height(), image.pixels(), PixelType::U8x3)
        .expect("an RgbImage holds 3 bytes a pixel");
    let mut target = Image::new(width, height, PixelType::U8x3);
    Resizer::new()
        .resize(&source, &mut target, &options)
        .expect("the crop box is inside the image and the pixel types agree");
    RgbImage::new(width, height, target.into_vec()).expect("the target holds 3 bytes a pixel")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Fixture {
        source: Pixels,
        cases: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Pixels {
        width: u32,
        height: u32,
        pixels: Vec<u8>,
    }

    #[derive(Deserialize)]
    struct Case {
        filter: Filter,
        /// left, top, width, height
        crop: [f64; 4],
        result: Pixels,
    }

    impl From<Pixels> for RgbImage {
        fn from(p: Pixels) -> Self {
            Self::new(p.width, p.height, p.pixels).unwrap()
        }
    }

    /// Values computed by PIL, tests/fixtures/make_resize_fixture.py.
    #[test]
    fn resizing_equals_pil() {
        let fixture: Fixture =
            serde_json::from_str(include_str!("../../../../tests/fixtures/resize.json")).unwrap();
        let source = RgbImage::from(fixture.source);
        assert_eq!(fixture.cases.len(), 12);
        for case in fixture.cases {
            let [left, top, width, height] = case.crop;
            let crop = CropBox { left, top, width, height };
            let expected = RgbImage::from(case.result);
            let result =
                resize_crop(&source, crop, expected.width(), expected.height(), case.filter);
            let difference = result
                .pixels()
                .iter()
                .zip(expected.pixels())
                .map(|(a, b)| a.abs_diff(*b))
                .max()
                .unwrap();
            assert!(difference <= 1, "{:?} of {crop:?}: off by {difference}", case.filter);
        }
    }

    #[test]
    fn the_same_size_is_a_copy_and_a_flat_color_stays() {
        let image = RgbImage::from_fn(9, 7, |x, y| [x as u8 * 20, y as u8 * 30, 5]);
        assert_eq!(resize(&image, 9, 7, Filter::Bicubic), image);
        let flat = RgbImage::from_fn(100, 3, |_, _| [10, 200, 255]);
        let small = resize(&flat, 7, 40, Filter::Bicubic);
        assert!(small.pixels().chunks_exact(3).all(|p| p == [10, 200, 255]));
    }

    #[test]
    fn downscaling_averages_instead_of_aliasing() {
        let lines = RgbImage::from_fn(256, 256, |x, _| [if x % 2 == 0 { 0 } else { 255 }; 3]);
        let small = resize(&lines, 32, 32, Filter::Bilinear);
        // The kernels of the outermost columns are clipped, and see one more line of one kind.
        for x in 1..31 {
            let level = small.pixel(x, 9)[0];
            assert!(level.abs_diff(127) <= 1, "{level} at {x}");
        }
    }

    proptest! {
        #[test]
        fn any_box_and_size_is_safe(
            (w, h) in (1u32..40, 1u32..40),
            left in prop::num::f64::ANY, top in -50.0f64..50.0,
            width in prop::num::f64::ANY, height in -5.0f64..60.0,
            (to_w, to_h) in (0u32..40, 0u32..40),
        ) {
            let image = RgbImage::from_fn(w, h, |x, y| [x as u8, y as u8, 0]);
            let result = resize_crop(
                &image, CropBox { left, top, width, height }, to_w, to_h, Filter::Bicubic,
            );
            prop_assert_eq!((result.width(), result.height()), (to_w.max(1), to_h.max(1)));
        }

        #[test]
        fn fractional_boxes_touching_the_edge_are_safe(
            side in 1u32..2000, start in 0.0f64..1.0, to in 1u32..64,
        ) {
            let image = RgbImage::from_fn(side, 1, |x, _| [x as u8; 3]);
            let left = start * f64::from(side);
            let crop = CropBox { left, top: 0.0, width: f64::from(side) - left, height: 1.0 };
            let result = resize_crop(&image, crop, to, 1, Filter::Bilinear);
            prop_assert_eq!(result.width(), to);
        }
    }
}
