//! Random crops: torchvision's `RandomResizedCrop`, and `RandomCrop` with padding.

use rand::RngExt;

use super::random::{RECTANGLE_TRIES, rectangle_sides};
use crate::data::image::RgbImage;
use crate::data::resize::{CropBox, resize_crop};
use crate::data::transform::Preprocessing;
use tunelab_core::rng::StreamRng;

/// Resizes a random rectangle of `source` to the input size.
///
/// torchvision crops and then resizes. Here, kernels at the edge of the rectangle see the pixels beyond it.
pub(super) fn random_resized_crop(
    source: &RgbImage,
    scale: (f64, f64),
    ratio: (f64, f64),
    preprocessing: &Preprocessing,
    rng: &mut StreamRng,
) -> RgbImage {
    let crop = random_box(source.width(), source.height(), scale, ratio, rng);
    let size = preprocessing.size.get();
    resize_crop(source, crop, size, size, preprocessing.filter)
}

/// `RandomResizedCrop.get_params`: up to ten tries, then the largest central box with an allowed ratio.
fn random_box(
    width: u32,
    height: u32,
    scale: (f64, f64),
    ratio: (f64, f64),
    rng: &mut StreamRng,
) -> CropBox {
    let (full_width, full_height) = (f64::from(width), f64::from(height));
    for _ in 0..RECTANGLE_TRIES {
        let (w, h) = rectangle_sides(full_width * full_height, scale, ratio, rng);
        let (w, h) = (w as u32, h as u32);
        if (1..=width).contains(&w) && (1..=height).contains(&h) {
            return CropBox {
                top: f64::from(rng.random_range(0..=height - h)),
                left: f64::from(rng.random_range(0..=width - w)),
                width: f64::from(w),
                height: f64::from(h),
            };
        }
    }
    let aspect = full_width / full_height;
    let (w, h) = if aspect < ratio.0 {
        (full_width, (full_width / ratio.0).round_ties_even().max(1.0))
    } else if aspect > ratio.1 {
        ((full_height * ratio.1).round_ties_even().max(1.0), full_height)
    } else {
        (full_width, full_height)
    };
    CropBox {
        left: ((full_width - w) / 2.0).floor(),
        top: ((full_height - h) / 2.0).floor(),
        width: w,
        height: h,
    }
}

/// Pads `image` by `padding` px on every side and crops it to its size at a random position.
pub(super) fn pad_and_crop(
    image: &RgbImage,
    padding: u32,
    reflect: bool,
    rng: &mut StreamRng,
) -> RgbImage {
    let padding = i64::from(padding);
    let shift_y = rng.random_range(-padding..=padding);
    let shift_x = rng.random_range(-padding..=padding);
    let (width, height) = (image.width(), image.height());
    let lookup = |position: u32, shift: i64, side: u32| {
        let position = i64::from(position) + shift;
        if reflect {
            Some(mirror(position, side))
        } else {
            u32::try_from(position).ok().filter(|&p| p < side)
        }
    };
    let columns: Vec<Option<u32>> = (0..width).map(|x| lookup(x, shift_x, width)).collect();
    let rows: Vec<Option<u32>> = (0..height).map(|y| lookup(y, shift_y, height)).collect();
    RgbImage::from_fn(width, height, |x, y| match (columns[x as usize], rows[y as usize]) {
        (Some(x), Some(y)) => image.pixel(x, y),
        _ => [0; 3],
    })
}

