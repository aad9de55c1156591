//! Every choice of a training run.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::class_weights::ClassWeights;
use super::loss_kind::{ClassLoss, LossKindError, NumberLoss};
use super::schedule::Schedule;
use super::strategy::Strategy;
use super::update_rule::OptimizerConfig;
use crate::data::augment::Augmentation;
use crate::data::mix::Mix;
use crate::model::{HeadInit, NormMode};

/// The choices of a run. [`TrainConfig::recommended`] makes them all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainConfig {
    pub strategy: Strategy,
    /// Passes over the training images, at least 1; those that train the head alone first come on top.
    pub epochs: u32,
    /// Images an optimizer step, at least 1.
    pub batch_size: usize,
    /// Pieces a batch is computed in, at least 1; more need less memory. With batch statistics, each
    /// piece has its own.
    pub accumulation: usize,
    pub optimizer: OptimizerConfig,
    /// The highest learning rate of the run.
    pub learning_rate: f64,
    pub schedule: Schedule,
    pub warmup: Warmup,
    /// The learning rate of each part as a multiple of the next part's, towards the head; above 0 and
    /// at most 1, which is the same rate everywhere (Howard and Ruder, 2018).
    pub layer_decay: f64,
    pub class_loss: ClassLoss,
    pub number_loss: NumberLoss,
    pub task_weights: TaskWeights,
    /// Share of the target spread over all classes, 0 up to (not including) 1.
    pub label_smoothing: f64,
    pub class_weights: ClassWeights,
    pub sampling: Sampling,
    /// Share of the features that is left out of each step before the head, 0 up to (not including) 1.
    pub dropout: f64,
    /// How much of a teacher's knowledge is in the loss; used only where there is a teacher.
    pub distillation: Option<Distillation>,
    /// Largest global norm of the gradients; longer ones are shortened to it.
    pub clip_norm: Option<f64>,
    /// Whether batch norm in the trained parts normalizes with its running statistics and leaves them
    /// as they are, instead of using the batch's.
    pub freeze_norm: bool,
    pub averaging: Averaging,
    /// Epochs without a better validation after which the run ends.
    pub patience: Option<u32>,
    pub augmentation: Augmentation,
    pub mix: Mix,
    pub caching: Caching,
    pub head_init: HeadInit,
    /// Everything random in the run follows from it.
    pub seed: u64,
}

/// For how long the learning rate rises before its schedule begins.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Warmup {
    /// An epoch, but at least 20 steps, and at most a third of the run.
    #[default]
    Auto,
    /// Epochs, or a fraction of one.
    Epochs(f64),
}

impl Warmup {
    /// Steps of warmup in a run.
    pub fn steps(self, config: &TrainConfig, steps_per_epoch: u64) -> u64 {
        match self {
            Warmup::Auto => {
                let total = steps_per_epoch * u64::from(config.epochs);
                steps_per_epoch.max(20).min(total / 3)
            }
            Warmup::Epochs(epochs) => (epochs * steps_per_epoch as f64).round() as u64,
        }
    }
}

/// How the images of an epoch are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sampling {
    /// Each image once, in a new order.
    #[default]
    Shuffled,
    /// As many images, drawn so that every class comes as often: those of a small class more than
    /// once, of a large one not all.
    Balanced,
}

/// Whether weights are averaged over steps.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Averaging {
    #[default]
    None,
    /// What is validated and kept is a moving average, of which each step leaves `decay`, above 0 and
    /// below 1. In the first steps it is shorter: (1 + t) / (10 + t), as TensorFlow's.
    Exponential { decay: f64 },
    /// At the end, the mean of the weights after each epoch from `start` of the run on (0 up to, not
    /// including, 1), with batch norm's statistics measured anew, takes the place of the last epoch's
    /// weights (SWA: Izmailov et al., 2018). A run that ends early has none.
    Stochastic { start: f64 },
}

/// Whether the activations before the trained parts are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Caching {
    /// The frozen parts run in every step.
    #[default]
    Off,
    /// The frozen parts run once for each of this many augmented versions of a picture (at least 1),
    /// among which the epochs take turns; once a picture where there is no augmentation.
    Views(u32),
}

/// How much the losses of several tasks count.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskWeights {
    #[default]
    Equal,
    /// As given, one a task.
    Given(Vec<f64>),
    /// Learned from how uncertain each task is (Kendall et al., 2018).
    Learned,
}

/// How much a student follows its teacher (Hinton et al., 2015).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Distillation {
    /// Divides the logits of both before they are compared, above 0: the higher, the more the
    /// teacher's small probabilities count.
    pub temperature: f64,
    /// Share of the teacher in the loss, 0 to 1; the rest is the labels'.
    pub weight: f64,
}

impl Default for Distillation {
    fn default() -> Self {
        Self { temperature: 4.0, weight: 0.9 }
    }
}

impl TrainConfig {
    /// The norm mode of the trained parts.
    pub fn norm_mode(&self) -> NormMode {
        if self.freeze_norm { NormMode::Frozen } else { NormMode::BatchStatistics }
    }
}

/// A choice out of its range.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ConfigError {
    #[error("the {option} must be {allowed}, not {found}")]
    Range { option: &'static str, allowed: &'static str, found: String },
    #[error(transparent)]
    Loss(#[from] LossKindError),
}
