//! Learning-rate schedules: pure functions of the step, so that resuming needs no state; but for
//! [`Plateau`], which follows the validation.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

/// How the learning rate moves over a run, between its peak and (nearly) zero.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// The peak throughout.
    Constant,
    /// Multiplied by `factor` after every `epochs` epochs, as PyTorch's `StepLR`.
    Step { epochs: u32, factor: f64 },
    /// Multiplied by `factor` after every epoch, as PyTorch's `ExponentialLR`.
    Exponential { factor: f64 },
    /// Half a cosine from the peak to zero (Loshchilov and Hutter, 2016), moving every step.
    Cosine,
    /// Up from a 25th of the peak over the first `rise` of the run (0 to 1), then down to a
    /// 250,000th of it, both as half cosines: Smith (2018) as PyTorch's `OneCycleLR` does it, for the
    /// learning rate only. Has its own warmup.
    OneCycle { rise: f64 },
    /// Multiplied by `factor` whenever the validation loss has not fallen for more than `patience`
    /// epochs, as PyTorch's `ReduceLROnPlateau`.
    Plateau { factor: f64, patience: u32 },
}

/// What [`Schedule::Plateau`] remembers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Plateau {
    /// What the learning rate is multiplied by now.
    pub scale: f64,
    /// The lowest validation loss, where there was one.
    lowest: Option<f64>,
    /// Epochs since it fell.
    waited: u32,
}

impl Default for Plateau {
    fn default() -> Self {
        Self { scale: 1.0, lowest: None, waited: 0 }
    }
}

impl Plateau {
    /// Less of an improvement than this part of the loss is none.
    const THRESHOLD: f64 = 1e-4;

    /// Takes note of an epoch's validation loss.
    pub fn follow(&mut self, schedule: Schedule, loss: f64) {
        let Schedule::Plateau { factor, patience } = schedule else { return };
        if self.lowest.is_none_or(|lowest| loss < lowest * (1.0 - Self::THRESHOLD)) {
            self.lowest = Some(loss);
            self.waited = 0;
            return;
        }
        self.waited += 1;
        if self.waited > patience {
            self.scale *= factor;
            self.waited = 0;
        }
    }
}

/// The learning rate of every step of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LearningRate {
    /// The highest learning rate.
    pub peak: f64,
    pub schedule: Schedule,
    /// Steps in which the rate rises linearly to the peak before the schedule begins.
    pub warmup_steps: u64,
    pub steps_per_epoch: u64,
    pub total_steps: u64,
}

impl LearningRate {
    /// The learning rate of step `step`, counted from 0.
    pub fn at(&self, step: u64) -> f64 {
        if let Schedule::OneCycle { rise } = self.schedule {
            return self.one_cycle(step, rise);
        }
        if step < self.warmup_steps {
            return self.peak * (step + 1) as f64 / self.warmup_steps as f64;
        }
        let step = step - self.warmup_steps;
        let steps = self.total_steps.saturating_sub(self.warmup_steps).max(1);
        let epoch = (step / self.steps_per_epoch.max(1)) as i32;
        self.peak
            * match self.schedule {
                Schedule::Step { epochs, factor } => factor.powi(epoch / epochs.max(1) as i32),
                Schedule::Exponential { factor } => factor.powi(epoch),
                Schedule::Cosine => half_cosine(1.0, 0.0, step as f64 / steps as f64),
                Schedule::Constant | Schedule::OneCycle { .. } | Schedule::Plateau { .. } => 1.0,
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

    fn plan(schedule: Schedule, warmup_steps: u64) -> LearningRate {
        LearningRate { peak: 0.1, schedule, warmup_steps, steps_per_epoch: 5, total_steps: 20 }
    }

    fn assert_curve(schedule: Schedule, warmup: u64, expected: &[(u64, f64)]) {
        let plan = plan(schedule, warmup);
        for &(step, rate) in expected {
            let found = plan.at(step);
            assert!((found - rate).abs() < 1e-8, "{schedule:?} step {step}: {found}, not {rate}");
        }
    }

    #[test]
    fn constant_and_warmup() {
        assert_curve(Schedule::Constant, 4, &[(0, 0.025), (3, 0.1), (19, 0.1)]);
    }

    #[test]
    fn step_and_exponential_follow_epochs() {
        let step = Schedule::Step { epochs: 2, factor: 0.1 };
        assert_curve(step, 0, &[(9, 0.1), (10, 0.01), (19, 0.01)]);
        let exponential = Schedule::Exponential { factor: 0.5 };
        assert_curve(exponential, 0, &[(4, 0.1), (5, 0.05), (19, 0.0125)]);
    }

    #[test]
    fn cosine_begins_at_the_peak_and_nears_zero() {
        assert_curve(Schedule::Cosine, 0, &[(0, 0.1), (10, 0.05)]);
        assert_curve(Schedule::Cosine, 4, &[(4, 0.1), (12, 0.05)]);
        assert!(plan(Schedule::Cosine, 0).at(19) < 0.001);
    }

    /// Values printed by `torch.optim.lr_scheduler.OneCycleLR(max_lr=0.1, total_steps=20)`.
    #[test]
    fn one_cycle_is_pytorchs() {
        let expected = [
            (0, 0.0040000000000000036),
            (2, 0.037167184270002526),
            (5, 0.1),
            (10, 0.07169430017913009),
            (19, 4e-07),
        ];
        assert_curve(Schedule::OneCycle { rise: 0.3 }, 0, &expected);
    }
}
