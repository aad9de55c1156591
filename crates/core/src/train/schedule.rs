//! Learning-rate schedules: functions of the step without state, except [`Plateau`], which depends on the validation
//! loss.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use crate::options::values::Schedule;

/// A schedule and its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ScheduleConfig {
    pub schedule: Schedule,
    /// Epochs between decays of [`Schedule::Step`], as PyTorch's `StepLR`; at least 1.
    pub step_epochs: u32,
    /// Decay factor of [`Schedule::Step`], [`Schedule::Exponential`] (PyTorch's `ExponentialLR`) and
    /// [`Schedule::Plateau`] (PyTorch's `ReduceLROnPlateau`), in (0, 1].
    pub decay_factor: f64,
    /// Epochs without a lower validation loss that [`Schedule::Plateau`] tolerates before it decays the rate.
    pub plateau_patience: u32,
    /// Fraction of the steps in which [`Schedule::OneCycle`] increases the rate, in (0, 1): `pct_start` of PyTorch's
    /// `OneCycleLR` with its default cosine annealing, `div_factor` 25 and `final_div_factor` 10,000, without
    /// momentum cycling. It replaces the warmup.
    pub one_cycle_rise: f64,
}

impl ScheduleConfig {
    /// A schedule with PyTorch's default parameters.
    pub fn new(schedule: Schedule) -> Self {
        let decay_factor = if schedule == Schedule::Exponential { 0.9 } else { 0.1 };
        Self { schedule, step_epochs: 30, decay_factor, plateau_patience: 10, one_cycle_rise: 0.3 }
    }
}

/// The state of [`Schedule::Plateau`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Plateau {
    /// Current factor on the learning rate.
    pub scale: f64,
    /// The lowest validation loss so far.
    lowest: Option<f64>,
    /// Epochs since then.
    waited: u32,
}

impl Default for Plateau {
    fn default() -> Self {
        Self { scale: 1.0, lowest: None, waited: 0 }
    }
}

impl Plateau {
    /// Smaller relative improvements do not count; `threshold` of PyTorch's `ReduceLROnPlateau`.
    const THRESHOLD: f64 = 1e-4;

    /// Updates the factor after an epoch with this validation loss. Other schedules ignore it.
    pub fn step(&mut self, config: &ScheduleConfig, loss: f64) {
        if config.schedule != Schedule::Plateau {
            return;
        }
        if self.lowest.is_none_or(|lowest| loss < lowest * (1.0 - Self::THRESHOLD)) {
            self.lowest = Some(loss);
            self.waited = 0;
            return;
        }
        self.waited += 1;
        if self.waited > config.plateau_patience {
            self.scale *= config.decay_factor;
            self.waited = 0;
        }
    }
}

/// The learning rate as a function of the step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LearningRate {
    /// The maximum learning rate.
    pub peak: f64,
    pub schedule: ScheduleConfig,
    /// Steps of linear warmup to the peak before the schedule begins.
    pub warmup_steps: u64,
    pub steps_per_epoch: u64,
    pub total_steps: u64,
}

impl LearningRate {
    /// The learning rate of step `step`, counted from 0.
    pub fn at(&self, step: u64) -> f64 {
        let ScheduleConfig { schedule, step_epochs, decay_factor, one_cycle_rise, .. } =
            self.schedule;
        if schedule == Schedule::OneCycle {
            return self.one_cycle(step, one_cycle_rise);
        }
        if step < self.warmup_steps {
            return self.peak * (step + 1) as f64 / self.warmup_steps as f64;
        }
        let step = step - self.warmup_steps;
        let steps = self.total_steps.saturating_sub(self.warmup_steps).max(1);
        let epoch = (step / self.steps_per_epoch.max(1)) as i32;
        self.peak
            * match schedule {
                Schedule::Step => decay_factor.powi(epoch / step_epochs.max(1) as i32),
                Schedule::Exponential => decay_factor.powi(epoch),
                Schedule::Cosine => half_cosine(1.0, 0.0, step as f64 / steps as f64),
                Schedule::Constant | Schedule::OneCycle | Schedule::Plateau => 1.0,
            }
    }

    fn one_cycle(&self, step: u64, rise: f64) -> f64 {
        let (low, end) = (self.peak / 25.0, self.peak / 25.0 / 1e4);
        let top = (rise * self.total_steps as f64 - 1.0).max(1e-9);
        let last = self.total_steps as f64 - 1.0;
        let step = (step as f64).min(last);
        if step <= top {
            half_cosine(low, self.peak, step / top)
        } else {
            half_cosine(self.peak, end, (step - top) / (last - top))
        }
    }
}

fn half_cosine(from: f64, to: f64, progress: f64) -> f64 {
    to + (from - to) / 2.0 * (1.0 + (PI * progress.clamp(0.0, 1.0)).cos())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(schedule: ScheduleConfig, warmup_steps: u64) -> LearningRate {
        LearningRate { peak: 0.1, schedule, warmup_steps, steps_per_epoch: 5, total_steps: 20 }
    }

    fn assert_curve(schedule: ScheduleConfig, warmup: u64, expected: &[(u64, f64)]) {
        let plan = plan(schedule, warmup);
        for &(step, rate) in expected {
            let found = plan.at(step);
            assert!((found - rate).abs() < 1e-8, "{schedule:?} step {step}: {found}, not {rate}");
        }
    }

    #[test]
    fn constant_and_warmup() {
        assert_curve(
            ScheduleConfig::new(Schedule::Constant),
            4,
            &[(0, 0.025), (3, 0.1), (19, 0.1)],
        );
    }

    #[test]
    fn step_and_exponential_follow_epochs() {
        let step = ScheduleConfig { step_epochs: 2, ..ScheduleConfig::new(Schedule::Step) };
        assert_curve(step, 0, &[(9, 0.1), (10, 0.01), (19, 0.01)]);
        let exponential =
            ScheduleConfig { decay_factor: 0.5, ..ScheduleConfig::new(Schedule::Exponential) };
        assert_curve(exponential, 0, &[(4, 0.1), (5, 0.05), (19, 0.0125)]);
    }

    #[test]
    fn cosine_starts_at_the_peak_and_approaches_zero() {
        assert_curve(ScheduleConfig::new(Schedule::Cosine), 0, &[(0, 0.1), (10, 0.05)]);
        assert_curve(ScheduleConfig::new(Schedule::Cosine), 4, &[(4, 0.1), (12, 0.05)]);
        assert!(plan(ScheduleConfig::new(Schedule::Cosine), 0).at(19) < 0.001);
    }

    /// Values printed by `torch.optim.lr_scheduler.OneCycleLR(max_lr=0.1, total_steps=20)`.
    #[test]
    fn one_cycle_matches_pytorch() {
        let expected = [
            (0, 0.0040000000000000036),
            (2, 0.037167184270002526),
            (5, 0.1),
            (10, 0.07169430017913009),
            (19, 4e-07),
        ];
        assert_curve(ScheduleConfig::new(Schedule::OneCycle), 0, &expected);
    }
}
