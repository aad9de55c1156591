//! Step 4: trying the trained network, and seeing what it gets wrong (`ui/advanced/results`).

pub mod camera_words;
pub mod ranking;

#[cfg(feature = "page")]
mod bars;
#[cfg(feature = "page")]
mod camera;
#[cfg(feature = "page")]
mod choose;
#[cfg(feature = "page")]
mod download;
#[cfg(feature = "page")]
mod small_copy;
#[cfg(feature = "page")]
mod step;
#[cfg(feature = "page")]
mod trial;

#[cfg(feature = "page")]
pub use step::TryStep;
