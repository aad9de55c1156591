//! Hyperparameter search: which trial runs next, and which is the best. A program asks [`Search::next`] for a job,
//! trains, and calls [`Search::report`] with the result.
//!
//! | question | file |
//! | --- | --- |
//! | Which values of an option are tried? | [`range`] |
//! | What is searched, and what is a candidate? | [`space`] |
//! | Which candidates are tried, and for how many epochs? | [`method`] |
//! | What is the result of a trial, and which is better? | [`trial`] |
//! | What runs next, and when is the search over? | [`state`] |

pub mod error;
pub mod method;
pub mod range;
pub mod space;
pub mod state;
pub mod trial;

pub use error::SearchError;
pub use method::Method;
pub use range::Range;
pub use space::{Candidate, SearchSpace};
pub use state::{Job, Search};
pub use trial::{Outcome, Run, RunResult, Trial, TrialFailure};
