//! Checks the choices of a run.

use super::class_weights::ClassWeights;
use super::config::{Averaging, Caching, ConfigError, TaskWeights, TrainConfig, Warmup};
use super::schedule::Schedule;
use super::strategy::Strategy;
use super::update_rule::UpdateRule;
use crate::data::task::{Task, TaskKind};
use crate::model::choices::NormMode;
use crate::model::part::Part;

const AT_LEAST_ONE: &str = "1 or more";
const AT_LEAST_ZERO: &str = "0 or more";
const ABOVE_ZERO: &str = "above 0";
const IN_UNIT: &str = "above 0 and at most 1";
const BELOW_ONE: &str = "between 0 and 1";

impl TrainConfig {
    /// Checks every choice against its range, for these tasks.
    ///
    /// # Errors
    /// Says which choice is out of range, and what it may be.
    pub fn validate(&self, tasks: &[Task]) -> Result<(), ConfigError> {
        count("epochs", self.epochs)?;
        self.validate_batch_size()?;
        let pieces = self.accumulation;
        number("gradient accumulation", pieces as f64, pieces >= 1, AT_LEAST_ONE)?;
        above_zero("learning rate", self.learning_rate)?;
        let decay = self.layer_decay;
        number("decay of the rate by part", decay, decay > 0.0 && decay <= 1.0, IN_UNIT)?;
        if let Warmup::Epochs(epochs) = self.warmup {
            let holds = epochs >= 0.0 && epochs <= f64::from(self.epochs);
            number("warmup", epochs, holds, "between 0 and the number of epochs")?;
        }
        below_one("label smoothing", self.label_smoothing)?;
        below_one("dropout", self.dropout)?;
        if let Some(norm) = self.clip_norm {
            above_zero("gradient clipping", norm)?;
        }
        if let Some(patience) = self.patience {
            count("patience", patience)?;
        }
        if let Some(distillation) = self.distillation {
            above_zero("temperature", distillation.temperature)?;
            let weight = distillation.weight;
            let holds = (0.0..=1.0).contains(&weight);
            number("teacher's share", weight, holds, "between 0 and 1")?;
        }
        self.validate_optimizer()?;
        self.validate_schedule()?;
        self.validate_strategy(tasks)?;
        self.validate_weights(tasks)?;
        match self.averaging {
            Averaging::None => {}
            Averaging::Exponential { decay } => {
                let holds = decay > 0.0 && decay < 1.0;
                number("decay of the average", decay, holds, "above 0 and below 1")?;
            }
            Averaging::Stochastic { start } => below_one("start of averaging", start)?,
        }
        if let Caching::Views(views) = self.caching {
            count("kept versions of a picture", views)?;
        }
        self.class_loss.validate()?;
        self.number_loss.validate()?;
        Ok(())
    }

    fn validate_batch_size(&self) -> Result<(), ConfigError> {
        let of_batch = self.norm_mode() == NormMode::BatchStatistics;
        let (least, allowed) = match of_batch && self.strategy.trainable().first() < Part::Head {
            true => (2, "2 or more, as a single image has no statistics to normalize with"),
            false => (1, AT_LEAST_ONE),
        };
        number("batch size", self.batch_size as f64, self.batch_size >= least, allowed)
    }

    fn validate_optimizer(&self) -> Result<(), ConfigError> {
        let optimizer = &self.optimizer;
        at_least_zero("weight decay", optimizer.weight_decay)?;
        at_least_zero("L1 regularization", optimizer.l1)?;
        at_least_zero("pull towards the pretrained weights", optimizer.pull)?;
        match optimizer.rule {
            UpdateRule::Sgd { momentum, .. } => below_one("momentum", momentum),
            UpdateRule::Adam | UpdateRule::AdamW => Ok(()),
        }
    }

    fn validate_schedule(&self) -> Result<(), ConfigError> {
        let factor_holds =
            |factor: f64| number("schedule factor", factor, factor > 0.0 && factor <= 1.0, IN_UNIT);
        match self.schedule {
            Schedule::Step { epochs, factor } => {
                count("schedule step", epochs)?;
                factor_holds(factor)
            }
            Schedule::Exponential { factor } | Schedule::Plateau { factor, .. } => {
                factor_holds(factor)
            }
            Schedule::OneCycle { rise } => {
                let holds = rise > 0.0 && rise < 1.0;
                number("one-cycle rise", rise, holds, "above 0 and below 1")
            }
            Schedule::Constant | Schedule::Cosine => Ok(()),
        }
    }

    fn validate_strategy(&self, tasks: &[Task]) -> Result<(), ConfigError> {
        match self.strategy {
            Strategy::ProbeThenFull { probe_epochs } | Strategy::Surgical { probe_epochs } => {
                count("epochs of the head alone", probe_epochs)
            }
            Strategy::Adaptive { first_epochs } => count("first epochs", first_epochs),
            Strategy::Gradual { epochs_per_part } => count("epochs a part", epochs_per_part),
            Strategy::ClassMeans if !matches!(only_kind(tasks), Some(TaskKind::Class { .. })) => {
                Err(ConfigError::Range {
                    option: "strategy",
                    allowed: "one that trains, as there are no classes to take the means of",
                    found: self.strategy.to_string(),
                })
            }
            _ => Ok(()),
        }
    }

    fn validate_weights(&self, tasks: &[Task]) -> Result<(), ConfigError> {
        let valid = |weights: &[f64], count: usize| {
            weights.len() == count
                && weights.iter().all(|weight| *weight >= 0.0 && weight.is_finite())
                && weights.iter().any(|weight| *weight > 0.0)
        };
        if let ClassWeights::Given { weights } = &self.class_weights {
            let classes = match only_kind(tasks) {
                Some(TaskKind::Class { classes }) => classes.len(),
                _ => 0,
            };
            if !valid(weights, classes) {
                return Err(ConfigError::Weights("class"));
            }
        }
        if let TaskWeights::Given(weights) = &self.task_weights
            && !valid(weights, tasks.len())
        {
            return Err(ConfigError::Weights("task"));
        }
        Ok(())
    }
}

fn only_kind(tasks: &[Task]) -> Option<&TaskKind> {
    match tasks {
        [task] => Some(&task.kind),
        _ => None,
    }
}

fn number(
    option: &'static str,
    found: f64,
    holds: bool,
    allowed: &'static str,
) -> Result<(), ConfigError> {
    if holds {
        Ok(())
    } else {
        Err(ConfigError::Range { option, allowed, found: found.to_string() })
    }
}

fn count(option: &'static str, found: u32) -> Result<(), ConfigError> {
    number(option, f64::from(found), found >= 1, AT_LEAST_ONE)
}

fn above_zero(option: &'static str, found: f64) -> Result<(), ConfigError> {
    number(option, found, found > 0.0 && found.is_finite(), ABOVE_ZERO)
}

fn at_least_zero(option: &'static str, found: f64) -> Result<(), ConfigError> {
    number(option, found, found >= 0.0 && found.is_finite(), AT_LEAST_ZERO)
}

fn below_one(option: &'static str, found: f64) -> Result<(), ConfigError> {
    number(option, found, (0.0..1.0).contains(&found), BELOW_ONE)
}
