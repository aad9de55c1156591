//! A search for good settings: how to search, how it goes, what came of it, and how that is used.
//!
//! - [`choices`]: how to search. [`setting`]: what it is about, and the form of what it found.
//! - [`log`]: a search as it goes. [`workload`]: how long it takes. [`tries`]: what it has come to.
//!   [`words`]: all that in words.
//! - [`scale`], [`scatter`], [`parallel`]: the two drawings.
//!
//! The rest shows it: `panel`, with `desk` for what its parts share.

pub mod choices;
pub mod log;
pub mod parallel;
pub mod scale;
pub mod scatter;
pub mod setting;
pub mod tries;
pub mod words;
pub mod workload;

#[cfg(feature = "page")]
mod desk;
#[cfg(feature = "page")]
mod fields;
#[cfg(feature = "page")]
mod lines;
#[cfg(feature = "page")]
mod marks;
#[cfg(feature = "page")]
mod panel;
#[cfg(feature = "page")]
mod plots;
#[cfg(feature = "page")]
mod results;

#[cfg(feature = "page")]
pub use panel::SearchPanel;
