//! What a table says of the pictures.
//!
//! - [`words`]: what became of a column. `described`: what the worker has said of the table.

pub mod words;

#[cfg(feature = "page")]
mod column;
#[cfg(feature = "page")]
mod described;
#[cfg(feature = "page")]
mod panel;

#[cfg(feature = "page")]
pub use described::Described;
#[cfg(feature = "page")]
pub use panel::Table;
