//! Named ways to fine-tune, each with choices that are right without reading anything.

use serde::{Deserialize, Serialize};

use super::class_weights::ClassWeights;
use super::config::{Averaging, Caching, Distillation, Sampling, TaskWeights, TrainConfig, Warmup};
use super::loss_kind::{ClassLoss, NumberLoss};
use super::schedule::Schedule;
use super::strategy::{StageCount, Strategy};
use super::student::EPOCHS;
use super::update_rule::{OptimizerConfig, UpdateRule};
use crate::data::augmentation::Augmentation;
use crate::data::input::InputSize;
use crate::data::mix::Mix;
use crate::model::choices::HeadInit;

/// Fewer pictures of a class than this leave much to chance.
pub const FEW: usize = 5;

/// A way to fine-tune.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recipe {
    /// An answer at once, from as little as one picture a class: [`Strategy::ClassMeans`].
    FewShot,
    Probe,
    LastK {
        stages: StageCount,
    },
    Full,
    ProbeThenFull,
    Gradual,
    /// The whole network, the slower the nearer to the input.
    Discriminative,
    NormOnly,
    BiasOnly,
    /// The whole network, held near its pretrained weights (Li et al., 2018).
    L2Sp,
    Surgical,
    /// The whole network, as far and as fast as the pictures pull at it, until it no longer gets better.
    Adaptive,
}

impl Recipe {
    /// All of them, with one stage where a number of stages is to be chosen.
    pub const ALL: [Recipe; 12] = [
        Recipe::FewShot,
        Recipe::Probe,
        Recipe::LastK { stages: StageCount::ONE },
        Recipe::Full,
        Recipe::ProbeThenFull,
        Recipe::Gradual,
        Recipe::Discriminative,
        Recipe::NormOnly,
        Recipe::BiasOnly,
        Recipe::L2Sp,
        Recipe::Surgical,
        Recipe::Adaptive,
    ];
}

impl Recipe {
    /// What suits so many training images of so many classes. Very few come with very few to choose the best
    /// epoch on, which is then chosen by chance: so from a trained head on, where no epoch is a bad one.
    pub fn automatic(examples: usize, classes: usize) -> Recipe {
        if examples / classes.max(1) < FEW { Recipe::ProbeThenFull } else { Recipe::Adaptive }
    }
}

impl std::fmt::Display for Recipe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Recipe::FewShot => "few-shot",
            Recipe::Probe => "probe",
            Recipe::LastK { stages } => return write!(f, "last-{}", u8::from(*stages)),
            Recipe::Full => "full",
            Recipe::ProbeThenFull => "probe-then-full",
            Recipe::Gradual => "gradual",
            Recipe::Discriminative => "discriminative",
            Recipe::NormOnly => "norm-only",
            Recipe::BiasOnly => "bias-only",
            Recipe::L2Sp => "l2-sp",
            Recipe::Surgical => "surgical",
            Recipe::Adaptive => "adaptive",
        })
    }
}

/// How a head alone is trained.
pub const PROBE_OPTIMIZER: OptimizerConfig = OptimizerConfig {
    rule: UpdateRule::AdamW,
    weight_decay: 0.01,
    decay_bias_and_norm: false,
    l1: 0.0,
    pull: 0.0,
};

/// The highest learning rate of [`PROBE_OPTIMIZER`].
pub fn probe_learning_rate(batch_size: usize) -> f64 {
    scaled(1e-2, batch_size)
}

/// Augmented versions of a picture whose features are kept.
const VIEWS: u32 = 4;

/// Epochs of the head alone before more is trained: enough for its gradients to mean something, few enough
/// that it does not know the training images by heart, as the rest would then hardly be moved.
const PROBE_FIRST: u32 = 5;

impl TrainConfig {
    /// Good choices for a recipe, at an input size, on `examples` training images.
    pub fn recommended(recipe: Recipe, size: InputSize, examples: usize) -> Self {
        let batch_size = recommended_batch_size(examples);
        let base = Self::whole_network(size, examples);
        let rate = |rate| scaled(rate, batch_size);
        match recipe {
            Recipe::Full => base,
            Recipe::LastK { stages } => Self { strategy: Strategy::LastK { stages }, ..base },
            Recipe::FewShot => {
                Self { strategy: Strategy::ClassMeans, epochs: 1, ..Self::of_head(base) }
            }
            Recipe::Probe => Self { strategy: Strategy::Probe, ..Self::of_head(base) },
            Recipe::ProbeThenFull => {
                Self { strategy: Strategy::ProbeThenFull { probe_epochs: PROBE_FIRST }, ..base }
            }
            Recipe::Gradual => Self { strategy: Strategy::Gradual { epochs_per_part: 1 }, ..base },
            Recipe::Discriminative => Self { layer_decay: 0.5, learning_rate: rate(0.03), ..base },
            Recipe::NormOnly => {
                Self { strategy: Strategy::NormOnly, learning_rate: rate(0.1), ..base }
            }
            Recipe::BiasOnly => {
                Self { strategy: Strategy::BiasOnly, learning_rate: rate(0.1), ..base }
            }
            Recipe::L2Sp => {
                Self { optimizer: OptimizerConfig { pull: 0.01, ..base.optimizer }, ..base }
            }
            Recipe::Surgical => {
                Self { strategy: Strategy::Surgical { probe_epochs: PROBE_FIRST }, ..base }
            }
            Recipe::Adaptive => {
                // It ends by itself where that is too long, but not soon, as the last epochs of a cosine
                // bring much.
                let epochs = (3 * base.epochs).div_ceil(2);
                let patience = Some(epochs.div_ceil(2));
                Self { strategy: Strategy::Adaptive { first_epochs: 1 }, epochs, patience, ..base }
            }
        }
    }

