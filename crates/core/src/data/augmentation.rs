//! Random changes of training images: which, and how strong they are. The engine applies them.
//!
//! The definitions are torchvision's (`RandomResizedCrop`, `RandomCrop`, `RandomHorizontalFlip`,
//! `RandAugment`, `TrivialAugmentWide`, `ColorJitter`, `RandomErasing`).

use serde::{Deserialize, Serialize};

use super::input::InputSize;
use super::setting::SettingError;
use crate::options::values::Augmentation;

/// Which random changes are made, and how strong they are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AugmentationConfig {
    /// Probability of mirroring left to right, 0..=1.
    pub horizontal_flip: f64,
    pub crop: CropAugmentation,
    /// Operations drawn for each picture, after crop and flip. None changes nothing.
    pub policy: Option<Policy>,
    pub color_jitter: Option<ColorJitter>,
    pub random_erasing: Option<RandomErasing>,
}

impl AugmentationConfig {
    /// What a preset does at an input size.
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

    /// A flip and a shift by up to a sixteenth of the side: the usual choice for small pictures
    /// (He et al. 2015, section 4.2).
    pub fn light(size: InputSize) -> Self {
        Self {
            horizontal_flip: 0.5,
            crop: CropAugmentation::PadAndCrop { padding: size.get() / 16, reflect: true },
            ..Self::none()
        }
    }

    /// [`Self::light`] with one operation a picture by [`Policy::TrivialAugmentWide`]: strong, with
    /// nothing to tune.
    pub fn trivial_augment(size: InputSize) -> Self {
        Self { policy: Some(Policy::TrivialAugmentWide), ..Self::light(size) }
    }

    /// [`Self::light`] with two operations a picture of torchvision's usual strength by
    /// [`Policy::RandAugment`].
    pub fn rand_augment(size: InputSize) -> Self {
        let policy = Some(Policy::RandAugment { ops: 2, magnitude: 9 });
        Self { policy, ..Self::light(size) }
    }

    /// Random resized crops, flip, colour jitter and erasing: for small datasets and long training.
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

    /// # Errors
    /// When a probability or range is outside what its definition allows; the message names it.
    pub fn validate(&self) -> Result<(), SettingError> {
        check_probability("horizontal flip", self.horizontal_flip)?;
        self.crop.validate()?;
        self.policy.as_ref().map_or(Ok(()), Policy::validate)?;
        self.color_jitter.as_ref().map_or(Ok(()), ColorJitter::validate)?;
        self.random_erasing.as_ref().map_or(Ok(()), RandomErasing::validate)
    }
}

impl Default for AugmentationConfig {
    /// [`Self::light`] at the default input size.
    fn default() -> Self {
        Self::light(InputSize::default())
    }
}

/// How the position and scale of the picture vary.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CropAugmentation {
    /// Always the picture as prepared.
    None,
    /// A rectangle of the source of random area and shape, resized to the input.
    RandomResized {
        /// Smallest and largest part of the source's area, in (0, 1].
        scale: (f64, f64),
        /// Smallest and largest width / height.
        ratio: (f64, f64),
    },
    /// The prepared picture, padded on all sides, then cut back to its size at a random place.
    PadAndCrop {
        /// Padding in px of the input, at most 224.
        padding: u32,
        /// Whether the padding mirrors the picture (without repeating its edge) or is black.
        reflect: bool,
    },
}

impl CropAugmentation {
    fn validate(&self) -> Result<(), SettingError> {
        match *self {
            Self::None => Ok(()),
            Self::RandomResized { scale, ratio } => {
                check_scale("random crop", scale)?;
                check_ratio("random crop", ratio)
            }
            Self::PadAndCrop { padding, .. } if padding > InputSize::MAX.get() => {
                Err(SettingError::new(
                    "crop padding",
                    format!("{padding} px is more than {}", InputSize::MAX.get()),
                ))
            }
            Self::PadAndCrop { .. } => Ok(()),
        }
    }
}

