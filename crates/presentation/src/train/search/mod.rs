//! A search for good settings: how to search, how it goes, what came of it, and how that is used.
//!
//! - [`form`]: how to search. [`setting`]: what it is about, and the form of what it found.
//! - [`log`]: a search as it goes. [`workload`]: how long it takes. [`tries`]: what it has come to.
//!   [`words`]: all that in words.
//! - [`scale`], [`scatter`], [`parallel`]: the two drawings.
//!
//! The rest shows it: `panel`, with `context` for what its parts share.

pub mod form;
pub mod log;
pub mod parallel;
pub mod scale;
pub mod scatter;
pub mod setting;
pub mod tries;
pub mod words;
pub mod workload;
