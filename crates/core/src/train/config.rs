//! Every choice of a training run.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::class_weights::ClassWeights;
use super::loss_kind::{ClassLoss, LossKindError, NumberLoss};
use super::schedule::Schedule;
use super::strategy::Strategy;
use super::update_rule::{OptimizerConfig, UpdateRule};
use crate::data::augmentation::Augmentation;
use crate::data::mix::Mix;
use crate::model::choices::{HeadInit, NormMode};

/// The choices of a run. [`TrainConfig::recommended`] makes them all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainConfig {
    pub strategy: Strategy,
    /// Passes over the training images, at least 1; those that train the head alone first come on top.
    pub epochs: u32,
    /// Images an optimizer step, at least 2; 1 where no norm learns from them.
    pub batch_size: usize,
    /// Pieces a batch is computed in, at least 1; more need less memory. With batch statistics, each
    /// piece has its own, and no piece is a single image.
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
    /// Another number of epochs, of which patience keeps its share.
    pub fn set_epochs(&mut self, epochs: u32) {
        let ratio = f64::from(epochs) / f64::from(self.epochs.max(1));
        let share = |patience| (f64::from(patience) * ratio).round().max(1.0) as u32;
        self.patience = self.patience.map(share);
        self.epochs = epochs;
    }

    /// Another number of images a step, with the learning rate scaled by the square root, as a step's
    /// noise falls with it.
    pub fn set_batch_size(&mut self, batch_size: usize) {
        if self.batch_size > 0 && batch_size > 0 {
            self.learning_rate *= (batch_size as f64 / self.batch_size as f64).sqrt();
        }
        self.batch_size = batch_size;
    }

    /// Another update rule, with the learning rate and weight decay that suit it: the rates of SGD and Adam
    /// are far apart, and decay that is not part of the gradient can be larger.
    pub fn set_rule(&mut self, rule: UpdateRule) {
        let before = std::mem::replace(&mut self.optimizer.rule, rule);
        match (before.is_adam(), rule.is_adam()) {
            (false, true) => self.learning_rate /= 25.0,
            (true, false) => self.learning_rate *= 10.0,
            _ => {}
        }
        if (before == UpdateRule::AdamW) != (rule == UpdateRule::AdamW) {
            self.optimizer.weight_decay = if rule == UpdateRule::AdamW { 0.01 } else { 5e-4 };
        }
    }

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
    #[error("the {0} weights must be one number of 0 or more for each {0}, not all of them 0")]
    Weights(&'static str),
    #[error(transparent)]
    Loss(#[from] LossKindError),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::input::InputSize;
    use crate::train::recipe::Recipe;

    fn recommended(recipe: Recipe) -> TrainConfig {
        TrainConfig::recommended(recipe, InputSize::default(), 5000)
    }

    #[test]
    fn patience_keeps_its_share_of_the_epochs() {
        let mut config = recommended(Recipe::Adaptive);
        assert_eq!((config.epochs, config.patience), (12, Some(6)));
        config.set_epochs(3);
        assert_eq!((config.epochs, config.patience), (3, Some(2)));
        config.set_epochs(60);
        assert_eq!((config.epochs, config.patience), (60, Some(40)));
        let mut full = recommended(Recipe::Full);
        full.set_epochs(60);
        assert_eq!((full.epochs, full.patience), (60, None));
    }

    #[test]
    fn the_rate_follows_the_batch_and_the_rule() {
        let mut config = recommended(Recipe::Full);
        let usual = config.clone();
        config.set_batch_size(16);
        assert_eq!(config.learning_rate, usual.learning_rate / 2.0);
        config.set_batch_size(usual.batch_size);
        assert_eq!(config, usual);

        config.set_rule(UpdateRule::Sgd { momentum: 0.8, nesterov: false });
        assert_eq!(config.learning_rate, usual.learning_rate);
        config.set_rule(UpdateRule::AdamW);
        assert!((config.learning_rate - 8e-4).abs() < 1e-9, "{}", config.learning_rate);
        assert_eq!(config.optimizer.weight_decay, 0.01);
        let mut probe = recommended(Recipe::Probe);
        probe.set_rule(UpdateRule::Sgd { momentum: 0.9, nesterov: true });
        assert!((probe.learning_rate - 0.1).abs() < 1e-9, "{}", probe.learning_rate);
        assert_eq!(probe.optimizer.weight_decay, 5e-4);
    }

    #[test]
    fn a_single_image_is_a_batch_where_no_norm_learns_from_it() {
        let tasks = [crate::data::task::Task::only(vec!["a".into(), "b".into()])];
        let check = |recipe, freeze_norm| {
            let config = TrainConfig { batch_size: 1, freeze_norm, ..recommended(recipe) };
            config.validate(&tasks)
        };
        let error = check(Recipe::Full, false).unwrap_err().to_string();
        assert!(error.contains("the batch size must be 2 or more"), "{error}");
        assert!(check(Recipe::BiasOnly, false).is_err());
        assert_eq!(check(Recipe::Full, true), Ok(()));
        assert_eq!(check(Recipe::Probe, false), Ok(()));
    }
}
