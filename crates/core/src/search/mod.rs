//! Search for good hyperparameters: which trial runs next, and which was the best. A host asks
//! [`Search::next`], trains, and tells [`Search::report`].
//!
//! | question | file |
//! | --- | --- |
//! | Which values may a number have? | [`range`] |
//! | What is searched, and what is one candidate? | [`space`] |
//! | Which candidates are tried, and for how many epochs? | [`method`] |
//! | What came of a trial, and which is better? | [`trial`] |
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
pub use trial::{Outcome, Run, RunResult, Trial};
