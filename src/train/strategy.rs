//! How much of the network is retrained.

use serde::{Deserialize, Serialize};

use crate::model::Part;

/// Which parts of the pretrained network a run trains. Everything before them stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// Feature extraction: only the new head is trained. The backbone runs once an image.
    Probe,
    /// The head and the last `stages` of the four stages of residual blocks (1 to 4).
    LastK { stages: StageCount },
    /// The whole network.
    Full,
}

impl Strategy {
    /// The first part that is trained; all after it are trained too.
    pub fn first_trainable(self) -> Part {
        match self {
            Strategy::Probe => Part::Head,
            Strategy::LastK { stages } => Part::STAGES[4 - stages.0 as usize],
            Strategy::Full => Part::Stem,
        }
    }
}

impl std::fmt::Display for Strategy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Strategy::Probe => f.write_str("probe"),
            Strategy::LastK { stages } => write!(f, "last-{}", stages.0),
            Strategy::Full => f.write_str("full"),
        }
    }
}

/// A number of stages, 1 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct StageCount(u8);

impl TryFrom<u8> for StageCount {
    type Error = String;

    fn try_from(stages: u8) -> Result<Self, Self::Error> {
        if (1..=4).contains(&stages) {
            Ok(Self(stages))
        } else {
            Err(format!(
                "a ResNet has 4 stages to choose from, so 1 to 4 can be trained, not {stages}"
            ))
        }
    }
}

impl From<StageCount> for u8 {
    fn from(stages: StageCount) -> u8 {
        stages.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_stages_are_counted_from_the_head() {
        let first =
            |k| Strategy::LastK { stages: StageCount::try_from(k).unwrap() }.first_trainable();
        assert_eq!(first(1), Part::Layer4);
        assert_eq!(first(4), Part::Layer1);
        assert!(StageCount::try_from(0).is_err());
        assert!(StageCount::try_from(5).is_err());
    }
}
