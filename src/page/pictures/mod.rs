//! Step 1: pictures in classes.
//!
//! - [`advice`]: what the pictures lack. [`drop_plan`]: what files that were dropped become. [`words`]:
//!   counts and progress in words. [`table_text`]: what a table says of them.
//! - `intake` does with files what the plan says; `entries` reads dropped folders.

mod class_card;
mod classes;
mod entries;
mod intake;
mod nearness;
mod news;
mod page_drop;
mod start;
mod step;
mod table;
mod thumbnails;

pub use step::PicturesStep;
