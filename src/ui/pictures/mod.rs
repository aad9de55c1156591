//! Step 1: pictures in classes.
//!
//! - [`advice`]: what the pictures lack. [`drop_plan`]: what files that were dropped become. [`words`]:
//!   counts and progress in words.
//! - `intake` does with files what the plan says; `entries` reads dropped folders.

pub mod advice;
pub mod drop_plan;
pub mod words;

#[cfg(feature = "web")]
mod class_card;
#[cfg(feature = "web")]
mod classes;
#[cfg(feature = "web")]
mod entries;
#[cfg(feature = "web")]
mod intake;
#[cfg(feature = "web")]
mod nearness;
#[cfg(feature = "web")]
mod news;
#[cfg(feature = "web")]
mod offered;
#[cfg(feature = "web")]
mod page_drop;
#[cfg(feature = "web")]
mod start;
#[cfg(feature = "web")]
mod step;
#[cfg(feature = "web")]
mod thumbnails;

#[cfg(feature = "web")]
pub use step::PicturesStep;
