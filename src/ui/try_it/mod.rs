//! Step 4: trying the trained network, and seeing what it gets wrong.

pub mod camera_words;
pub mod confusion;
pub mod ranking;

#[cfg(feature = "web")]
mod bars;
#[cfg(feature = "web")]
mod camera;
#[cfg(feature = "web")]
mod choose;
#[cfg(feature = "web")]
mod confusion_table;
#[cfg(feature = "web")]
mod download;
#[cfg(feature = "web")]
mod mistakes;
#[cfg(feature = "web")]
mod per_class;
#[cfg(feature = "web")]
mod step;
#[cfg(feature = "web")]
mod trial;

#[cfg(feature = "web")]
pub use step::TryStep;
