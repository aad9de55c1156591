//! Data augmentation: which random changes are made to training images, and how strong they are. The engine
//! applies them.
//!
//! The definitions are torchvision's (`RandomResizedCrop`, `RandomCrop`, `RandomHorizontalFlip`,
//! `RandAugment`, `TrivialAugmentWide`, `ColorJitter`, `RandomErasing`).

use serde::{Deserialize, Serialize};

use super::input::InputSize;
use crate::options::values::Augmentation;

/// Which random changes are made to each image, and how strong they are.
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
    /// A preset at an input size.
    pub fn preset(preset: Augmentation, size: InputSize) -> Self {
        match preset {
            Augmentation::None => Self::none(),
            Augmentation::Light => Self::light(size),
            Augmentation::Strong => Self::strong(),
            Augmentation::TrivialAugment => Self::trivial_augment(size),
            Augmentation::RandAugment => Self::rand_augment(size),
        }
    }

    /// Changes nothing.
    pub fn none() -> Self {
        Self {
            horizontal_flip: 0.0,
            crop: CropAugmentation::None,
            policy: None,
            color_jitter: None,
            random_erasing: None,
        }
    }

    /// A flip and a shift by up to a sixteenth of the side: the usual choice for small images (He et al.
    /// 2015, section 4.2).
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

    /// Random resized crops, flip, color jitter and erasing: for small datasets and long training.
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

/// How the position and scale of an image vary.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CropAugmentation {
    /// The preprocessed image itself.
    None,
    /// A random rectangle of the source, resized to the input size.
    RandomResized {
        /// Lowest and highest fraction of the source's area, in (0, 1].
        scale: (f64, f64),
        /// Lowest and highest aspect ratio, width / height.
        ratio: (f64, f64),
    },
    /// The preprocessed image, padded on all sides, then cropped to its size at a random position.
    PadAndCrop {
        /// Padding in px of the input, at most 224.
        padding: u32,
        /// Whether the padding mirrors the image (without repeating its edge) or is black.
        reflect: bool,
    },
}

/// How operations and their strengths are drawn. The fourteen operations (identity, shear and translation
/// in both directions, rotation, brightness, color, contrast, sharpness, posterize, solarize, auto contrast,
/// equalize) are equally likely, and so are both directions of those that have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// Several operations of the same strength, one after another (Cubuk et al. 2019). torchvision's
    /// defaults are 2 operations of magnitude 9.
    RandAugment {
        /// Operations per image, 1 to [`Policy::MAX_OPS`].
        ops: u8,
        /// Their strength, 0 to [`Policy::MAX_MAGNITUDE`].
        magnitude: u8,
    },
    /// One operation of any strength, from wider ranges (Müller and Hutter 2021). It has no parameters.
    TrivialAugmentWide,
}

impl Policy {
    /// The most operations per image. The paper's best choices are 1 to 3; after ten, nothing recognizable
    /// is left.
    pub const MAX_OPS: u8 = 10;
    /// The highest magnitude: magnitudes have 31 steps from 0 on.
    pub const MAX_MAGNITUDE: u8 = 30;
}

/// How far colors vary. Zero turns an aspect off.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ColorJitter {
    /// The factor is drawn from 1 - b to 1 + b, never below 0.
    pub brightness: f64,
    /// The factor is drawn from 1 - c to 1 + c, never below 0.
    pub contrast: f64,
    /// The factor is drawn from 1 - s to 1 + s, never below 0.
    pub saturation: f64,
    /// The rotation of the hue is drawn from -h to h, in turns of the color circle; at most 0.5.
    pub hue: f64,
}

/// How often a rectangle is erased, and how large it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RandomErasing {
    /// Probability of erasing, 0..=1.
    pub probability: f64,
    /// Lowest and highest fraction of the image's area, in (0, 1].
    pub scale: (f64, f64),
    /// Lowest and highest aspect ratio, height / width.
    pub ratio: (f64, f64),
}

/// How the images of a batch are mixed.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mix {
    #[default]
    None,
    /// Two images are blended (Zhang et al. 2017). The weight of the first is drawn from
    /// Beta(alpha, alpha), 0 < alpha <= 10: the smaller alpha, the closer most images are to one of the two.
    MixUp { alpha: f64 },
    /// A rectangle of one image is pasted into another (Yun et al. 2019). Alpha as in MixUp.
    CutMix { alpha: f64 },
}
