//! Errors of option values.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

use super::range::{Range, plain};

/// The value of an option is invalid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub struct OptionError {
    /// The option's key, such as `label_smoothing`.
    pub key: Cow<'static, str>,
    pub problem: Problem,
}

/// Why a value is invalid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum Problem {
    NotANumber(String),
    NotAWholeNumber(String),
    NotASwitch(String),
    NotAChoice {
        found: String,
        allowed: Vec<Cow<'static, str>>,
    },
    /// Neither one of the words nor a list of weights.
    NotWeights {
        found: String,
        words: Vec<Cow<'static, str>>,
    },
    OutOfRange {
        found: f64,
        range: Range,
    },
    /// A batch of one image, with batch norm that uses batch statistics.
    SingleImage,
    /// A warmup of `found` epochs in a run of `epochs`.
    LongerThanRun {
        found: f64,
        epochs: u32,
    },
    /// The minimum `found` is greater than the maximum, which is the option `max_key`.
    AboveMaximum {
        found: f64,
        max: f64,
        max_key: Cow<'static, str>,
    },
    /// Not `expected` weights that are finite, at least 0, and not all 0.
    Weights {
        expected: usize,
    },
    /// The option `other` cannot be used at the same time.
    Excludes {
        other: Cow<'static, str>,
    },
    /// The strategy needs a classification as the only task.
    NeedsClasses,
    /// Class weights in numbers, but the first column is not the only one with classes.
    SeveralClassColumns,
}

impl Localize for OptionError {
    fn localize(&self, texts: Texts) -> String {
        texts.error_option_invalid(label(texts, &self.key), &self.problem.localize(texts))
    }
}

impl Localize for Problem {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::NotANumber(found) => texts.error_option_not_a_number(found),
            Self::NotAWholeNumber(found) => texts.error_option_not_a_whole_number(found),
            Self::NotASwitch(found) => texts.error_option_not_a_switch(found),
            Self::NotAChoice { found, allowed } => {
                texts.error_option_not_a_choice(found, &texts.any_of(allowed))
            }
            Self::NotWeights { found, words } => {
                texts.error_option_not_weights(found, &texts.any_of(words))
            }
            Self::OutOfRange { found, range } => out_of_range(texts, *found, *range),
            Self::SingleImage => texts.error_option_single_image().to_owned(),
            Self::LongerThanRun { found, epochs } => {
                texts.error_option_longer_than_run(*epochs, &plain(*found))
            }
            Self::AboveMaximum { found, max, max_key } => texts.error_option_above_maximum(
                &plain(*found),
                label(texts, max_key),
                &plain(*max),
            ),
            Self::Weights { expected } => texts.error_option_weights(*expected),
            Self::Excludes { other } => texts.error_option_excludes(label(texts, other)),
            Self::NeedsClasses => texts.error_option_needs_classes().to_owned(),
            Self::SeveralClassColumns => texts.error_option_several_class_columns().to_owned(),
        }
    }
}

display_in_english!(OptionError, Problem);

/// The label of an option.
fn label(texts: Texts, key: &str) -> &str {
    texts.label_of_option(key)
}

fn out_of_range(texts: Texts, found: f64, range: Range) -> String {
    let (found, min, max) = (plain(found), plain(range.min), plain(range.max));
    match (range.excludes_min, range.max.is_infinite(), range.excludes_max) {
        (true, true, _) => texts.error_option_not_above(&found, &min),
        (false, true, _) => texts.error_option_below(&found, &min),
        (false, false, false) => texts.error_option_not_from_to(&found, &min, &max),
        (true, false, false) => texts.error_option_not_above_to(&found, &min, &max),
        (false, false, true) => texts.error_option_not_from_below(&found, &min, &max),
        (true, false, true) => texts.error_option_not_between(&found, &min, &max),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_what_is_wrong_and_what_to_enter() {
        let error = |problem| OptionError { key: "epochs".into(), problem }.to_string();
        assert_eq!(
            error(Problem::NotAWholeNumber("three".into())),
            "“Epochs” is invalid: “three” is not a whole number. Enter one such as 8."
        );
        let of = |range| Problem::OutOfRange { found: 7.5, range }.to_string();
        for (range, text) in [
            (Range::from(8.0), "7.5 is too small. Enter 8 or more."),
            (Range::above(8.0), "7.5 is too small. Enter a number above 8."),
            (Range::from(0.0).to(1.0), "7.5 is out of range. Enter a number from 0 to 1."),
            (
                Range::above(0.0).to(1.0),
                "7.5 is out of range. Enter a number above 0 and at most 1.",
            ),
            (Range::from(0.0).below(1.0), "7.5 is out of range. Enter a number from 0 to below 1."),
            (Range::above(0.0).below(1.0), "7.5 is out of range. Enter a number between 0 and 1."),
        ] {
            assert_eq!(of(range), text);
        }
    }
}
