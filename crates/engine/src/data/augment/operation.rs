//! What an automatic augmentation policy does to a picture, one change at a time.

use super::color::{adjust_brightness, adjust_contrast, adjust_saturation};
use super::{affine, photometric};
use crate::data::image::RgbImage;

/// One change with its strength, in the definition of torchvision's `_apply_op` on PIL pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Operation {
    Identity,
    /// Px to the left for each px down.
    ShearX(f32),
    /// Px up for each px to the right.
    ShearY(f32),
    /// Px to the right; a part of one is dropped.
    TranslateX(f32),
    /// Px down; a part of one is dropped.
    TranslateY(f32),
    /// Degrees counterclockwise.
    Rotate(f32),
    /// Factor; 0 is black, 1 is unchanged, as the three that follow.
    Brightness(f32),
    /// Factor; 0 is grey.
    Color(f32),
    /// Factor; 0 is the mean grey.
    Contrast(f32),
    /// Factor; 0 is smoothed.
    Sharpness(f32),
    /// Bits kept of each level, 1..=8.
    Posterize(u32),
    /// The lowest level that is inverted, 0..=255.
    Solarize(f32),
    AutoContrast,
    Equalize,
}

impl Operation {
    /// Changes `image`, which keeps its size. What is moved in from outside is black.
    pub(super) fn apply(self, image: &mut RgbImage) {
        match self {
            Self::Identity => {}
            Self::ShearX(level) => affine::shear_x(image, level.into()),
            Self::ShearY(level) => affine::shear_y(image, level.into()),
            Self::TranslateX(px) => affine::translate(image, px.trunc().into(), 0.0),
            Self::TranslateY(px) => affine::translate(image, 0.0, px.trunc().into()),
            Self::Rotate(degrees) => affine::rotate(image, degrees.into()),
            Self::Brightness(factor) => adjust_brightness(image, factor),
            Self::Color(factor) => adjust_saturation(image, factor),
            Self::Contrast(factor) => adjust_contrast(image, factor),
            Self::Sharpness(factor) => photometric::adjust_sharpness(image, factor),
            Self::Posterize(bits) => photometric::posterize(image, bits),
            Self::Solarize(threshold) => photometric::solarize(image, threshold),
            Self::AutoContrast => photometric::auto_contrast(image),
            Self::Equalize => photometric::equalize(image),
        }
    }
}