/// The position in 0..side that `position` is mirrored to at the edges, as often as needed and without repeating
/// the edge: -1 is 1, `side` is `side - 2`.
fn mirror(position: i64, side: u32) -> u32 {
    let last = i64::from(side) - 1;
    if last == 0 {
        return 0;
    }
    let wrapped = position.rem_euclid(2 * last);
    wrapped.min(2 * last - wrapped) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use tunelab_core::rng::{Purpose, stream};

    fn rng(minor: u64) -> StreamRng {
        stream(11, Purpose::Augment, 0, minor)
    }

    #[test]
    fn boxes_have_areas_and_shapes_in_range_and_cover_it() {
        let (scale, ratio) = ((0.2, 0.8), (0.75, 4.0 / 3.0));
        let boxes: Vec<CropBox> =
            (0..2000).map(|i| random_box(400, 300, scale, ratio, &mut rng(i))).collect();
        let mut areas: Vec<f64> =
            boxes.iter().map(|b| b.width * b.height / (400.0 * 300.0)).collect();
        for (b, area) in boxes.iter().zip(&areas) {
            assert!(*area > 0.195 && *area < 0.805, "area {area}");
            let aspect = b.width / b.height;
            assert!(aspect > 0.74 && aspect < 1.35, "aspect {aspect}");
            assert!(b.left >= 0.0 && b.left + b.width <= 400.0);
            assert!(b.top >= 0.0 && b.top + b.height <= 300.0);
        }
        areas.sort_by(f64::total_cmp);
        assert!(areas[100] < 0.25 && areas[1900] > 0.7, "{} {}", areas[100], areas[1900]);
        let mean = areas.iter().sum::<f64>() / areas.len() as f64;
        assert!((mean - 0.48).abs() < 0.03, "mean area {mean}");
    }

    /// The fallback is the center of the image at the nearest allowed ratio.
    #[test]
    fn impossible_boxes_fall_back_to_the_center() {
        let ratio = (0.75, 4.0 / 3.0);
        let wide = random_box(1000, 30, (0.9, 1.0), ratio, &mut rng(0));
        assert_eq!(wide, CropBox { left: 480.0, top: 0.0, width: 40.0, height: 30.0 });
        let tall = random_box(30, 1000, (0.9, 1.0), ratio, &mut rng(0));
        assert_eq!(tall, CropBox { left: 0.0, top: 480.0, width: 30.0, height: 40.0 });
    }

    #[test]
    fn mirroring_does_not_repeat_the_edge() {
        let positions: Vec<u32> = (-5..9).map(|p| mirror(p, 4)).collect();
        assert_eq!(positions, [1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2]);
        assert_eq!(mirror(-17, 1), 0);
    }

    #[test]
    fn pad_and_crop_shifts_the_image_and_fills_the_rest() {
        let image = RgbImage::from_fn(32, 32, |x, y| [x as u8 + 1, y as u8 + 1, 200]);
        let mut shifts = std::collections::BTreeSet::new();
        for i in 0..300 {
            let black = pad_and_crop(&image, 2, false, &mut rng(i));
            let mirrored = pad_and_crop(&image, 2, true, &mut rng(i));
            let [x, y, _] = black.pixel(16, 16);
            let (dx, dy) = (i64::from(x) - 17, i64::from(y) - 17);
            shifts.insert((dx, dy));
            let corner = (if dx < 0 { 0 } else { 31 }, if dy < 0 { 0 } else { 31 });
            if dx != 0 || dy != 0 {
                assert_eq!(black.pixel(corner.0, corner.1), [0; 3]);
            }
            assert_eq!(mirrored.pixel(16, 16), black.pixel(16, 16));
            assert_eq!(mirrored.pixel(0, 16)[0], mirror(dx, 32) as u8 + 1);
        }
        assert_eq!(shifts.len(), 25, "every shift from -2 to 2 px occurs");
    }

    proptest! {
        #[test]
        fn any_padding_is_safe(side in 1u32..50, padding in any::<u32>(), reflect: bool) {
            let image = RgbImage::from_fn(side, side, |x, y| [x as u8, y as u8, 1]);
            let result = pad_and_crop(&image, padding, reflect, &mut rng(0));
            prop_assert_eq!((result.width(), result.height()), (side, side));
        }

        #[test]
        fn any_image_has_a_box(w in 1u32..5000, h in 1u32..5000, seed: u64) {
            let b = random_box(w, h, (0.08, 1.0), (0.75, 4.0 / 3.0), &mut rng(seed));
            prop_assert!(b.left >= 0.0 && b.width >= 1.0 && b.left + b.width <= f64::from(w));
            prop_assert!(b.top >= 0.0 && b.height >= 1.0 && b.top + b.height <= f64::from(h));
        }
    }
}
