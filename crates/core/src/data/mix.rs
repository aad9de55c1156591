//! Images mixed with each other: which way, and how much. The engine mixes them.

use serde::{Deserialize, Serialize};

use super::setting::SettingError;

/// How the pictures of a batch are mixed.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mix {
    #[default]
    None,
    /// Two pictures shine through each other (Zhang et al., 2017). The share of the first is drawn
    /// from Beta(alpha, alpha); the smaller alpha (above 0), the purer most pictures.
    MixUp { alpha: f64 },
    /// A rectangle of one picture is pasted into another (Yun et al., 2019).
    CutMix { alpha: f64 },
}

impl Mix {
    /// # Errors
    /// When alpha is not above 0 and at most 10.
    pub fn validate(&self) -> Result<(), SettingError> {
        match *self {
            Mix::MixUp { alpha } | Mix::CutMix { alpha } if !(alpha > 0.0 && alpha <= 10.0) => {
                let problem = format!("alpha must be above 0 and at most 10, not {alpha}");
                Err(SettingError::new("mixing of pictures", problem))
            }
            _ => Ok(()),
        }
    }
}
