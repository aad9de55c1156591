//! A small copy of the trained network: what it may be, how it learns, and what it is worth.
//!
//! - [`choices`]: what is chosen. [`ledger`]: how far it is, and what came of it.

pub mod choices;
pub mod ledger;

#[cfg(feature = "page")]
mod contest;
#[cfg(feature = "page")]
mod setup;
#[cfg(feature = "page")]
mod table;
#[cfg(feature = "page")]
mod view;

#[cfg(feature = "page")]
pub(super) use contest::Contest;
#[cfg(feature = "page")]
pub use view::Distill;