/// How operations and their strengths are drawn. Each of fourteen operations (nothing, shear and
/// shift in both directions, turn, brightness, colour, contrast, sharpness, posterize, solarize,
/// auto contrast, equalize) is as likely as another, and so is each direction of one that has two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// Several operations of one strength, one after another (Cubuk et al. 2019). torchvision's
    /// defaults are 2 operations of magnitude 9.
    RandAugment {
        /// Operations a picture, 1 to [`Policy::MAX_OPS`].
        ops: u8,
        /// Their strength, 0 to [`Policy::MAX_MAGNITUDE`].
        magnitude: u8,
    },
    /// One operation of any strength, from wider ranges (Müller and Hutter 2021): nothing to tune.
    TrivialAugmentWide,
}

impl Policy {
    /// The most operations a picture may get. The paper's best are 1 to 3; after ten, nothing is
    /// left to recognize.
    pub const MAX_OPS: u8 = 10;
    /// The strongest magnitude: strengths have 31 steps, the weakest is 0.
    pub const MAX_MAGNITUDE: u8 = 30;

    pub fn validate(&self) -> Result<(), SettingError> {
        let Self::RandAugment { ops, magnitude } = *self else {
            return Ok(());
        };
        if !(1..=Self::MAX_OPS).contains(&ops) {
            let problem = format!("{ops} is not from 1 to {}", Self::MAX_OPS);
            return Err(SettingError::new("RandAugment operations", problem));
        }
        if magnitude > Self::MAX_MAGNITUDE {
            let problem = format!("{magnitude} is not from 0 to {}", Self::MAX_MAGNITUDE);
            return Err(SettingError::new("RandAugment magnitude", problem));
        }
        Ok(())
    }
}

/// How far colours vary. Zero leaves an aspect alone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ColorJitter {
    /// The factor is drawn from 1 - b to 1 + b, never below 0.
    pub brightness: f64,
    /// The factor is drawn from 1 - c to 1 + c, never below 0.
    pub contrast: f64,
    /// The factor is drawn from 1 - s to 1 + s, never below 0.
    pub saturation: f64,
    /// The turn is drawn from -h to h, in turns of the colour circle; at most 0.5.
    pub hue: f64,
}

impl ColorJitter {
    fn validate(&self) -> Result<(), SettingError> {
        let factors = [
            ("brightness jitter", self.brightness),
            ("contrast jitter", self.contrast),
            ("saturation jitter", self.saturation),
        ];
        for (name, value) in factors {
            if !(value.is_finite() && value >= 0.0) {
                return Err(SettingError::new(name, format!("{value} is not a number from 0 up")));
            }
        }
        if (0.0..=0.5).contains(&self.hue) {
            Ok(())
        } else {
            Err(SettingError::new("hue jitter", format!("{} is not from 0 to 0.5", self.hue)))
        }
    }
}

/// Whether and how large a rectangle is erased.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RandomErasing {
    /// Probability of erasing, 0..=1.
    pub probability: f64,
    /// Smallest and largest part of the picture's area, in (0, 1].
    pub scale: (f64, f64),
    /// Smallest and largest aspect ratio.
    pub ratio: (f64, f64),
}

impl RandomErasing {
    fn validate(&self) -> Result<(), SettingError> {
        check_probability("random erasing", self.probability)?;
        check_scale("random erasing", self.scale)?;
        check_ratio("random erasing", self.ratio)
    }
}

fn check_probability(name: &'static str, value: f64) -> Result<(), SettingError> {
    if (0.0..=1.0).contains(&value) {
        Ok(())
    } else {
        Err(SettingError::new(name, format!("{value} is not a probability from 0 to 1")))
    }
}

/// Checks a range of parts of the picture's area.
fn check_scale(name: &'static str, (low, high): (f64, f64)) -> Result<(), SettingError> {
    if low > 0.0 && low <= high && high <= 1.0 {
        Ok(())
    } else {
        Err(SettingError::new(
            name,
            format!("the area scale must rise from above 0 to at most 1, not {low} to {high}"),
        ))
    }
}

/// Checks a range of aspect ratios (width / height).
fn check_ratio(name: &'static str, (low, high): (f64, f64)) -> Result<(), SettingError> {
    if low > 0.0 && low <= high && high.is_finite() {
        Ok(())
    } else {
        Err(SettingError::new(
            name,
            format!("the aspect ratio must rise and be above 0, not {low} to {high}"),
        ))
    }
}