    /// Good choices for a small network that starts from nothing, on `examples` training images; with
    /// `distillation` where it has a teacher.
    pub fn of_student(
        size: InputSize,
        examples: usize,
        distillation: Option<Distillation>,
    ) -> Self {
        let base = Self::whole_network(size, examples);
        Self {
            epochs: EPOCHS,
            learning_rate: scaled(0.1, base.batch_size),
            label_smoothing: 0.0,
            distillation,
            ..base
        }
    }

    /// All parts at one rate.
    fn whole_network(size: InputSize, examples: usize) -> Self {
        let batch_size = recommended_batch_size(examples);
        Self {
            strategy: Strategy::Full,
            epochs: recommended_epochs(examples),
            batch_size,
            accumulation: 1,
            optimizer: OptimizerConfig {
                rule: UpdateRule::Sgd { momentum: 0.9, nesterov: true },
                weight_decay: 5e-4,
                decay_bias_and_norm: false,
                l1: 0.0,
                pull: 0.0,
            },
            // The rate found for batches of 64, scaled with the batch.
            learning_rate: scaled(0.02, batch_size),
            schedule: Schedule::Cosine,
            warmup: Warmup::Auto,
            layer_decay: 1.0,
            class_loss: ClassLoss::CrossEntropy,
            number_loss: NumberLoss::default(),
            task_weights: TaskWeights::Equal,
            label_smoothing: 0.1,
            class_weights: ClassWeights::Equal,
            sampling: Sampling::Shuffled,
            dropout: 0.0,
            distillation: None,
            clip_norm: None,
            freeze_norm: false,
            averaging: Averaging::None,
            patience: None,
            augmentation: Augmentation::light(size),
            mix: Mix::None,
            caching: Caching::Off,
            head_init: HeadInit::Normal,
            seed: 0,
        }
    }

    /// The head alone, on features computed once.
    fn of_head(base: Self) -> Self {
        Self {
            epochs: 40,
            optimizer: PROBE_OPTIMIZER,
            learning_rate: probe_learning_rate(base.batch_size),
            label_smoothing: 0.0,
            augmentation: Augmentation::none(),
            caching: Caching::Views(VIEWS),
            ..base
        }
    }
}

/// 64, or less where that would make fewer than about fifty steps an epoch; at least 8.
fn recommended_batch_size(examples: usize) -> usize {
    (examples / 50).next_power_of_two().clamp(8, 64)
}

/// 8 for five thousand images; more for fewer, as many steps are needed all the same.
fn recommended_epochs(examples: usize) -> u32 {
    (8.0 * (5000.0 / examples.max(1) as f64).sqrt().sqrt()).round().clamp(8.0, 30.0) as u32
}

/// A rate for batches of 64, for another size: by the square root, as a step's noise falls with it.
fn scaled(rate: f64, batch_size: usize) -> f64 {
    rate * (batch_size as f64 / 64.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_pictures_begin_with_the_head_and_more_as_they_need_it() {
        assert_eq!(Recipe::automatic(49, 10), Recipe::ProbeThenFull);
        assert_eq!(Recipe::automatic(50, 10), Recipe::Adaptive);
        // Without classes it is the number of pictures.
        assert_eq!(Recipe::automatic(5, 0), Recipe::Adaptive);
    }

    #[test]
    fn an_adaptive_run_has_more_epochs_than_one_at_a_fixed_rate_and_may_end_early() {
        let of =
            |recipe, examples| TrainConfig::recommended(recipe, InputSize::default(), examples);
        for (examples, full, adaptive, patience) in [(800, 13, 20, 10), (5000, 8, 12, 6)] {
            assert_eq!(of(Recipe::Full, examples).epochs, full);
            assert_eq!(of(Recipe::Full, examples).patience, None);
            assert_eq!(of(Recipe::Adaptive, examples).epochs, adaptive);
            assert_eq!(of(Recipe::Adaptive, examples).patience, Some(patience));
        }
    }
}
