//! Learning-rate range test (Smith, 2015): increases the learning rate exponentially until the loss diverges, as
//! fastai's `lr_find`.

use serde::{Deserialize, Serialize};

/// Steps of a complete test.
pub const STEPS: usize = 100;
/// The first learning rate.
pub const LOWEST: f64 = 1e-6;
/// The last learning rate.
pub const HIGHEST: f64 = 10.0;
/// Decay of the exponential moving average of the loss.
const SMOOTHING: f64 = 0.9;
/// The test ends when the smoothed loss exceeds its minimum by this factor.
const DIVERGED: f64 = 4.0;
/// Smaller relative decreases of the loss are rounding errors.
const MIN_DECREASE: f64 = 1e-6;

/// One step of the test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RatePoint {
    pub learning_rate: f64,
    /// Training loss of the batch, as optimized.
    pub loss: f64,
    /// Exponential moving average of the losses so far, bias corrected.
    pub smoothed: f64,
}

/// The loss curve of a test.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RateCurve {
    pub points: Vec<RatePoint>,
}

impl RateCurve {
    /// The learning rate of the next step; `None` at the end of the test.
    pub fn next_rate(&self) -> Option<f64> {
        let step = self.points.len();
        let lowest = self.points.iter().map(|point| point.smoothed).fold(f64::INFINITY, f64::min);
        let diverged = self
            .points
            .last()
            .is_some_and(|point| !point.loss.is_finite() || point.smoothed > DIVERGED * lowest);
        let progress = step as f64 / (STEPS - 1) as f64;
        (step < STEPS && !diverged).then(|| LOWEST * (progress * (HIGHEST / LOWEST).ln()).exp())
    }

    /// Adds the loss of a step.
    pub fn push(&mut self, learning_rate: f64, loss: f64) {
        // The moving average, starting at 0, without its bias correction.
        let correction = |steps: usize| 1.0 - SMOOTHING.powi(steps as i32);
        let steps = self.points.len();
        let raw = self.points.last().map_or(0.0, |last| last.smoothed * correction(steps));
        let smoothed = (SMOOTHING * raw + (1.0 - SMOOTHING) * loss) / correction(steps + 1);
        self.points.push(RatePoint { learning_rate, loss, smoothed });
    }

    /// The suggested learning rate: the middle of the longest decreasing subsequence of the smoothed loss, as
    /// fastai's `valley`. `None` if the loss never decreases.
    pub fn suggestion(&self) -> Option<f64> {
        let finite = self.points.iter().take_while(|point| point.smoothed.is_finite()).count();
        // The first losses are noise; the last belong to the divergence.
        let end = finite.saturating_sub(5);
        let points = self.points.get(STEPS / 10..end)?;
        let losses: Vec<f64> = points.iter().map(|point| point.smoothed).collect();
        // Length of the longest decreasing subsequence that ends at each index.
        let mut lengths = vec![1usize; losses.len()];
        for at in 0..losses.len() {
            for before in 0..at {
                if losses[before] - losses[at] > MIN_DECREASE * losses[before].abs() {
                    lengths[at] = lengths[at].max(lengths[before] + 1);
                }
            }
        }
        let (last, length) =
            lengths.iter().copied().enumerate().max_by_key(|(_, length)| *length)?;
        if length < 2 {
            return None;
        }
        let first = last.saturating_sub(length);
        let place = first + (last - first) / 3 + (last - first) / 6;
        points.get(place).map(|point| point.learning_rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A test with the loss as a function of the rate's base-10 logarithm.
    fn curve(loss: impl Fn(f64) -> f64) -> RateCurve {
        let mut curve = RateCurve::default();
        while let Some(rate) = curve.next_rate() {
            curve.push(rate, loss(rate.log10()));
        }
        curve
    }

    #[test]
    fn rates_grow_exponentially_from_the_lowest_to_the_highest() {
        let flat = curve(|_| 1.0);
        assert_eq!(flat.points.len(), STEPS);
        assert!((flat.points[0].learning_rate - 1e-6).abs() < 1e-15);
        assert!((flat.points[99].learning_rate - 10.0).abs() < 1e-9);
        let ratio = |at: usize| flat.points[at + 1].learning_rate / flat.points[at].learning_rate;
        assert!((ratio(3) - ratio(80)).abs() < 1e-9);
        assert_eq!(flat.suggestion(), None);
    }

    #[test]
    fn the_suggestion_lies_on_the_slope_of_the_valley() {
        // Flat to 1e-4, down to 1e-1, then up steeply.
        let valley = curve(|rate| match rate {
            rate if rate < -4.0 => 2.0,
            rate if rate < -1.0 => 2.0 - (rate + 4.0) * 0.5,
            rate => 0.5 + 8.0 * (rate + 1.0),
        });
        assert!(valley.points.len() < STEPS);
        let suggested = valley.suggestion().unwrap();
        assert!((1e-4..5e-2).contains(&suggested), "{suggested}");
    }

    #[test]
    fn an_infinite_loss_ends_the_test() {
        let broken = curve(|rate| if rate < -2.0 { 1.0 - 0.05 * rate } else { f64::INFINITY });
        assert!(broken.points.last().unwrap().learning_rate < 2e-2);
        assert!(broken.points.len() < 60);
    }

    #[test]
    fn the_smoothed_loss_of_a_constant_is_the_constant() {
        let flat = curve(|_| 0.7);
        assert!(flat.points.iter().all(|point| (point.smoothed - 0.7).abs() < 1e-9));
    }
}
