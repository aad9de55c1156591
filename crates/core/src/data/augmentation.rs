//! Data augmentation settings. The engine applies them.
//!
//! The definitions are torchvision's (`RandomResizedCrop`, `RandomCrop`, `RandomHorizontalFlip`,
//! `RandAugment`, `TrivialAugmentWide`, `ColorJitter`, `RandomErasing`).

use serde::{Deserialize, Serialize};

use super::input::InputSize;

/// The random transformations of each training image.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AugmentationConfig {
    /// Probability of a horizontal flip, 0..=1.
    pub horizontal_flip: f64,
    pub crop: CropAugmentation,
    /// Operations drawn for each image, after crop and flip.
    pub policy: Option<Policy>,
    pub color_jitter: Option<ColorJitter>,
    pub random_erasing: Option<RandomErasing>,
}

impl AugmentationConfig {
    /// No augmentation.
    pub fn none() -> Self {
        Self {
            horizontal_flip: 0.0,
            crop: CropAugmentation::None,
            policy: None,
            color_jitter: None,
            random_erasing: None,
        }
    }

    /// Horizontal flips, and shifts by up to a sixteenth of the side: standard for small images (He et al., 2015,
    /// section 4.2).
    pub fn light(size: InputSize) -> Self {
        Self {
            horizontal_flip: 0.5,
            crop: CropAugmentation::PadAndCrop { padding: size.get() / 16, reflect: true },
            ..Self::none()
        }
    }

    /// [`Self::light`] with one operation per image by [`Policy::TrivialAugmentWide`].
    pub fn trivial_augment(size: InputSize) -> Self {
        Self { policy: Some(Policy::TrivialAugmentWide), ..Self::light(size) }
    }

    /// [`Self::light`] with two operations per image by [`Policy::RandAugment`], at torchvision's default
    /// magnitude.
    pub fn rand_augment(size: InputSize) -> Self {
        let policy = Some(Policy::RandAugment { ops: 2, magnitude: 9 });
        Self { policy, ..Self::light(size) }
    }

    /// Random resized crops, horizontal flips, color jitter and random erasing: for small datasets and long training.
    pub fn strong() -> Self {
        Self {
            horizontal_flip: 0.5,
            crop: CropAugmentation::RandomResized {
                scale: (0.35, 1.0),
                ratio: (3.0 / 4.0, 4.0 / 3.0),
            },
            policy: None,
            color_jitter: Some(ColorJitter {
                brightness: 0.3,
                contrast: 0.3,
                saturation: 0.3,
                hue: 0.03,
            }),
            random_erasing: Some(RandomErasing {
                probability: 0.25,
                scale: (0.02, 0.25),
                ratio: (0.3, 3.3),
            }),
        }
    }
}

impl Default for AugmentationConfig {
    /// [`Self::light`] at the default input size.
    fn default() -> Self {
        Self::light(InputSize::default())
    }
}

/// The random crop.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CropAugmentation {
    /// No random crop.
    None,
    /// A random rectangle of the source image, resized to the input size.
    RandomResized {
        /// Minimum and maximum fraction of the source's area, in (0, 1].
        scale: (f64, f64),
        /// Minimum and maximum aspect ratio, width / height.
        ratio: (f64, f64),
    },
    /// The preprocessed image, padded on all sides, then cropped to its size at a random position.
    PadAndCrop {
        /// Padding in px of the input, at most 224.
        padding: u32,
        /// Reflection padding (without repeating the edge) instead of black.
        reflect: bool,
    },
}

/// A policy of random operations. The fourteen operations (identity, shear and translation along both axes, rotation,
/// brightness, color, contrast, sharpness, posterize, solarize, auto contrast, equalize) are equally likely, and so are
/// both signs of those that have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// Several operations of the same magnitude in sequence (Cubuk et al., 2019). torchvision's defaults are 2
    /// operations of magnitude 9.
    RandAugment {
        /// Operations per image, 1 to [`Policy::MAX_OPS`].
        ops: u8,
        /// Their magnitude, 0 to [`Policy::MAX_MAGNITUDE`].
        magnitude: u8,
    },
    /// One operation of random magnitude, from wider ranges (Müller and Hutter, 2021). It has no parameters.
    TrivialAugmentWide,
}

impl Policy {
    /// Maximum number of operations per image. The paper uses 1 to 3; ten make most images unrecognizable.
    pub const MAX_OPS: u8 = 10;
    /// Maximum magnitude, as torchvision's 31 magnitude bins.
    pub const MAX_MAGNITUDE: u8 = 30;
}

/// Color jitter. 0 disables a component.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ColorJitter {
    /// The factor is drawn from 1 - b to 1 + b, never below 0.
    pub brightness: f64,
    /// The factor is drawn from 1 - c to 1 + c, never below 0.
    pub contrast: f64,
    /// The factor is drawn from 1 - s to 1 + s, never below 0.
    pub saturation: f64,
    /// The hue shift is drawn from -h to h, in turns of the color wheel; at most 0.5.
    pub hue: f64,
}

/// Random erasing of a rectangle (Zhong et al., 2017).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RandomErasing {
    /// Probability of erasing, 0..=1.
    pub probability: f64,
    /// Minimum and maximum fraction of the image's area, in (0, 1].
    pub scale: (f64, f64),
    /// Minimum and maximum aspect ratio, height / width.
    pub ratio: (f64, f64),
}

/// Mixing of the images in a batch.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mix {
    #[default]
    None,
    /// Blends pairs of images (Zhang et al., 2017) with a coefficient from Beta(alpha, alpha), 0 < alpha <= 10. A small
    /// alpha keeps most images close to one of the two.
    MixUp { alpha: f64 },
    /// Pastes a rectangle of one image into another (Yun et al., 2019). Its area is drawn from Beta(alpha, alpha).
    CutMix { alpha: f64 },
}
