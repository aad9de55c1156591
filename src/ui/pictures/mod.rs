//! Step 1: pictures in classes.
//!
//! - [`advice`]: what the pictures lack. [`drop_plan`]: what files that were dropped become. [`words`]:
//!   counts and progress in words.
//! - `intake` does with files what the plan says; `entries` reads dropped folders.

pub mod advice;
pub mod drop_plan;
pub mod words;

#[cfg(feature = "page")]
mod at_once;
#[cfg(feature = "page")]
mod class_card;
#[cfg(feature = "page")]
mod classes;
#[cfg(feature = "page")]
mod entries;
#[cfg(feature = "page")]
mod intake;
#[cfg(feature = "page")]
mod nearness;
#[cfg(feature = "page")]
mod news;
#[cfg(feature = "page")]
mod offered;
#[cfg(feature = "page")]
mod page_drop;
#[cfg(feature = "page")]
mod start;
#[cfg(feature = "page")]
mod step;
#[cfg(feature = "page")]
mod thumbnails;

#[cfg(feature = "page")]
pub use step::PicturesStep;
