//! Choices among a few kinds, as the page offers them.

use tunelab_core::data::augmentation::Mix;
use tunelab_core::data::augmentation::{Augmentation, CropAugmentation};
use tunelab_core::data::input::InputSize;
use tunelab_core::train::config::{Averaging, TaskWeights};
use tunelab_core::train::schedule::Schedule;
use tunelab_core::train::update_rule::UpdateRule;

/// An update rule without its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptimizerKind {
    Momentum,
    Nesterov,
    Adam,
    AdamW,
}

impl OptimizerKind {
    pub const ALL: [Self; 4] = [Self::Nesterov, Self::Momentum, Self::AdamW, Self::Adam];

    /// What it is called on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Momentum => "SGD with momentum",
            Self::Nesterov => "SGD with Nesterov momentum",
            Self::Adam => "Adam",
            Self::AdamW => "AdamW",
        }
    }

    /// The kind of a rule.
    pub fn of(rule: UpdateRule) -> Self {
        match rule {
            UpdateRule::Sgd { nesterov: true, .. } => Self::Nesterov,
            UpdateRule::Sgd { nesterov: false, .. } => Self::Momentum,
            UpdateRule::Adam => Self::Adam,
            UpdateRule::AdamW => Self::AdamW,
        }
    }

    /// The rule, with the usual numbers.
    pub fn rule(self) -> UpdateRule {
        match self {
            Self::Momentum => UpdateRule::Sgd { momentum: 0.9, nesterov: false },
            Self::Nesterov => UpdateRule::Sgd { momentum: 0.9, nesterov: true },
            Self::Adam => UpdateRule::Adam,
            Self::AdamW => UpdateRule::AdamW,
        }
    }
}

/// A schedule without its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScheduleKind {
    Constant,
    Step,
    Exponential,
    Cosine,
    OneCycle,
    Plateau,
}

impl ScheduleKind {
    pub const ALL: [Self; 6] = [
        Self::Cosine,
        Self::OneCycle,
        Self::Plateau,
        Self::Step,
        Self::Exponential,
        Self::Constant,
    ];

    /// What it is called on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Constant => "Constant",
            Self::Step => "Steps down",
            Self::Exponential => "Falls every epoch (exponential)",
            Self::Cosine => "Falls along a cosine",
            Self::OneCycle => "Up and down once (one-cycle)",
            Self::Plateau => "Falls when it no longer helps (plateau)",
        }
    }

    /// The kind of a schedule.
    pub fn of(schedule: Schedule) -> Self {
        match schedule {
            Schedule::Constant => Self::Constant,
            Schedule::Step { .. } => Self::Step,
            Schedule::Exponential { .. } => Self::Exponential,
            Schedule::Cosine => Self::Cosine,
            Schedule::OneCycle { .. } => Self::OneCycle,
            Schedule::Plateau { .. } => Self::Plateau,
        }
    }

    /// The schedule with numbers that suit a run of `epochs` epochs.
    pub fn schedule(self, epochs: u32) -> Schedule {
        match self {
            Self::Constant => Schedule::Constant,
            Self::Step => Schedule::Step { epochs: epochs.div_ceil(3).max(1), factor: 0.1 },
            Self::Exponential => Schedule::Exponential { factor: 0.9 },
            Self::Cosine => Schedule::Cosine,
            Self::OneCycle => Schedule::OneCycle { rise: 0.3 },
            Self::Plateau => Schedule::Plateau { factor: 0.1, patience: 2 },
        }
    }
}

/// How pictures are mixed, without numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MixKind {
    None,
    MixUp,
    CutMix,
}

impl MixKind {
    pub const ALL: [Self; 3] = [Self::None, Self::MixUp, Self::CutMix];

    /// What it is called on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "No",
            Self::MixUp => "Let two shine through each other (MixUp)",
            Self::CutMix => "Paste a part of one into another (CutMix)",
        }
    }

    /// The kind of a mix.
    pub fn of(mix: Mix) -> Self {
        match mix {
            Mix::None => Self::None,
            Mix::MixUp { .. } => Self::MixUp,
            Mix::CutMix { .. } => Self::CutMix,
        }
    }

    /// The mix, with the usual number.
    pub fn mix(self) -> Mix {
        match self {
            Self::None => Mix::None,
            Self::MixUp => Mix::MixUp { alpha: 0.2 },
            Self::CutMix => Mix::CutMix { alpha: 1.0 },
        }
    }
}

