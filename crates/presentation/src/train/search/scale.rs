//! Where values are along an axis: shares of its length, 0 to 1.

use crate::plot::format::{percent, rate};
use crate::plot::ticks::ticks;

/// The scale of numbers above 0, equal ratios being equally long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogScale {
    low: f64,
    high: f64,
}

impl LogScale {
    /// With room for all of `values`, and a little more.
    pub fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let logs = values.filter(|value| *value > 0.0 && value.is_finite()).map(f64::log10);
        let low = logs.clone().fold(f64::INFINITY, f64::min);
        let high = logs.fold(f64::NEG_INFINITY, f64::max);
        let (low, high) = if low <= high { (low, high) } else { (-1.0, 0.0) };
        let room = (0.05 * (high - low)).max(0.1);
        Self { low: low - room, high: high + room }
    }

    /// Where a value is.
    pub fn share(&self, value: f64) -> f64 {
        ((value.log10() - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// Round numbers, at most `most`: powers of ten, or where those are too few, also 2 and 5 times.
    pub fn ticks(&self, most: usize) -> Vec<(f64, String)> {
        let powers = || self.low.floor() as i32..=self.high.ceil() as i32;
        let all = |factors: &[f64]| -> Vec<f64> {
            let values = powers()
                .flat_map(|power| factors.iter().map(move |factor| factor * 10f64.powi(power)));
            let is_in = |value: &f64| (self.low..=self.high).contains(&value.log10());
            values.filter(is_in).collect()
        };
        let fine = all(&[1.0, 2.0, 5.0]);
        let values = if fine.len() <= most { fine } else { all(&[1.0]) };
        let step = values.len().div_ceil(most.max(1)).max(1);
        let kept = values.into_iter().step_by(step);
        kept.map(|value| (self.share(value), rate(value).replace(".0e", "e"))).collect()
    }
}

/// The scale of scores, as much of 0 to 1 as they need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreScale {
    low: f64,
    high: f64,
}

impl ScoreScale {
    /// With room for all of `scores`.
    pub fn of(scores: impl Iterator<Item = f64> + Clone) -> Self {
        let scores = scores.filter(|score| score.is_finite());
        let low = scores.clone().fold(f64::INFINITY, f64::min);
        let high = scores.fold(f64::NEG_INFINITY, f64::max);
        if low > high {
            return Self { low: 0.0, high: 1.0 };
        }
        let room = (0.1 * (high - low)).max(0.02);
        let least = if low < 0.0 { low - room } else { 0.0 };
        Self { low: (low - room).max(least), high: (high + room).min(1.0) }
    }

    /// Where a score is.
    pub fn share(&self, score: f64) -> f64 {
        ((score - self.low) / (self.high - self.low).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0)
    }

    /// About `wanted` round scores.
    pub fn ticks(&self, wanted: usize) -> Vec<(f64, String)> {
        let values = ticks(self.low, self.high, wanted).into_iter();
        values.map(|value| (self.share(value), percent(value))).collect()
    }
}

/// The part of a drawing, in px, in which values are shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

impl Frame {
    /// A share of the way from left to right.
    pub fn x(&self, share: f64) -> f64 {
        self.left + share * (self.right - self.left)
    }

    /// A share of the way from the bottom to the top.
    pub fn y(&self, share: f64) -> f64 {
        self.bottom - share * (self.bottom - self.top)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ratios_are_equally_long() {
        let scale = LogScale::of([0.001, 0.01, 0.1].into_iter());
        let [a, b, c] = [0.001, 0.01, 0.1].map(|value| scale.share(value));
        assert!(a > 0.0 && c < 1.0 && (b - 0.5).abs() < 1e-9 && (c - b - (b - a)).abs() < 1e-9);
        let texts: Vec<String> = scale.ticks(4).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["0.001", "0.01", "0.1"]);
    }

    #[test]
    fn a_short_range_has_ticks_between_powers_of_ten_and_a_long_one_not_too_many() {
        let texts = |values: &[f64], most| -> Vec<String> {
            let ticks = LogScale::of(values.iter().copied()).ticks(most);
            ticks.into_iter().map(|(_, text)| text).collect()
        };
        assert_eq!(texts(&[0.02, 0.05], 6), ["0.02", "0.05"]);
        assert_eq!(texts(&[1e-5, 1.0], 3), ["1e-5", "0.001", "0.1"]);
        assert_eq!(texts(&[0.02], 6), ["0.02"]);
        assert!(texts(&[], 6).len() > 1);
    }

    #[test]
    fn scores_have_the_room_they_need() {
        let close = ScoreScale::of([0.95, 0.97].into_iter());
        assert!(close.share(0.97) - close.share(0.95) > 0.3);
        let perfect = ScoreScale::of([1.0, 0.0].into_iter());
        assert_eq!((perfect.share(0.0), perfect.share(1.0)), (0.0, 1.0));
        let one = ScoreScale::of([0.5].into_iter());
        assert!((one.share(0.5) - 0.5).abs() < 1e-9 && one.ticks(5).len() > 1);
        let none = ScoreScale::of([].into_iter());
        assert_eq!((none.share(0.25), none.ticks(4).len()), (0.25, 3));
    }
}
