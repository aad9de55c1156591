//! Photometric operations of the policies: PIL's `ImageOps` and `ImageEnhance.Sharpness`.

use super::color::{blend, map_pixels};
use crate::data::image::RgbImage;

/// Keeps the `bits` highest bits of each level, at most 8.
pub(super) fn posterize(image: &mut RgbImage, bits: u32) {
    let mask = !(0xff_u32 >> bits.min(8)) as u8;
    for level in image.pixels_mut() {
        *level &= mask;
    }
}

/// Inverts all levels from `threshold` (0..=255) on.
pub(super) fn solarize(image: &mut RgbImage, threshold: f32) {
    for level in image.pixels_mut() {
        if f32::from(*level) >= threshold {
            *level = 255 - *level;
        }
    }
}

/// Stretches each channel so that its lowest level is 0 and its highest 255.
pub(super) fn auto_contrast(image: &mut RgbImage) {
    map_channels(image, |histogram| {
        let low = histogram.iter().position(|&count| count > 0)?;
        let high = histogram.iter().rposition(|&count| count > 0).filter(|&high| high > low)?;
        let scale = 255.0 / (high - low) as f64;
        let offset = -(low as f64) * scale;
        Some(std::array::from_fn(|level| (level as f64 * scale + offset) as u8))
    });
}

/// Equalizes the histogram of each channel.
pub(super) fn equalize(image: &mut RgbImage) {
    map_channels(image, |histogram| {
        let pixels: u64 = histogram.iter().sum();
        let lightest = histogram.iter().rev().find(|&&count| count > 0)?;
        let step = (pixels - lightest) / 255;
        if step == 0 {
            return None;
        }
        let mut below = step / 2;
        Some(histogram.map(|count| {
            let level = (below / step).min(255) as u8;
            below += count;
            level
        }))
    });
}

/// 0 is smoothed, 1 is unchanged. Pixels at the border stay unchanged.
pub(super) fn adjust_sharpness(image: &mut RgbImage, factor: f32) {
    let row = image.width() as usize * 3;
    let source = image.pixels().to_vec();
    let levels = image.pixels_mut();
    for y in 1..(source.len() / row).saturating_sub(1) {
        for at in y * row + 3..(y + 1) * row - 3 {
            let level = source[at];
            let around: u32 = [at - row, at, at + row]
                .iter()
                .flat_map(|&middle| [middle - 3, middle, middle + 3])
                .map(|neighbor| u32::from(source[neighbor]))
                .sum();
            // PIL's SMOOTH: the weight is 1 for every neighbor and 5 for the pixel itself; rounded.
            let smooth = (2 * (around + 4 * u32::from(level)) + 13) / 26;
            levels[at] = blend(smooth as u8, level, factor);
        }
    }
}

/// Maps the levels of each channel by a table made from its histogram. Without a table the channel stays
/// unchanged.
fn map_channels(image: &mut RgbImage, table: impl Fn(&[u64; 256]) -> Option<[u8; 256]>) {
    let mut histograms = [[0; 256]; 3];
    let (pixels, _) = image.pixels().as_chunks::<3>();
    for pixel in pixels {
        for (histogram, &level) in histograms.iter_mut().zip(pixel) {
            histogram[level as usize] += 1;
        }
    }
    let tables = histograms.map(|histogram| {
        table(&histogram).unwrap_or_else(|| std::array::from_fn(|level| level as u8))
    });
    map_pixels(image, |pixel| std::array::from_fn(|c| tables[c][pixel[c] as usize]));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gray(levels: &[u8]) -> RgbImage {
        RgbImage::from_fn(levels.len() as u32, 1, |x, _| [levels[x as usize]; 3])
    }

    fn changed(levels: &[u8], change: impl Fn(&mut RgbImage)) -> Vec<u8> {
        let mut image = gray(levels);
        change(&mut image);
        image.pixels().iter().step_by(3).copied().collect()
    }

    #[test]
    fn posterizing_keeps_the_highest_bits() {
        let levels = [0, 63, 64, 127, 200, 255];
        assert_eq!(changed(&levels, |image| posterize(image, 2)), [0, 0, 64, 64, 192, 192]);
        assert_eq!(changed(&levels, |image| posterize(image, 8)), levels);
        assert_eq!(changed(&levels, |image| posterize(image, 0)), [0; 6]);
    }

    #[test]
    fn solarizing_inverts_from_the_threshold_on() {
        let levels = [0, 99, 100, 255];
        assert_eq!(changed(&levels, |image| solarize(image, 100.0)), [0, 99, 155, 0]);
        assert_eq!(changed(&levels, |image| solarize(image, 99.5)), [0, 99, 155, 0]);
        assert_eq!(changed(&levels, |image| solarize(image, 256.0)), levels);
    }

    #[test]
    fn auto_contrast_uses_the_whole_range_and_keeps_a_single_color() {
        assert_eq!(changed(&[50, 60, 150], auto_contrast), [0, 25, 255]);
        assert_eq!(changed(&[70, 70], auto_contrast), [70, 70]);
    }

    #[test]
    fn equalizing_spreads_crowded_levels_and_keeps_small_images() {
        let crowded: Vec<u8> = (0..1024).map(|i| 100 + (i / 256) as u8).collect();
        let spread = changed(&crowded, equalize);
        assert_eq!([0, 256, 512, 768].map(|i| spread[i]), [0, 85, 171, 255]);
        assert_eq!(changed(&[3, 90, 200], equalize), [3, 90, 200]);
    }

    #[test]
    fn sharpness_goes_from_the_smoothed_image_to_the_sharpened_one() {
        let dot = RgbImage::from_fn(5, 5, |x, y| [if (x, y) == (2, 2) { 130 } else { 0 }; 3]);
        let at = |factor: f32, x, y| {
            let mut image = dot.clone();
            adjust_sharpness(&mut image, factor);
            image.pixel(x, y)
        };
        assert_eq!(at(0.0, 2, 2), [50; 3]);
        assert_eq!(at(0.0, 1, 2), [10; 3]);
        assert_eq!(at(0.0, 0, 2), [0; 3]);
        assert_eq!(at(1.0, 2, 2), [130; 3]);
        assert_eq!(at(2.0, 2, 2), [210; 3]);
    }
}
