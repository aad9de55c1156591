//! Step 1: images in classes, or described by a table.
//!
//! - [`importer`] imports files from file choosers, drops ([`dropped_items`]) and the clipboard.
//! - [`sources`] are the ways to get images; [`class_list`], [`class_card`] and [`thumbnails`] show images in
//!   classes, [`table`] those of a table.

mod class_card;
mod class_list;
mod dropped_items;
mod importer;
mod sources;
mod step;
mod table;
mod thumbnails;

pub use step::ImagesStep;
