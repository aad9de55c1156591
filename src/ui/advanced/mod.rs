//! Every option of the engine: a program of its own, which the page loads when its user asks for the
//! options, so that all others need not wait for it.
//!
//! It shows the page's form and tells the page what is chosen ([`message`]); it has no other state.

pub mod message;

#[cfg(feature = "page")]
mod augmentation;
#[cfg(feature = "page")]
mod check_field;
#[cfg(feature = "page")]
mod panel;
#[cfg(feature = "page")]
mod rate_finder;
#[cfg(feature = "page")]
mod start;
#[cfg(feature = "page")]
mod words;

#[cfg(feature = "page")]
pub use start::{receive, start};
