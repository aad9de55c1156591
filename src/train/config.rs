//! Every choice of a training run, with defaults that are right without reading anything.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::class_weights::ClassWeights;
use super::schedule::Schedule;
use super::strategy::Strategy;
use super::update_rule::{OptimizerConfig, UpdateRule};
use crate::data::augment::Augmentation;
use crate::data::transform::InputSize;
use crate::model::{HeadInit, NormMode};

/// The choices of a run. [`TrainConfig::recommended`] makes them all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainConfig {
    pub strategy: Strategy,
    /// Passes over the training images, at least 1.
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
    /// Epochs, or a fraction of one, in which the learning rate rises to its peak.
    pub warmup_epochs: f64,
    /// Share of the target spread over all classes, 0 up to (not including) 1.
    pub label_smoothing: f64,
    pub class_weights: ClassWeights,
    /// Largest global norm of the gradients; longer ones are shortened to it.
    pub clip_norm: Option<f64>,
    /// Whether batch norm in the trained parts normalizes with its running statistics and leaves them
    /// as they are, instead of using the batch's.
    pub freeze_norm: bool,
    pub augmentation: Augmentation,
    pub head_init: HeadInit,
    /// Everything random in the run follows from it.
    pub seed: u64,
}

impl TrainConfig {
    /// Good choices for a strategy, at an input size, on `examples` training images.
    pub fn recommended(strategy: Strategy, size: InputSize, examples: usize) -> Self {
        let batch_size = recommended_batch_size(examples);
        let base = Self {
            strategy,
            epochs: recommended_epochs(examples),
            batch_size,
            accumulation: 1,
            optimizer: OptimizerConfig {
                rule: UpdateRule::Sgd { momentum: 0.9, nesterov: true },
                weight_decay: 5e-4,
                decay_bias_and_norm: false,
            },
            // The rate found for batches of 64, scaled with the batch.
            learning_rate: scaled(0.02, batch_size),
            schedule: Schedule::Cosine,
            warmup_epochs: 1.0,
            label_smoothing: 0.1,
            class_weights: ClassWeights::Equal,
            clip_norm: None,
            freeze_norm: false,
            augmentation: Augmentation::light(size),
            head_init: HeadInit::Normal,
            seed: 0,
        };
        match strategy {
            Strategy::Full | Strategy::LastK { .. } => base,
            Strategy::Probe => Self {
                epochs: 40,
                optimizer: OptimizerConfig {
                    rule: UpdateRule::AdamW,
                    weight_decay: 0.01,
                    decay_bias_and_norm: false,
                },
                learning_rate: scaled(1e-2, batch_size),
                label_smoothing: 0.0,
                augmentation: Augmentation::none(),
                ..base
            },
        }
    }

    /// The norm mode of the trained parts.
    pub fn norm_mode(&self) -> NormMode {
        if self.freeze_norm { NormMode::Frozen } else { NormMode::BatchStatistics }
    }

    /// Checks every number against its range, for a task of `classes` classes.
    ///
    /// # Errors
    /// Says which choice is out of range, and what it may be.
    pub fn validate(&self, classes: usize) -> Result<(), ConfigError> {
        let check = |holds: bool, option, allowed, found: String| {
            if holds { Ok(()) } else { Err(ConfigError { option, allowed, found }) }
        };
        let at_least_one = "1 or more";
        check(self.epochs >= 1, "epochs", at_least_one, self.epochs.to_string())?;
        check(self.batch_size >= 1, "batch size", at_least_one, self.batch_size.to_string())?;
        let pieces = self.accumulation;
        check(pieces >= 1, "gradient accumulation", at_least_one, pieces.to_string())?;
        let rate = self.learning_rate;
        check(rate > 0.0 && rate.is_finite(), "learning rate", "above 0", rate.to_string())?;
        let decay = self.optimizer.weight_decay;
        let decay_holds = decay >= 0.0 && decay.is_finite();
        check(decay_holds, "weight decay", "0 or more", decay.to_string())?;
        let warmup = self.warmup_epochs;
        let warmup_holds = warmup >= 0.0 && warmup <= f64::from(self.epochs);
        check(warmup_holds, "warmup", "between 0 and the number of epochs", warmup.to_string())?;
        let smoothing = self.label_smoothing;
        let smoothing_holds = (0.0..1.0).contains(&smoothing);
        check(smoothing_holds, "label smoothing", "between 0 and 1", smoothing.to_string())?;
        if let Some(norm) = self.clip_norm {
            check(
                norm > 0.0 && norm.is_finite(),
                "gradient clipping",
                "above 0",
                norm.to_string(),
            )?;
        }
        if let UpdateRule::Sgd { momentum, .. } = self.optimizer.rule {
            let holds = (0.0..1.0).contains(&momentum);
            check(holds, "momentum", "between 0 and 1", momentum.to_string())?;
        }
        if let ClassWeights::Given { weights } = &self.class_weights {
            let hold = weights.len() == classes
                && weights.iter().all(|weight| *weight >= 0.0 && weight.is_finite())
                && weights.iter().any(|weight| *weight > 0.0);
            let allowed = "one number of 0 or more for each class, not all 0";
            check(hold, "class weights", allowed, format!("{weights:?}"))?;
        }
        match self.schedule {
            Schedule::Step { epochs, factor } => {
                check(epochs >= 1, "schedule step", at_least_one, epochs.to_string())?;
                check(factor > 0.0 && factor <= 1.0, "schedule factor", IN_UNIT, factor.to_string())
            }
            Schedule::Exponential { factor } => {
                check(factor > 0.0 && factor <= 1.0, "schedule factor", IN_UNIT, factor.to_string())
            }
            Schedule::OneCycle { rise } => {
                let allowed = "above 0 and below 1";
                check(rise > 0.0 && rise < 1.0, "one-cycle rise", allowed, rise.to_string())
            }
            Schedule::Constant | Schedule::Cosine => Ok(()),
        }
    }
}

const IN_UNIT: &str = "above 0 and at most 1";

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

/// A choice out of its range.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("the {option} must be {allowed}, not {found}")]
pub struct ConfigError {
    option: &'static str,
    allowed: &'static str,
    found: String,
}
