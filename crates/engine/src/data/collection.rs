//! The images that the user collects before they become a dataset: in classes, or described by a table.
//!
//! - [`ImageCollection`]: all of them. [`ImageEntry`]: one of them. [`RemovalHistory`]: what was removed.

mod entry;
mod history;
mod images;

#[cfg(test)]
mod tests;

pub use entry::{
    DataSplit, ImageEntry, ImageSource, LabelledFile, THUMBNAIL_SIDE, thumbnail, to_rgba,
};
pub use history::RemovalHistory;
pub use images::ImageCollection;
