//! Preprocesses images of any size for the network: resize, crop, normalize.
//!
//! Follows torchvision's `Resize`, `CenterCrop`, `ToTensor` and `Normalize`, with resize and crop in one step.

use serde::{Deserialize, Serialize};

use crate::data::image::RgbImage;
use crate::data::resize::{CropBox, Filter, resize_crop};
use tunelab_core::data::input::{CropFraction, InputSize, SettingError};
use tunelab_core::model::sources::{IMAGENET_MEAN, IMAGENET_STD};
use tunelab_core::options::values::Fit;

/// Mean and standard deviation per channel (R, G, B) of pixels in [0, 1].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Normalization {
    pub mean: [f32; 3],
    pub std: [f32; 3],
}

impl Normalization {
    /// The statistics of ImageNet, used by torchvision's models.
    pub const IMAGENET: Self = Self { mean: IMAGENET_MEAN, std: IMAGENET_STD };

    /// The image of normalized pixels, `[3, size, size]`.
    pub fn undo(&self, pixels: &[f32], size: InputSize) -> RgbImage {
        let (side, area) = (size.get(), size.area());
        RgbImage::from_fn(side, side, |x, y| {
            let at = (y * side + x) as usize;
            std::array::from_fn(|channel| {
                let value = pixels.get(channel * area + at).copied().unwrap_or(0.0);
                let level = (value * self.std[channel] + self.mean[channel]) * 255.0;
                level.round().clamp(0.0, 255.0) as u8
            })
        })
    }

    /// The normalized values of the 256 levels, per channel.
    fn table(&self) -> [[f32; 256]; 3] {
        std::array::from_fn(|channel| {
            std::array::from_fn(|level| {
                (level as f32 / 255.0 - self.mean[channel]) / self.std[channel]
            })
        })
    }
}

impl Default for Normalization {
    fn default() -> Self {
        Self::IMAGENET
    }
}

/// The preprocessing of an image for inference, and for training before augmentation.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Preprocessing {
    pub size: InputSize,
    pub fit: Fit,
    pub crop_fraction: CropFraction,
    pub normalization: Normalization,
    pub filter: Filter,
}

impl Preprocessing {
    /// The default preprocessing at another input size.
    pub fn with_size(size: InputSize) -> Self {
        Self { size, ..Self::default() }
    }

    /// # Errors
    /// When the normalization holds a value that is not finite, or a standard deviation that is not
    /// positive.
    pub fn validate(&self) -> Result<(), SettingError> {
        let Normalization { mean, std } = self.normalization;
        if !mean.iter().all(|m| m.is_finite()) || !std.iter().all(|s| s.is_finite() && *s > 0.0) {
            return Err(SettingError::Normalization);
        }
        Ok(())
    }

    /// The square image that the network sees: `size` x `size` px.
    pub fn prepare(&self, image: &RgbImage) -> RgbImage {
        let size = self.size.get();
        resize_crop(image, self.crop_box(image.width(), image.height()), size, size, self.filter)
    }

    /// The part of a `width` x `height` image that [`Self::prepare`] keeps.
    ///
    /// torchvision resizes the shorter side to `size / crop_fraction` (the longer one in proportion, rounded
    /// down) and crops the center. This is that square in px of the source.
    pub fn crop_box(&self, width: u32, height: u32) -> CropBox {
        let (width, height) = (f64::from(width), f64::from(height));
        let size = f64::from(self.size.get());
        let target = (size / self.crop_fraction.get()).round_ties_even();
        let (resized_width, resized_height) = match self.fit {
            Fit::Squash => (target, target),
            Fit::Crop if width <= height => (target, (target * height / width).floor()),
            Fit::Crop => ((target * width / height).floor(), target),
        };
        let (scale_x, scale_y) = (width / resized_width, height / resized_height);
        CropBox {
            left: ((resized_width - size) / 2.0).round_ties_even() * scale_x,
            top: ((resized_height - size) / 2.0).round_ties_even() * scale_y,
            width: size * scale_x,
            height: size * scale_y,
        }
    }

    /// Writes the normalized pixels of a `size` x `size` image to `out`, `[3, size, size]`.
    ///
    /// # Panics
    /// When `image` or `out` is not of that size.
    pub fn normalize_into(&self, image: &RgbImage, out: &mut [f32]) {
        let area = self.size.area();
        let size = self.size.get();
        assert_eq!((image.width(), image.height()), (size, size), "image of the input size");
        assert_eq!(out.len(), 3 * area, "output of [3, {size}, {size}]");
        let [red, green, blue] = self.normalization.table();
        let (out_red, rest) = out.split_at_mut(area);
        let (out_green, out_blue) = rest.split_at_mut(area);
        let (pixels, _) = image.pixels().as_chunks::<3>();
        for (((r, g), b), pixel) in out_red.iter_mut().zip(out_green).zip(out_blue).zip(pixels) {
            *r = red[pixel[0] as usize];
            *g = green[pixel[1] as usize];
            *b = blue[pixel[2] as usize];
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::data::resize::resize;

    fn gradient(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            [(x * 255 / width) as u8, (y * 255 / height) as u8, ((x * y) % 256) as u8]
        })
    }

