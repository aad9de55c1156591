//! The range of a number.

use std::fmt;

use serde::{Deserialize, Serialize};
use tunelab_l10n::Texts;

/// An interval of numbers; each bound is included or excluded.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Range {
    pub min: f64,
    pub max: f64,
    pub excludes_min: bool,
    pub excludes_max: bool,
}

impl Range {
    /// At least `min`, and finite.
    pub const fn from(min: f64) -> Self {
        Self { min, max: f64::INFINITY, excludes_min: false, excludes_max: true }
    }

    /// Above `min`, and finite.
    pub const fn above(min: f64) -> Self {
        Self { excludes_min: true, ..Self::from(min) }
    }

    /// The same range up to and including `max`.
    pub const fn to(self, max: f64) -> Self {
        Self { max, excludes_max: false, ..self }
    }

    /// The same range up to and excluding `max`.
    pub const fn below(self, max: f64) -> Self {
        Self { max, excludes_max: true, ..self }
    }

    /// Whether `value` is in the range; NaN is in none.
    pub fn contains(&self, value: f64) -> bool {
        let above = if self.excludes_min { value > self.min } else { value >= self.min };
        let below = if self.excludes_max { value < self.max } else { value <= self.max };
        above && below
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { min, max, excludes_min, excludes_max } = *self;
        match (excludes_min, excludes_max) {
            (true, true) if max.is_infinite() => write!(f, "above {min}"),
            (false, true) if max.is_infinite() => write!(f, "{min} or more"),
            (false, false) => write!(f, "from {min} to {max}"),
            (true, false) => write!(f, "above {min} and at most {max}"),
            (false, true) => write!(f, "at least {min} and below {max}"),
            (true, true) => write!(f, "above {min} and below {max}"),
        }
    }
}

/// Formats a number without rounding noise: with at most seven decimals, or with an exponent.
pub(super) fn plain(value: f64) -> String {
    if value == 0.0 || (1e-6..1e6).contains(&value.abs()) {
        let text = format!("{value:.7}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        format!("{value:e}")
    }
}

/// A number that was computed, as the text of an option: rounded to the digits in which [`Texts::rate`] shows it in
/// every language.
pub fn rounded(value: f64) -> String {
    Texts::ENGLISH.rate(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_included_unless_excluded() {
        let unit = Range::from(0.0).to(1.0);
        assert!(unit.contains(0.0) && unit.contains(1.0) && !unit.contains(1.1));
        assert!(!Range::from(0.0).below(1.0).contains(1.0));
        assert!(!Range::above(0.0).contains(0.0));
        assert!(!Range::from(0.0).contains(f64::INFINITY) && !unit.contains(f64::NAN));
    }

    #[test]
    fn ranges_are_displayed_in_words() {
        let shown = [
            (Range::from(1.0), "1 or more"),
            (Range::above(0.0), "above 0"),
            (Range::above(0.0).to(1.0), "above 0 and at most 1"),
            (Range::from(0.0).below(1.0), "at least 0 and below 1"),
            (Range::above(0.0).below(1.0), "above 0 and below 1"),
            (Range::from(0.01).to(0.9), "from 0.01 to 0.9"),
        ];
        for (range, text) in shown {
            assert_eq!(range.to_string(), text);
        }
    }
}
