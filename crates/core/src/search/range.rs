//! The search range of one option.

use std::borrow::Cow;

use rand::RngExt;
use rand::seq::IndexedRandom;
use serde::{Deserialize, Serialize};

use super::error::SearchError;
use crate::options::spec::SearchRange;
use crate::rng::StreamRng;

/// The values of an option to search, as text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Range {
    /// One of these values, all equally likely.
    Values(Vec<String>),
    /// A log-uniform number from `low` to `high`, both above 0: 0.1 to 1 is as likely as 1 to 10.
    Log { low: f64, high: f64 },
}

impl From<SearchRange> for Range {
    fn from(range: SearchRange) -> Self {
        match range {
            SearchRange::Values(values) => {
                Self::Values(values.iter().map(ToString::to_string).collect())
            }
            SearchRange::Log { low, high } | SearchRange::LogFactor { low, high } => {
                Self::Log { low, high }
            }
        }
    }
}

impl Range {
    /// The values of a grid: all values of a list, or `points` numbers from `low` to `high`, both included, with
    /// equal ratios between neighbors. A single point is the geometric mean.
    pub fn grid(&self, points: u8) -> Vec<String> {
        match self {
            Range::Values(values) => values.clone(),
            Range::Log { low, high } if points == 1 => {
                vec![log_interpolate(*low, *high, 0.5).to_string()]
            }
            Range::Log { low, high } => {
                let last = f64::from(points.saturating_sub(1));
                let at = |point| log_interpolate(*low, *high, f64::from(point) / last).to_string();
                (0..points).map(at).collect()
            }
        }
    }

    /// The number of values of [`Self::grid`].
    pub fn grid_size(&self, points: u8) -> usize {
        match self {
            Range::Values(values) => values.len(),
            Range::Log { .. } => usize::from(points),
        }
    }

    /// A random value; `None` if the list is empty.
    pub fn draw(&self, rng: &mut StreamRng) -> Option<String> {
        match self {
            Range::Values(values) => values.choose(rng).cloned(),
            Range::Log { low, high } => {
                Some(log_interpolate(*low, *high, rng.random()).to_string())
            }
        }
    }

    /// Every value of a list, or both bounds: if these are valid, all values are.
    pub fn extremes(&self) -> Vec<String> {
        self.grid(2)
    }

    /// Checks the values of the option with this key.
    ///
    /// # Errors
    /// The list is empty or has a value twice, or not 0 < `low` < `high` < ∞.
    pub fn validate(&self, option: &'static str) -> Result<(), SearchError> {
        let option = Cow::Borrowed(option);
        match self {
            Range::Values(values) if values.is_empty() => Err(SearchError::NoValues { option }),
            Range::Values(values) => {
                let mut numbered = values.iter().enumerate();
                match numbered.find(|(index, value)| values[..*index].contains(value)) {
                    Some((_, value)) => {
                        Err(SearchError::RepeatedValue { option, value: value.clone() })
                    }
                    None => Ok(()),
                }
            }
            Range::Log { low, high } if *low > 0.0 && low < high && high.is_finite() => Ok(()),
            Range::Log { low, high } => Err(SearchError::Bounds { option, low: *low, high: *high }),
        }
    }
}

/// Interpolates logarithmically from `low` (`t` = 0) to `high` (`t` = 1). Both bounds are exact, and rounding never
/// exceeds them.
fn log_interpolate(low: f64, high: f64, t: f64) -> f64 {
    if t == 0.0 {
        low
    } else if t == 1.0 {
        high
    } else {
        (low.ln() + t * (high.ln() - low.ln())).exp().max(low).min(high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

    const FACTORS: Range = Range::Log { low: 0.1, high: 10.0 };

    fn numbers(texts: Vec<String>) -> Vec<f64> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn a_grid_has_exact_bounds_and_equal_ratios() {
        let grid = numbers(FACTORS.grid(5));
        assert_eq!((grid[0], grid[4]), (0.1, 10.0));
        for pair in grid.windows(2) {
            assert!((pair[1] / pair[0] - 10f64.sqrt()).abs() < 1e-12, "{grid:?}");
        }
        assert_eq!(numbers(FACTORS.grid(2)), [0.1, 10.0]);
        assert!((numbers(FACTORS.grid(1))[0] - 1.0).abs() < 1e-12);
        assert_eq!(FACTORS.grid(255).len(), 255);
        assert!(FACTORS.grid(0).is_empty());
        assert_eq!(Range::Values(vec!["a".into(), "b".into()]).grid(7), ["a", "b"]);
    }

    #[test]
    fn draws_stay_in_range_and_are_uniform_in_the_logarithm() {
        let mut rng = stream(1, Purpose::Search, 0, 0);
        let draws = numbers((0..4000).map(|_| FACTORS.draw(&mut rng).unwrap()).collect());
        assert!(draws.iter().all(|factor| (0.1..=10.0).contains(factor)));
        for quarter in 0..4 {
            let [low, high] = [-1.0, -0.5].map(|end| end + 0.5 * f64::from(quarter));
            let count = draws.iter().filter(|f| (low..high).contains(&f.log10())).count();
            assert!((900..1100).contains(&count), "{count} of 4000 in quarter {quarter}");
        }
    }

    #[test]
    fn invalid_ranges_are_rejected() {
        assert_eq!(FACTORS.validate("learning_rate"), Ok(()));
        let log = |low, high| Range::Log { low, high };
        let wrong = [
            log(0.0, 1.0),
            log(-1.0, 1.0),
            log(1.0, 1.0),
            log(2.0, 1.0),
            log(f64::NAN, 1.0),
            log(1.0, f64::INFINITY),
            Range::Values(vec![]),
            Range::Values(vec!["1".into(), "1".into()]),
        ];
        for range in wrong {
            let error = range.validate("learning_rate").unwrap_err().to_string();
            assert!(error.contains("Learning rate"), "{error}");
        }
    }
}