    #[test]
    fn sizes_outside_the_range_are_rejected() {
        assert!(InputSize::new(31).is_err());
        assert!(InputSize::new(225).is_err());
        assert_eq!(InputSize::new(96).unwrap().get(), 96);
        assert!(serde_json::from_str::<InputSize>("16").is_err());
        assert_eq!(serde_json::to_string(&InputSize::new(64).unwrap()).unwrap(), "64");
        assert!(serde_json::from_str::<CropFraction>("1.5").is_err());
        assert!(CropFraction::new(f64::NAN).is_err());
        assert!(CropFraction::new(0.0).is_err());
    }

    #[test]
    fn settings_round_trip() {
        let preprocessing = Preprocessing {
            size: InputSize::new(160).unwrap(),
            fit: Fit::Squash,
            crop_fraction: CropFraction::new(0.875).unwrap(),
            filter: Filter::Bicubic,
            ..Preprocessing::default()
        };
        let json = serde_json::to_string(&preprocessing).unwrap();
        assert_eq!(serde_json::from_str::<Preprocessing>(&json).unwrap(), preprocessing);
    }

    /// torchvision: Resize(256), CenterCrop(224) on 500x375 resizes to 341x256 and cuts at (58, 16).
    #[test]
    fn the_center_crop_matches_torchvision() {
        let preprocessing = Preprocessing {
            size: InputSize::MAX,
            crop_fraction: CropFraction::new(0.875).unwrap(),
            ..Preprocessing::default()
        };
        let image = gradient(500, 375);
        let resized = resize(&image, 341, 256, Filter::Bilinear);
        let expected = RgbImage::from_fn(224, 224, |x, y| resized.pixel(x + 58, y + 16));
        let prepared = preprocessing.prepare(&image);
        let worst =
            prepared.pixels().iter().zip(expected.pixels()).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(worst <= Some(1), "off by {worst:?}");
    }

    #[test]
    fn squash_keeps_the_whole_image_and_crop_the_center() {
        let image = RgbImage::from_fn(96, 32, |x, _| match x {
            0..32 => [255, 0, 0],
            32..64 => [0, 255, 0],
            _ => [0, 0, 255],
        });
        let size = InputSize::MIN;
        let cropped = Preprocessing::with_size(size).prepare(&image);
        assert!(cropped.pixels().chunks_exact(3).all(|p| p == [0, 255, 0]));
        let squash = Preprocessing { fit: Fit::Squash, ..Preprocessing::with_size(size) };
        let squashed = squash.prepare(&image);
        assert_eq!(squashed.pixel(2, 16), [255, 0, 0]);
        assert_eq!(squashed.pixel(16, 16), [0, 255, 0]);
        assert_eq!(squashed.pixel(29, 16), [0, 0, 255]);
    }

    #[test]
    fn normalization_writes_planes() {
        let preprocessing = Preprocessing::with_size(InputSize::MIN);
        let image = gradient(32, 32);
        let mut out = vec![f32::NAN; 3 * 32 * 32];
        preprocessing.normalize_into(&image, &mut out);
        for (channel, x, y) in [(0usize, 5u32, 9u32), (1, 31, 31), (2, 17, 3)] {
            let level = f32::from(image.pixel(x, y)[channel]) / 255.0;
            let Normalization { mean, std } = Normalization::IMAGENET;
            let value = out[channel * 1024 + (y * 32 + x) as usize];
            assert_eq!(value, (level - mean[channel]) / std[channel]);
        }
        assert!(out.iter().all(|v| v.is_finite()));
    }

    #[test]
    fn a_zero_deviation_is_rejected() {
        let mut preprocessing = Preprocessing::default();
        assert!(preprocessing.validate().is_ok());
        preprocessing.normalization.std[1] = 0.0;
        assert!(preprocessing.validate().is_err());
    }

    #[test]
    fn normalization_can_be_undone() {
        let preprocessing = Preprocessing::with_size(InputSize::MIN);
        let image = RgbImage::from_fn(32, 32, |x, y| [(8 * x) as u8, (7 * y) as u8, 255]);
        let mut pixels = vec![0.0; 3 * 32 * 32];
        preprocessing.normalize_into(&image, &mut pixels);
        assert_eq!(preprocessing.normalization.undo(&pixels, preprocessing.size), image);
    }

    proptest! {
        #[test]
        fn the_crop_box_is_inside_the_image(
            w in 1u32..40_000, h in 1u32..40_000, side in 32u32..=224, fraction in 0.01f64..=1.0,
            squash in any::<bool>(),
        ) {
            let preprocessing = Preprocessing {
                size: InputSize::new(side).unwrap(),
                crop_fraction: CropFraction::new(fraction).unwrap(),
                fit: if squash { Fit::Squash } else { Fit::Crop },
                ..Preprocessing::default()
            };
            let crop = preprocessing.crop_box(w, h);
            let slack = 1e-6;
            prop_assert!(crop.left >= 0.0 && crop.left + crop.width <= f64::from(w) + slack);
            prop_assert!(crop.top >= 0.0 && crop.top + crop.height <= f64::from(h) + slack);
            prop_assert!(crop.width > 0.0 && crop.height > 0.0);
        }
    }
}
