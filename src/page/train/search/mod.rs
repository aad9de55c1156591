//! A search for good settings: how to search, how it goes, what came of it, and how that is used.
//!
//! - [`choices`]: how to search. [`setting`]: what it is about, and the form of what it found.
//! - [`log`]: a search as it goes. [`workload`]: how long it takes. [`tries`]: what it has come to.
//!   [`words`]: all that in words.
//! - [`scale`], [`scatter`], [`parallel`]: the two drawings.
//!
//! The rest shows it: `panel`, with `context` for what its parts share.

mod context;
mod fields;
mod panel;
mod parallel_view;
mod plots;
mod results;
mod scatter_view;

pub use panel::SearchPanel;
