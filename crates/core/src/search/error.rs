//! Errors of a search.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

use crate::options::error::OptionError;

/// Maximum number of trials of a search.
pub const MAX_TRIALS: usize = 1000;

/// A search cannot start or continue. Options are identified by their keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum SearchError {
    /// A value is invalid for its option.
    Option(#[from] OptionError),
    /// No options are searched.
    NoOptions,
    UnknownOption {
        key: String,
    },
    /// An option has no values to try.
    NoValues {
        option: Cow<'static, str>,
    },
    RepeatedValue {
        option: Cow<'static, str>,
        value: String,
    },
    /// Not 0 < `low` < `high` < ∞.
    Bounds {
        option: Cow<'static, str>,
        low: f64,
        high: f64,
    },
    /// A full run has no epochs.
    NoEpochs,
    /// A grid has no points in logarithmic ranges.
    NoGridPoints,
    /// The number of trials is not in 1 to [`MAX_TRIALS`].
    TrialCount {
        found: u32,
    },
    /// The reduction factor of successive halving is not in 2 to 4.
    HalvingFactor {
        found: u32,
    },
    /// The shortest trial does not have 1 to `epochs` epochs.
    ShortestTrial {
        found: u32,
        epochs: u32,
    },
    /// A grid has more than [`MAX_TRIALS`] combinations.
    GridTooLarge {
        found: usize,
    },
    /// A result was reported for a run that is not the next one.
    UnexpectedReport {
        trial: usize,
        rung: usize,
    },
    /// A saved search is inconsistent.
    Unrestorable,
}

impl Localize for SearchError {
    fn localize(&self, texts: Texts) -> String {
        let label = |key| texts.label_of_option(key);
        match self {
            Self::Option(error) => error.localize(texts),
            Self::NoOptions => texts.error_search_no_options().into(),
            Self::UnknownOption { key } => texts.error_search_unknown_option(key),
            Self::NoValues { option } => texts.error_search_no_values(label(option)),
            Self::RepeatedValue { option, value } => {
                texts.error_search_repeated_value(value, label(option))
            }
            Self::Bounds { option, low, high } => {
                texts.error_search_bounds(label(option), &texts.number(*low), &texts.number(*high))
            }
            Self::NoEpochs => texts.error_search_no_epochs().into(),
            Self::NoGridPoints => texts.error_search_no_grid_points().into(),
            Self::TrialCount { found } => texts.error_search_trial_count(*found, MAX_TRIALS),
            Self::HalvingFactor { found } => texts.error_search_halving_factor(*found),
            Self::ShortestTrial { found, epochs } => {
                texts.error_search_shortest_trial(*epochs, *found)
            }
            Self::GridTooLarge { found } => texts.error_search_grid_too_large(*found, MAX_TRIALS),
            Self::UnexpectedReport { trial, rung } => {
                texts.error_search_unexpected_report(trial + 1, rung + 1)
            }
            Self::Unrestorable => texts.error_search_unrestorable().into(),
        }
    }
}

display_in_english!(SearchError);
