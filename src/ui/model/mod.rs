//! Step 2: the pretrained network.
//!
//! [`facts`]: what is known of it, in words. [`choices`]: which others there are.

pub mod choices;
pub mod facts;

#[cfg(feature = "web")]
mod loaded;
#[cfg(feature = "web")]
mod loading;
#[cfg(feature = "web")]
mod others;
#[cfg(feature = "web")]
mod schematic;
#[cfg(feature = "web")]
mod step;

#[cfg(feature = "web")]
pub use step::ModelStep;
