//! The square input of the network: its side length, and the center crop.

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

/// A preprocessing setting is out of range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum SettingError {
    /// The input size in px.
    InputSize { found: u32 },
    /// The crop fraction.
    CropFraction { found: f64 },
    /// A mean is not finite, or a standard deviation is not above 0.
    Normalization,
}

impl Localize for SettingError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::InputSize { found } => {
                let (min, max) = (InputSize::MIN.get(), InputSize::MAX.get());
                texts.error_setting_input_size(*found, min, max)
            }
            Self::CropFraction { found } => {
                let [found, min, max] = [*found, CropFraction::MIN.0, CropFraction::FULL.0]
                    .map(|number| number.to_string());
                texts.error_setting_crop_fraction(&found, &min, &max)
            }
            Self::Normalization => texts.error_setting_normalization().into(),
        }
    }
}

display_in_english!(SettingError);

/// The side length of the square input in px, 32 to 224.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct InputSize(u32);

impl InputSize {
    /// The minimum: ResNets downsample their input by a factor of 32.
    pub const MIN: Self = Self(32);
    /// The maximum: the input size of ImageNet training.
    pub const MAX: Self = Self(224);
    /// The size at which devices are measured, too.
    pub const DEFAULT: Self = Self(64);

    /// # Errors
    /// `side` is not in 32..=224 px.
    pub fn new(side: u32) -> Result<Self, SettingError> {
        if (Self::MIN.0..=Self::MAX.0).contains(&side) {
            Ok(Self(side))
        } else {
            Err(SettingError::InputSize { found: side })
        }
    }

    /// The side length in px.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The number of pixels.
    pub fn area(self) -> usize {
        self.0 as usize * self.0 as usize
    }
}

impl Default for InputSize {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl TryFrom<u32> for InputSize {
    type Error = SettingError;

    fn try_from(side: u32) -> Result<Self, SettingError> {
        Self::new(side)
    }
}

impl From<InputSize> for u32 {
    fn from(size: InputSize) -> Self {
        size.0
    }
}

/// The side length of the center crop as a fraction of the image's shorter side, 0.01 to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct CropFraction(f64);

impl CropFraction {
    /// The whole shorter side.
    pub const FULL: Self = Self(1.0);
    pub const MIN: Self = Self(0.01);

    /// # Errors
    /// `fraction` is not in 0.01..=1.
    pub fn new(fraction: f64) -> Result<Self, SettingError> {
        if (Self::MIN.0..=Self::FULL.0).contains(&fraction) {
            Ok(Self(fraction))
        } else {
            Err(SettingError::CropFraction { found: fraction })
        }
    }

    /// The fraction, 0.01..=1.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl Default for CropFraction {
    fn default() -> Self {
        Self::FULL
    }
}

impl TryFrom<f64> for CropFraction {
    type Error = SettingError;

    fn try_from(fraction: f64) -> Result<Self, SettingError> {
        Self::new(fraction)
    }
}

impl From<CropFraction> for f64 {
    fn from(fraction: CropFraction) -> Self {
        fraction.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_range() {
        let error = CropFraction::new(0.001).unwrap_err().to_string();
        assert_eq!(error, "The crop fraction is 0.001. It must be between 0.01 and 1.");
        assert!(CropFraction::new(f64::NAN).is_err() && CropFraction::new(0.01).is_ok());
        assert!(InputSize::new(31).unwrap_err().to_string().contains("between 32 and 224 px"));
    }
}
