#![doc = include_str!("../README.md")]

mod count;
mod format;
mod language;
mod localize;
mod texts;

pub use count::Count;
pub use language::{Language, UnknownLanguage};
pub use localize::Localize;
pub use texts::Texts;