/// How weights are averaged, without numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AveragingKind {
    None,
    Exponential,
    Stochastic,
}

impl AveragingKind {
    pub const ALL: [Self; 3] = [Self::None, Self::Exponential, Self::Stochastic];

    /// What it is called on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "No",
            Self::Exponential => "A moving average (EMA)",
            Self::Stochastic => "The mean of the last epochs (SWA)",
        }
    }

    /// The kind of an averaging.
    pub fn of(averaging: Averaging) -> Self {
        match averaging {
            Averaging::None => Self::None,
            Averaging::Exponential { .. } => Self::Exponential,
            Averaging::Stochastic { .. } => Self::Stochastic,
        }
    }

    /// The averaging, with the usual number.
    pub fn averaging(self) -> Averaging {
        match self {
            Self::None => Averaging::None,
            Self::Exponential => Averaging::Exponential { decay: 0.99 },
            Self::Stochastic => Averaging::Stochastic { start: 0.5 },
        }
    }
}

/// How much each of several columns counts, without numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskWeightsKind {
    Equal,
    Learned,
    Given,
}

impl TaskWeightsKind {
    pub const ALL: [Self; 3] = [Self::Equal, Self::Learned, Self::Given];

    /// What it is called on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Equal => "All alike",
            Self::Learned => "Learned: what is hard to see counts less",
            Self::Given => "As I say",
        }
    }

    /// The kind of some weights.
    pub fn of(weights: &TaskWeights) -> Self {
        match weights {
            TaskWeights::Equal => Self::Equal,
            TaskWeights::Learned => Self::Learned,
            TaskWeights::Given(_) => Self::Given,
        }
    }

    /// The weights of so many columns.
    pub fn weights(self, columns: usize) -> TaskWeights {
        match self {
            Self::Equal => TaskWeights::Equal,
            Self::Learned => TaskWeights::Learned,
            Self::Given => TaskWeights::Given(vec![1.0; columns]),
        }
    }
}

/// How much the pictures are varied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AugmentKind {
    None,
    Light,
    Strong,
    Automatic,
    Rand,
    Custom,
}

impl AugmentKind {
    pub const ALL: [Self; 6] =
        [Self::None, Self::Light, Self::Strong, Self::Automatic, Self::Rand, Self::Custom];

    /// What it is called on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Light => "Light: mirrored and shifted",
            Self::Strong => "Strong: also cropped, recoloured, partly erased",
            Self::Automatic => "Automatic: one random change of any kind and strength",
            Self::Rand => "Two random changes of any kind (RandAugment)",
            Self::Custom => "Custom",
        }
    }

    /// The kind of an augmentation at an input size.
    pub fn of(augmentation: &Augmentation, size: InputSize) -> Self {
        match augmentation {
            one if *one == Augmentation::none() => Self::None,
            one if *one == Augmentation::light(size) => Self::Light,
            one if *one == Augmentation::strong(size) => Self::Strong,
            one if *one == Augmentation::automatic(size) => Self::Automatic,
            one if *one == Augmentation::rand(size) => Self::Rand,
            _ => Self::Custom,
        }
    }
}

/// A crop augmentation without its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CropKind {
    None,
    Shifted,
    Resized,
}

impl CropKind {
    pub const ALL: [Self; 3] = [Self::None, Self::Shifted, Self::Resized];

    /// What it is called on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "No",
            Self::Shifted => "Shift the picture",
            Self::Resized => "Random crops, resized",
        }
    }

    /// The kind of a crop.
    pub fn of(crop: CropAugmentation) -> Self {
        match crop {
            CropAugmentation::None => Self::None,
            CropAugmentation::PadAndCrop { .. } => Self::Shifted,
            CropAugmentation::RandomResized { .. } => Self::Resized,
        }
    }
}
