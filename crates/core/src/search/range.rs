//! The values that one number of a search may have.

use rand::RngExt;
use rand::seq::IndexedRandom;
use serde::{Deserialize, Serialize};

use super::error::{SearchError, check};
use crate::rng::StreamRng;

/// The values a number may have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Range {
    /// One of these, all equally likely.
    Choices(Vec<f64>),
    /// From `low` to `high`, both above 0, with a uniform logarithm: 0.1 to 1 is as likely as 1 to 10.
    LogUniform { low: f64, high: f64 },
}

impl Range {
    /// The values of a grid: all choices as they stand, or `points` values from `low` to `high`, both
    /// included, with equal ratios between neighbours; for one point, their geometric mean.
    pub fn grid(&self, points: u8) -> Vec<f64> {
        match self {
            Range::Choices(values) => values.clone(),
            Range::LogUniform { low, high } if points == 1 => vec![between(*low, *high, 0.5)],
            Range::LogUniform { low, high } => {
                let last = f64::from(points.saturating_sub(1));
                (0..points).map(|point| between(*low, *high, f64::from(point) / last)).collect()
            }
        }
    }

    /// One value by chance; `None` where there are no choices.
    pub fn draw(&self, rng: &mut StreamRng) -> Option<f64> {
        match self {
            Range::Choices(values) => values.choose(rng).copied(),
            Range::LogUniform { low, high } => Some(between(*low, *high, rng.random())),
        }
    }

    /// Checks that there are values, all finite and none lower than `least` admits. The bounds of a
    /// logarithmic range are above 0 in any case.
    ///
    /// # Errors
    /// Also when a choice is listed twice or the bounds do not rise; the message names the range as
    /// `option`.
    pub fn validate(&self, option: &'static str, least: Least) -> Result<(), SearchError> {
        match self {
            Range::Choices(values) => {
                let hold = values.iter().enumerate().all(|(index, value)| {
                    value.is_finite() && least.admits(*value) && !values[..index].contains(value)
                });
                let allowed = format!("one or more different numbers {}", least.words());
                check(hold && !values.is_empty(), option, allowed, format!("{values:?}"))
            }
            Range::LogUniform { low, high } => {
                let hold = *low > 0.0 && low < high && high.is_finite();
                check(hold, option, "a range that rises from above 0", format!("{low} to {high}"))
            }
        }
    }
}

/// Which numbers are too low to be a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Least {
    /// Those below 0.
    Zero,
    /// 0 too.
    AboveZero,
}

impl Least {
    fn admits(self, value: f64) -> bool {
        match self {
            Least::Zero => value >= 0.0,
            Least::AboveZero => value > 0.0,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Least::Zero => "of 0 or more",
            Least::AboveZero => "above 0",
        }
    }
}

/// What lies at `share` (0 to 1) of the way from `low` to `high` on a logarithmic scale; the ends
/// exactly, and never beyond them by rounding.
fn between(low: f64, high: f64, share: f64) -> f64 {
    if share == 0.0 {
        low
    } else if share == 1.0 {
        high
    } else {
        (low.ln() + share * (high.ln() - low.ln())).exp().max(low).min(high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

    const FACTORS: Range = Range::LogUniform { low: 0.1, high: 10.0 };

    #[test]
    fn a_grid_has_both_ends_exactly_and_equal_ratios() {
        let grid = FACTORS.grid(5);
        assert_eq!((grid[0], grid[4]), (0.1, 10.0));
        for pair in grid.windows(2) {
            assert!((pair[1] / pair[0] - 10f64.sqrt()).abs() < 1e-12, "{grid:?}");
        }
        assert_eq!(FACTORS.grid(2), [0.1, 10.0]);
        assert!((FACTORS.grid(1)[0] - 1.0).abs() < 1e-12);
        assert_eq!(FACTORS.grid(255).len(), 255);
        assert!(FACTORS.grid(0).is_empty());
    }

    #[test]
    fn choices_are_their_own_grid() {
        assert_eq!(Range::Choices(vec![0.0, 5e-4]).grid(7), [0.0, 5e-4]);
    }

    #[test]
    fn draws_stay_in_range_and_are_uniform_in_the_logarithm() {
        let mut rng = stream(1, Purpose::Search, 0, 0);
        let draws: Vec<f64> = (0..4000).map(|_| FACTORS.draw(&mut rng).unwrap()).collect();
        assert!(draws.iter().all(|factor| (0.1..=10.0).contains(factor)));
        for quarter in 0..4 {
            let [low, high] = [-1.0, -0.5].map(|end| end + 0.5 * f64::from(quarter));
            let count = draws.iter().filter(|f| (low..high).contains(&f.log10())).count();
            assert!((900..1100).contains(&count), "{count} of 4000 in quarter {quarter}");
        }
    }

    #[test]
    fn choices_are_drawn_equally_often() {
        let range = Range::Choices(vec![0.0, 1.0, 2.0]);
        let mut rng = stream(1, Purpose::Search, 0, 0);
        let mut counts = [0; 3];
        (0..3000).for_each(|_| counts[range.draw(&mut rng).unwrap() as usize] += 1);
        assert!(counts.iter().all(|count| (900..1100).contains(count)), "{counts:?}");
    }

    #[test]
    fn wrong_ranges_are_refused_with_a_reason() {
        let good = [FACTORS, Range::Choices(vec![1.0, 0.5])];
        for range in good {
            assert_eq!(range.validate("rate", Least::AboveZero), Ok(()));
        }
        let log = |low, high| Range::LogUniform { low, high };
        let wrong = [
            log(0.0, 1.0),
            log(-1.0, 1.0),
            log(1.0, 1.0),
            log(2.0, 1.0),
            log(f64::NAN, 1.0),
            log(1.0, f64::INFINITY),
            Range::Choices(vec![]),
            Range::Choices(vec![1.0, 1.0]),
            Range::Choices(vec![-1.0]),
            Range::Choices(vec![f64::NAN]),
            Range::Choices(vec![f64::INFINITY]),
        ];
        for range in wrong {
            assert!(range.validate("rate", Least::Zero).is_err(), "{range:?}");
        }
        let zero = Range::Choices(vec![0.0]);
        assert_eq!(zero.validate("decay", Least::Zero), Ok(()));
        assert_eq!(
            zero.validate("rate", Least::AboveZero).unwrap_err().to_string(),
            "the rate must be one or more different numbers above 0, not [0.0]"
        );
    }
}
