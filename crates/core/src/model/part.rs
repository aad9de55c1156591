//! The parts of the network.

use serde::{Deserialize, Serialize};

/// The parts of the network in the order of the forward pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The first convolution, its batch norm and the max pooling.
    Stem,
    Layer1,
    Layer2,
    Layer3,
    Layer4,
    /// The linear layer, `fc` in torchvision.
    Head,
}

impl Part {
    /// All parts, in the order of the forward pass.
    pub const ALL: [Part; 6] =
        [Part::Stem, Part::Layer1, Part::Layer2, Part::Layer3, Part::Layer4, Part::Head];

    /// The four stages of residual blocks.
    pub const STAGES: [Part; 4] = [Part::Layer1, Part::Layer2, Part::Layer3, Part::Layer4];

    /// The name, such as `layer1`.
    pub fn name(self) -> &'static str {
        match self {
            Part::Stem => "stem",
            Part::Layer1 => "layer1",
            Part::Layer2 => "layer2",
            Part::Layer3 => "layer3",
            Part::Layer4 => "layer4",
            Part::Head => "head",
        }
    }

    /// The part of a parameter, given its torchvision name.
    pub fn of_parameter(name: &str) -> Part {
        match name.split('.').next() {
            Some("layer1") => Part::Layer1,
            Some("layer2") => Part::Layer2,
            Some("layer3") => Part::Layer3,
            Some("layer4") => Part::Layer4,
            Some("fc") => Part::Head,
            _ => Part::Stem,
        }
    }
}
