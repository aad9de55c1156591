//! What the trained network gets right and wrong, on the validation pictures.
//!
//! - [`confusion`]: what a confusion matrix says. [`scatter`]: where predicted numbers are. [`words`]:
//!   figures in words.
//! - `findings`: what the worker has said of the network; the other modules show it.

pub mod confusion;
pub mod scatter;
pub mod words;

#[cfg(feature = "page")]
mod confusion_table;
#[cfg(feature = "page")]
mod findings;
#[cfg(feature = "page")]
mod labels;
#[cfg(feature = "page")]
mod mistakes;
#[cfg(feature = "page")]
mod numbers;
#[cfg(feature = "page")]
mod panel;
#[cfg(feature = "page")]
mod per_class;
#[cfg(feature = "page")]
mod section;

#[cfg(feature = "page")]
pub use findings::Findings;
#[cfg(feature = "page")]
pub use panel::Results;
