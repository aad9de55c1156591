//! What not everybody needs: a program of its own, which the page loads when its user asks for a part of
//! it, so that all others need not wait for it.
//!
//! It shows panels in places of the page. It hears what the page tells and what the worker says, and has
//! the page pass on its commands ([`message`], `ui/link`).

pub mod answers;
pub mod distill;
pub mod message;
pub mod results;
pub mod search;
pub mod table;
pub mod ways;

#[cfg(feature = "page")]
mod augmentation;
#[cfg(feature = "page")]
mod bars;
#[cfg(feature = "page")]
mod check_field;
#[cfg(feature = "page")]
mod number_input;
#[cfg(feature = "page")]
mod options;
#[cfg(feature = "page")]
mod page;
#[cfg(feature = "page")]
mod panel;
#[cfg(feature = "page")]
mod problem;
#[cfg(feature = "page")]
mod rate_finder;
#[cfg(feature = "page")]
mod start;
#[cfg(feature = "page")]
mod words;

#[cfg(feature = "page")]
pub use start::{receive, start};
