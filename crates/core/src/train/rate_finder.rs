//! Finds a good learning rate in one short try: the rate grows from step to step until the loss blows
//! up (Smith, 2015), as fastai's `lr_find`.

use serde::{Deserialize, Serialize};

/// Steps of a whole try.
pub const STEPS: usize = 100;
/// The first and the last learning rate.
const LOWEST: f64 = 1e-6;
const HIGHEST: f64 = 10.0;
/// Weight of the past in the smoothed loss.
const SMOOTHING: f64 = 0.9;
/// The try ends where the smoothed loss is this many times its lowest.
const BLOWN_UP: f64 = 4.0;

/// A smaller part of the loss than this is no fall but rounding.
const FALL: f64 = 1e-6;

/// What one step of the try gave.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RatePoint {
    pub learning_rate: f64,
    /// Of the step's batch, as optimized.
    pub loss: f64,
    /// A moving average of the losses so far.
    pub smoothed: f64,
}

/// The curve of a try.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RateCurve {
    pub points: Vec<RatePoint>,
}

impl RateCurve {
    /// The learning rate of the next step; `None` when the try is over.
    pub fn next_rate(&self) -> Option<f64> {
        let step = self.points.len();
        let lowest = self.points.iter().map(|point| point.smoothed).fold(f64::INFINITY, f64::min);
        let blown_up = self
            .points
            .last()
            .is_some_and(|point| !point.loss.is_finite() || point.smoothed > BLOWN_UP * lowest);
        let share = step as f64 / (STEPS - 1) as f64;
        (step < STEPS && !blown_up).then(|| LOWEST * (share * (HIGHEST / LOWEST).ln()).exp())
    }

    /// Takes note of a step's loss.
    pub fn push(&mut self, learning_rate: f64, loss: f64) {
        // The average so far without its correction for the missing past, then with the new loss.
        let correction = |steps: usize| 1.0 - SMOOTHING.powi(steps as i32);
        let steps = self.points.len();
        let raw = self.points.last().map_or(0.0, |last| last.smoothed * correction(steps));
        let smoothed = (SMOOTHING * raw + (1.0 - SMOOTHING) * loss) / correction(steps + 1);
        self.points.push(RatePoint { learning_rate, loss, smoothed });
    }

    /// The suggested learning rate: within the longest stretch in which the smoothed loss falls, half
    /// of the way down (fastai's `valley`). `None` where it falls nowhere.
    pub fn suggestion(&self) -> Option<f64> {
        let finite = self.points.iter().take_while(|point| point.smoothed.is_finite()).count();
        // The first losses are noise, the last are the blow-up.
        let end = finite.saturating_sub(5);
        let points = self.points.get(STEPS / 10..end)?;
        let losses: Vec<f64> = points.iter().map(|point| point.smoothed).collect();
        // The length of the longest falling sequence that ends at each place.
        let mut lengths = vec![1usize; losses.len()];
        for at in 0..losses.len() {
            for before in 0..at {
                if losses[before] - losses[at] > FALL * losses[before].abs() {
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

    /// A try on a made-up loss of the logarithm of the rate.
    fn curve(loss: impl Fn(f64) -> f64) -> RateCurve {
        let mut curve = RateCurve::default();
        while let Some(rate) = curve.next_rate() {
            curve.push(rate, loss(rate.log10()));
        }
        curve
    }

    #[test]
    fn rates_grow_evenly_from_the_lowest_to_the_highest() {
        let flat = curve(|_| 1.0);
        assert_eq!(flat.points.len(), STEPS);
        assert!((flat.points[0].learning_rate - 1e-6).abs() < 1e-15);
        assert!((flat.points[99].learning_rate - 10.0).abs() < 1e-9);
        let ratio = |at: usize| flat.points[at + 1].learning_rate / flat.points[at].learning_rate;
        assert!((ratio(3) - ratio(80)).abs() < 1e-9);
        assert_eq!(flat.suggestion(), None);
    }

    #[test]
    fn the_suggestion_lies_in_the_valleys_slope() {
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
    fn an_infinite_loss_ends_the_try() {
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
