//! The configuration as the types of training.

use super::distillation::Distillation;
use super::loss::LossConfig;
use super::optimizer::{Averaging, OptimizerConfig};
use super::schedule::ScheduleConfig;
use crate::options::table::{TrainConfig, scale_by_batch};
use crate::options::values::UpdateRule;

impl TrainConfig {
    pub fn optimizer_config(&self) -> OptimizerConfig {
        OptimizerConfig {
            rule: self.optimizer,
            momentum: self.momentum,
            nesterov: self.nesterov,
            weight_decay: self.weight_decay,
            decay_bias_and_norm: self.decay_bias_and_norm,
            l1: self.l1,
            l2_sp: self.l2_sp,
        }
    }

    /// The optimizer of the probe epochs, and its peak learning rate.
    pub fn head_optimizer(&self) -> (OptimizerConfig, f64) {
        let optimizer = OptimizerConfig {
            rule: UpdateRule::AdamW,
            weight_decay: 0.01,
            ..OptimizerConfig::default()
        };
        (optimizer, scale_by_batch(0.01, self.batch_size))
    }

    pub fn schedule_config(&self) -> ScheduleConfig {
        ScheduleConfig {
            schedule: self.schedule,
            step_epochs: self.step_epochs,
            decay_factor: self.decay_factor,
            plateau_patience: self.plateau_patience,
            one_cycle_rise: self.one_cycle_rise,
        }
    }

    pub fn averaging(&self) -> Averaging {
        match (self.ema_decay, self.swa_start) {
            (Some(decay), _) => Averaging::Exponential { decay },
            (None, Some(start)) => Averaging::Stochastic { start },
            (None, None) => Averaging::None,
        }
    }

    pub fn loss_config(&self) -> LossConfig {
        LossConfig {
            focal_gamma: self.focal_gamma,
            regression_loss: self.regression_loss,
            huber_delta: self.huber_delta,
        }
    }

    pub fn distillation(&self) -> Option<Distillation> {
        (self.distillation_weight > 0.0).then_some(Distillation {
            temperature: self.temperature,
            weight: self.distillation_weight,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::choices::Choices;
    use crate::options::context::Context;
    use crate::options::values::Schedule;

    #[test]
    fn choices_determine_the_types_of_training() {
        let config = |choices: &[(&str, &str)]| {
            let choices =
                choices.iter().fold(Choices::default(), |all, (key, text)| all.with(key, text));
            choices.resolve(&Context { images: 500, classes: 10, ..Context::default() }).config
        };
        assert_eq!(config(&[("swa_start", "0")]).averaging(), Averaging::Stochastic { start: 0.0 });
        let sgd = config(&[("optimizer", "sgd"), ("momentum", "0.8"), ("nesterov", "false")]);
        let optimizer = sgd.optimizer_config();
        assert_eq!((optimizer.rule, optimizer.momentum), (UpdateRule::Sgd, 0.8));
        assert!(!optimizer.nesterov);
        let cycle = config(&[("schedule", "one-cycle"), ("one_cycle_rise", "0.25")]);
        assert_eq!(cycle.schedule_config().schedule, Schedule::OneCycle);
    }
}
