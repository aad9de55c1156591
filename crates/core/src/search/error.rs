//! What can be wrong with a search.

use thiserror::Error;

use super::method::MAX_TRIALS;
use crate::options::error::OptionError;

/// A search cannot begin, or cannot go on.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SearchError {
    #[error(transparent)]
    Option(OptionError),
    #[error("the {option} must be {allowed}, not {found}")]
    Setting { option: &'static str, allowed: String, found: String },
    #[error(
        "the grid has {found} combinations, and at most {MAX_TRIALS} are tried; take fewer points or choices, or search at random"
    )]
    GridTooLarge { found: usize },
    #[error(
        "trial {trial} is not to be run at rung {rung} now; ask the search what runs next, and report that"
    )]
    UnexpectedReport { trial: usize, rung: usize },
    #[error("the saved search contradicts itself, or is another version's; start a new one")]
    Unrestorable,
}

/// `Ok` where a choice `holds`; otherwise says what it may be.
pub(super) fn check(
    holds: bool,
    option: &'static str,
    allowed: impl Into<String>,
    found: impl ToString,
) -> Result<(), SearchError> {
    if holds {
        Ok(())
    } else {
        Err(SearchError::Setting { option, allowed: allowed.into(), found: found.to_string() })
    }
}
