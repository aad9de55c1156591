//! Which parameters are retrained, and when.

use serde::{Deserialize, Serialize};

use crate::model::part::Part;
use crate::model::trainable::Trainable;

/// Which parts of the pretrained network a run trains. The rest stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// No training at all: the head's weights are the classes' mean features, so a picture belongs to
    /// the class whose mean it is nearest to (Mensink et al., 2013).
    ClassMeans,
    /// Feature extraction: only the new head is trained. The backbone runs once an image.
    Probe,
    /// The head and the last `stages` of the four stages of residual blocks (1 to 4).
    LastK { stages: StageCount },
    /// The whole network.
    Full,
    /// The head alone for `probe_epochs`, then the whole network from there, so that the first
    /// gradients of a random head do not distort the features (LP-FT: Kumar et al., 2022).
    ProbeThenFull { probe_epochs: u32 },
    /// The head first, then one part more every `epochs_per_part` epochs, from the head towards the
    /// input (Howard and Ruder, 2018).
    Gradual { epochs_per_part: u32 },
    /// The head, and the scale and shift of every batch norm (Frankle et al., 2020).
    NormOnly,
    /// The head, and every bias (BitFit: Ben Zaken et al., 2021).
    BiasOnly,
    /// The head alone for `probe_epochs`, then those stages that the data pull at the hardest, each as
    /// fast as it is pulled (surgical fine-tuning, Auto-RGN: Lee et al., 2023).
    Surgical { probe_epochs: u32 },
    /// The whole network; after `first_epochs`, those parts slower that the data pull at much less than at
    /// the others, and not at all any more where it is hardly.
    Adaptive { first_epochs: u32 },
}

impl Strategy {
    /// What is trained at the end, when everything that the strategy trains is.
    pub fn trainable(self) -> Trainable {
        use crate::model::trainable::ParameterKind::{Biases, Norms};
        match self {
            Strategy::ClassMeans | Strategy::Probe => Trainable::from(Part::Head),
            Strategy::LastK { stages } => Trainable::from(Part::STAGES[4 - stages.0 as usize]),
            Strategy::NormOnly => Trainable::only(Norms),
            Strategy::BiasOnly => Trainable::only(Biases),
            Strategy::Full
            | Strategy::ProbeThenFull { .. }
            | Strategy::Gradual { .. }
            | Strategy::Surgical { .. }
            | Strategy::Adaptive { .. } => Trainable::from(Part::Stem),
        }
    }

    /// Whether a run needs pictures to check itself with: what trains keeps its best epoch, and would not
    /// know which that is.
    pub fn needs_validation(self) -> bool {
        self != Strategy::ClassMeans
    }

    /// Epochs in which only the head is trained, before those that the run is said to take.
    pub fn probe_epochs(self) -> u32 {
        match self {
            Strategy::ProbeThenFull { probe_epochs } | Strategy::Surgical { probe_epochs } => {
                probe_epochs
            }
            _ => 0,
        }
    }
}

impl std::fmt::Display for Strategy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Strategy::ClassMeans => f.write_str("class-means"),
            Strategy::Probe => f.write_str("probe"),
            Strategy::LastK { stages } => write!(f, "last-{}", stages.0),
            Strategy::Full => f.write_str("full"),
            Strategy::ProbeThenFull { .. } => f.write_str("probe-then-full"),
            Strategy::Gradual { .. } => f.write_str("gradual"),
            Strategy::NormOnly => f.write_str("norm-only"),
            Strategy::BiasOnly => f.write_str("bias-only"),
            Strategy::Surgical { .. } => f.write_str("surgical"),
            Strategy::Adaptive { .. } => f.write_str("adaptive"),
        }
    }
}

/// A number of stages, 1 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct StageCount(u8);

impl StageCount {
    /// The last stage alone.
    pub const ONE: StageCount = StageCount(1);
    /// The last two.
    pub const TWO: StageCount = StageCount(2);
}

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
            |k| Strategy::LastK { stages: StageCount::try_from(k).unwrap() }.trainable().first();
        assert_eq!(first(1), Part::Layer4);
        assert_eq!(first(4), Part::Layer1);
        assert!(StageCount::try_from(0).is_err());
        assert!(StageCount::try_from(5).is_err());
    }
}
