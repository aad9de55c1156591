//! What a network that does more than sort into classes says of a picture.

pub mod words;

#[cfg(feature = "page")]
mod panel;

#[cfg(feature = "page")]
pub use panel::Answers;
