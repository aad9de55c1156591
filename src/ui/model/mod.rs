//! Step 2: the pretrained network.
//!
//! [`facts`]: what is known of it, in words. [`choices`]: which others there are.

pub mod choices;
pub mod facts;

#[cfg(feature = "page")]
mod loaded;
#[cfg(feature = "page")]
mod loading;
#[cfg(feature = "page")]
mod others;
#[cfg(feature = "page")]
mod schematic;
#[cfg(feature = "page")]
mod step;

#[cfg(feature = "page")]
pub use step::ModelStep;
