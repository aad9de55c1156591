//! Which parts of the network the data pull at, found from gradients before anything is changed:
//! Auto-RGN of "Surgical Fine-Tuning Improves Adaptation to Distribution Shifts" (Lee et al., 2023).

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::{Phase, Session};
use crate::error::ComputeError;
use crate::model::params::{read, values};
use crate::train::error::TrainError;
use crate::train::gradients;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::Trainable;
use tunelab_core::options::values::Strategy;
use tunelab_core::train::event::Event;

/// Batches that are looked at.
const BATCHES: u64 = 8;
/// A part that is pulled at less than this, relative to the mean of all, stays as it is.
const LEAST: f64 = 0.2;
/// No part is faster than this many times the mean of all.
const MOST: f64 = 2.0;
/// A part that is pulled at this much, relative to the mean, is as fast as all in an adaptive run.
const ENOUGH: f64 = 0.5;

/// What each part's learning rate is multiplied with: about 1 in the mean over the backbone, 1 for the
/// head, and 0 for parts that stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PartRates([f64; Part::ALL.len()]);

impl PartRates {
    /// From the ratio of gradient to weights of each part. The paper divides by the largest; by the mean,
    /// a learning rate that is good for the whole network stays so.
    fn of_ratios(ratios: [f64; Part::ALL.len()]) -> Self {
        let backbone = &ratios[..Part::Head as usize];
        let mean = backbone.iter().sum::<f64>() / backbone.len() as f64;
        Self(std::array::from_fn(|part| {
            let relative = ratios[part] / mean.max(f64::MIN_POSITIVE);
            match part == Part::Head as usize {
                true => 1.0,
                false if relative < LEAST => 0.0,
                false => relative.min(MOST),
            }
        }))
    }

    /// The same for a run in which all parts began at one rate: only what is pulled at much less than the
    /// others becomes slower, and nothing faster.
    fn braked(self) -> Self {
        Self(self.0.map(|rate| if rate >= ENOUGH { 1.0 } else { rate }))
    }

    /// A part's.
    pub fn of(&self, part: Part) -> f64 {
        self.0[part as usize]
    }

    /// All, from the stem to the head.
    pub fn all(&self) -> [f64; Part::ALL.len()] {
        self.0
    }

    /// The parts that are trained.
    pub fn trainable(&self) -> Trainable {
        Trainable::parts(|part| self.of(part) > 0.0)
    }
}

/// An examination under way.
#[derive(Default)]
pub struct Surgery {
    batches: u64,
    /// Sum over the batches of each part's ratio.
    ratios: [f64; Part::ALL.len()],
}

impl Session {
    pub(super) async fn examine(&mut self, mut surgery: Box<Surgery>) -> Result<Event, TrainError> {
        let total = BATCHES.min(self.plan.steps_per_epoch);
        let before = self.learner.network.clone();
        self.gather_batch(surgery.batches).await?;
        let gradients = self.learner.take_gradients();
        let ratios = self.ratios(&gradients::by_name(&self.learner.network, gradients)).await?;
        // The norms' statistics have followed the batch.
        self.learner.network = before;
        for (sum, ratio) in surgery.ratios.iter_mut().zip(ratios) {
            *sum += ratio;
        }
        surgery.batches += 1;
        let done = surgery.batches;
        if done < total {
            self.phase = Phase::Surgery(surgery);
            return Ok(Event::Examining { done, total });
        }
        let found = PartRates::of_ratios(surgery.ratios);
        let rates = match self.config.strategy {
            Strategy::Adaptive => found.braked(),
            _ => found,
        };
        self.part_rates = Some(rates);
        self.train_parts(rates.trainable());
        self.phase = self.phase_at_position();
        Ok(Event::PartRates { rates: rates.all() })
    }

    /// The length of each part's gradient, divided by that of its weights.
    async fn ratios(
        &self,
        gradients: &std::collections::BTreeMap<String, Tensor<1>>,
    ) -> Result<[f64; Part::ALL.len()], ComputeError> {
        let weights = values(&self.learner.network, |name| gradients.contains_key(name));
        let squares: Vec<Tensor<1>> = gradients
            .iter()
            .flat_map(|(name, gradient)| {
                [gradient.clone().square().sum(), weights[name].clone().square().sum()]
            })
            .collect();
        let squares = read(Tensor::cat(squares, 0)).await?;
        let mut sums = [(0.0, 0.0); Part::ALL.len()];
        for (name, pair) in gradients.keys().zip(squares.chunks_exact(2)) {
            let (gradient, weight) = &mut sums[Part::of_parameter(name) as usize];
            *gradient += f64::from(pair[0]);
            *weight += f64::from(pair[1]);
        }
        Ok(sums.map(|(gradient, weight): (f64, f64)| {
            (gradient / weight.max(f64::MIN_POSITIVE)).sqrt()
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_pulled_at_the_hardest_is_the_fastest_and_the_still_ones_stay() {
        let alike = |found: PartRates, expected: [f64; 6]| {
            for (found, expected) in found.all().into_iter().zip(expected) {
                assert!((found - expected).abs() < 1e-9, "{found}, not {expected}");
            }
        };
        let rates = PartRates::of_ratios([0.001, 0.02, 0.06, 0.017, 0.002, 9.0]);
        alike(rates, [0.0, 1.0, 2.0, 0.85, 0.0, 1.0]);
        assert_eq!(rates.trainable().first(), Part::Layer1);
        assert!(!rates.trainable().trains(Part::Layer4));
        let braked = PartRates::of_ratios([0.006, 0.02, 0.05, 0.021, 0.003, 9.0]).braked();
        alike(braked, [0.3, 1.0, 1.0, 1.0, 0.0, 1.0]);
    }
}
