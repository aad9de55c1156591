//! Why an option's value is refused.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use super::range::Range;
use super::table::{OPTIONS, TrainOption};
use super::value::Kind;

/// A key, or a choice, of the table. The alias keeps serde from borrowing it from its input.
pub type Key = &'static str;

/// An option has a value it may not have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Error)]
#[error("the option `{key}` {problem}")]
pub struct OptionError {
    /// The option's key, such as `label_smoothing`.
    #[serde(deserialize_with = "key")]
    pub key: Key,
    pub problem: Problem,
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Error)]
pub enum Problem {
    #[error("must be a number such as 0.5, not `{0}`")]
    NotANumber(String),
    #[error("must be a whole number such as 8, not `{0}`")]
    NotAWholeNumber(String),
    #[error("must be `true` or `false`, not `{0}`")]
    NotASwitch(String),
    #[error("must be one of {}, not `{found}`", allowed.join(", "))]
    NotAChoice {
        found: String,
        #[serde(deserialize_with = "choices")]
        allowed: Vec<Key>,
    },
    #[error("must be {}, or numbers such as 1,0.5, not `{found}`", words.join(" or "))]
    NotWeights {
        found: String,
        #[serde(deserialize_with = "choices")]
        words: Vec<Key>,
    },
    #[error("must be {range}, not {found}")]
    OutOfRange { found: f64, range: Range },
    #[error("must be 2 or more: batch norm cannot normalize a single image")]
    SingleImage,
    #[error("must be at most the number of epochs, {epochs}, not {found}")]
    LongerThanRun { found: f64, epochs: u32 },
    #[error("must not make the minimum {found} greater than the maximum {max}")]
    AboveMaximum {
        found: f64,
        max: f64,
        #[serde(deserialize_with = "key")]
        max_key: Key,
    },
    #[error("must be {expected} numbers of 0 or more with a comma between them, not all of them 0")]
    Weights { expected: usize },
    #[error("cannot be combined with `{other}`; turn one of them off")]
    Excludes {
        #[serde(deserialize_with = "key")]
        other: Key,
    },
    #[error("needs images in classes, as it takes the mean features of each class")]
    NeedsClasses,
}

/// Reads the key of an option.
fn key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    let key = String::deserialize(deserializer)?;
    let option = TrainOption::find(&key);
    option.map(|option| option.key).ok_or_else(|| D::Error::custom(format!("no option `{key}`")))
}

/// Reads choices of an option.
fn choices<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<&'static str>, D::Error> {
    let found = Vec::<String>::deserialize(deserializer)?;
    let known = OPTIONS.iter().flat_map(|option| match option.kind {
        Kind::Choice(words) | Kind::Weights(words) => words,
        _ => &[],
    });
    Ok(known.copied().filter(|word| found.iter().any(|found| found == word)).collect())
}
