//! The images of the user, in classes or with a label table, from which datasets are made.
//!
//! - [`ImageCollection`]: all images. [`ImageEntry`]: an image. [`RemovalHistory`]: removals that can be undone.

mod entry;
mod history;
mod images;

#[cfg(test)]
mod tests;

pub use entry::{
    DataSplit, ImageEntry, ImageSource, LabeledFile, THUMBNAIL_SIDE, thumbnail, to_rgba,
};
pub use history::RemovalHistory;
pub use images::ImageCollection;
