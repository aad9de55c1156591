//! Learning-rate factors of the parts from their relative gradient norms: Auto-RGN of "Surgical Fine-Tuning Improves
//! Adaptation to Distribution Shifts" (Lee et al., 2023).

use std::collections::BTreeMap;

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::Trainable;

use crate::model::parameters::{read, values};
use crate::model::resnet::ResNet;
use tunelab_core::device::ComputeError;

/// Batches to measure.
pub const BATCHES: u64 = 8;
/// A part whose relative gradient norm is below this multiple of the mean stays frozen.
const FROZEN_BELOW: f64 = 0.2;
/// The largest factor.
const MAX_RATE: f64 = 2.0;
/// In an adaptive run, factors from this value on become 1.
const FULL_RATE_FROM: f64 = 0.5;

/// The factor on each part's learning rate: 0 for frozen parts, 1 for the head, and a mean of about 1 over the
/// backbone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PartRates([f64; Part::ALL.len()]);

impl PartRates {
    /// From the relative gradient norm of each part. The paper divides by the maximum; dividing by the mean
    /// preserves the scale of a learning rate tuned for the whole network.
    fn from_ratios(ratios: [f64; Part::ALL.len()]) -> Self {
        let backbone = &ratios[..Part::Head as usize];
        let mean = backbone.iter().sum::<f64>() / backbone.len() as f64;
        Self(std::array::from_fn(|part| {
            let relative = ratios[part] / mean.max(f64::MIN_POSITIVE);
            match part == Part::Head as usize {
                true => 1.0,
                false if relative < FROZEN_BELOW => 0.0,
                false => relative.min(MAX_RATE),
            }
        }))
    }

    /// The factors for a run that started with one rate for all parts: reduces the rates of parts with small
    /// gradients and increases none.
    pub fn without_increases(self) -> Self {
        Self(self.0.map(|rate| if rate >= FULL_RATE_FROM { 1.0 } else { rate }))
    }

    /// The factor of a part.
    pub fn of(&self, part: Part) -> f64 {
        self.0[part as usize]
    }

    /// All factors, from the stem to the head.
    pub fn all(&self) -> [f64; Part::ALL.len()] {
        self.0
    }

    /// The parts that are not frozen.
    pub fn trainable(&self) -> Trainable {
        Trainable::parts(|part| self.of(part) > 0.0)
    }
}

/// Relative gradient norms, summed over the batches measured so far.
#[derive(Default)]
pub struct GradientRatios {
    pub batches: u64,
    sums: [f64; Part::ALL.len()],
}

impl GradientRatios {
    /// Adds a batch: for each part, the L2 norm of its gradient divided by that of its weights. `gradients` are flat,
    /// by parameter name.
    ///
    /// # Errors
    /// The device failed.
    pub async fn add(
        &mut self,
        network: &ResNet,
        gradients: &BTreeMap<String, Tensor<1>>,
    ) -> Result<(), ComputeError> {
        let weights = values(network, |name| gradients.contains_key(name));
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
        for (sum, (gradient, weight)) in self.sums.iter_mut().zip(sums) {
            let (gradient, weight): (f64, f64) = (gradient, weight);
            *sum += (gradient / weight.max(f64::MIN_POSITIVE)).sqrt();
        }
        self.batches += 1;
        Ok(())
    }

    /// The resulting learning-rate factors.
    pub fn rates(&self) -> PartRates {
        PartRates::from_ratios(self.sums)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_gradients_raise_the_rate_and_small_ones_freeze_the_part() {
        let assert_close = |found: PartRates, expected: [f64; 6]| {
            for (found, expected) in found.all().into_iter().zip(expected) {
                assert!((found - expected).abs() < 1e-9, "{found}, not {expected}");
            }
        };
        let rates = PartRates::from_ratios([0.001, 0.02, 0.06, 0.017, 0.002, 9.0]);
        assert_close(rates, [0.0, 1.0, 2.0, 0.85, 0.0, 1.0]);
        assert_eq!(rates.trainable().first(), Part::Layer1);
        assert!(!rates.trainable().trains(Part::Layer4));
        let slower =
            PartRates::from_ratios([0.006, 0.02, 0.05, 0.021, 0.003, 9.0]).without_increases();
        assert_close(slower, [0.3, 1.0, 1.0, 1.0, 0.0, 1.0]);
    }
}
