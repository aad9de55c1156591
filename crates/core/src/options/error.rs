//! Why an option's value is refused.

use thiserror::Error;

use super::range::Range;

/// An option has a value it may not have.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("the option `{key}` {problem}")]
pub struct OptionError {
    /// The option's key, such as `label_smoothing`.
    pub key: &'static str,
    pub problem: Problem,
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Problem {
    #[error("must be a number such as 0.5, not `{0}`")]
    NotANumber(String),
    #[error("must be a whole number such as 8, not `{0}`")]
    NotAWholeNumber(String),
    #[error("must be `true` or `false`, not `{0}`")]
    NotASwitch(String),
    #[error("must be one of {}, not `{found}`", allowed.join(", "))]
    NotAChoice { found: String, allowed: Vec<&'static str> },
    #[error("must be {}, or numbers such as 1,0.5, not `{found}`", words.join(" or "))]
    NotWeights { found: String, words: &'static [&'static str] },
    #[error("must be {range}, not {found}")]
    OutOfRange { found: f64, range: Range },
    #[error("must be 2 or more: batch norm cannot normalize a single image")]
    SingleImage,
    #[error("must be at most the number of epochs, {epochs}, not {found}")]
    LongerThanRun { found: f64, epochs: u32 },
    #[error("must not make the minimum {found} greater than the maximum {max}")]
    AboveMaximum { found: f64, max: f64, max_key: &'static str },
    #[error("must be {expected} numbers of 0 or more with a comma between them, not all of them 0")]
    Weights { expected: usize },
    #[error("cannot be combined with `{other}`; turn one of them off")]
    Excludes { other: &'static str },
    #[error("needs images in classes, as it takes the mean features of each class")]
    NeedsClasses,
}
