//! Image files that were read: their pixels, and what is known of each file.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use tunelab_core::data::image_file::ImageFileInfo;

use super::decode::{DecodeError, Decoded, decode_file};
use super::image::RgbImage;
use super::picture::Picture;

/// Decodes a picture file.
///
/// # Errors
/// As [`decode_file`].
pub fn read_picture_file(bytes: &[u8]) -> Result<(RgbImage, ImageFileInfo), DecodeError> {
    let Decoded { image, is_cut } = decode_file(bytes)?;
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    Ok((image, ImageFileInfo { is_cut, digest: hasher.finish() }))
}

/// What came of reading some files, by their indices.
#[derive(Debug, Default)]
pub struct ReadFiles {
    pictures: BTreeMap<usize, Arc<Picture>>,
    /// Of each file that was to be read, what should be known of it or why it could not be read.
    pub facts: BTreeMap<usize, Result<ImageFileInfo, String>>,
}

impl ReadFiles {
    /// Notes what came of reading a file.
    pub fn insert(&mut self, index: usize, read: Result<(Picture, ImageFileInfo), String>) {
        let facts = read.map(|(picture, facts)| {
            self.pictures.insert(index, Arc::new(picture));
            facts
        });
        self.facts.insert(index, facts);
    }

    /// The picture of a file that could be read; each can be taken once.
    pub fn take(&mut self, index: usize) -> Option<Arc<Picture>> {
        self.pictures.remove(&index)
    }
}
