//! One image of a collection, and its thumbnail.

use std::sync::Arc;

use tunelab_core::data::task::Target;
use tunelab_core::protocol::ImageId;

use crate::data::cached_image::CachedImage;
use crate::data::image::RgbImage;
use crate::data::resize::{CropBox, Filter, resize_crop};
use crate::data::transform::Preprocessing;

/// The side of a thumbnail, in px: sharp on a screen with a pixel ratio of 2.
pub const THUMBNAIL_SIDE: u32 = 96;

/// The original of an image, from which it can be preprocessed again. `F` is a handle to a file.
#[derive(Debug, Clone)]
pub enum ImageSource<F> {
    /// A file, which is decoded again.
    File(F),
    /// Pixels that are small enough to be kept.
    Pixels(Arc<RgbImage>),
}

/// The split that an image belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataSplit {
    Train,
    Validation,
}

/// An image that a table describes.
#[derive(Debug, Clone)]
pub struct LabeledFile<F> {
    pub name: String,
    pub split: DataSplit,
    pub source: ImageSource<F>,
    /// Its values in the table, one per column.
    pub targets: Vec<Target>,
    /// The image for one preprocessing, if it was made already.
    pub cached: Option<Arc<CachedImage>>,
}

/// An image of a collection.
#[derive(Debug, Clone)]
pub struct ImageEntry<F> {
    pub id: ImageId,
    pub name: String,
    pub split: DataSplit,
    pub source: ImageSource<F>,
    /// Its values in a table, one per column.
    pub targets: Vec<Target>,
    /// The image for one preprocessing, if it was made already.
    pub cached: Option<Arc<CachedImage>>,
}

impl<F> ImageEntry<F> {
    /// Whether the image was made for this preprocessing.
    pub fn is_ready(&self, preprocessing: &Preprocessing) -> bool {
        self.cached.as_ref().is_some_and(|image| image.preprocessing() == preprocessing)
    }

    /// Its thumbnail, `[THUMBNAIL_SIDE, THUMBNAIL_SIDE, 4]` in RGBA.
    pub fn thumbnail(&self) -> Vec<u8> {
        match (&self.source, &self.cached) {
            (ImageSource::Pixels(image), _) => to_rgba(&shrink(image)),
            (ImageSource::File(_), Some(image)) => thumbnail(image),
            (ImageSource::File(_), None) => vec![0; 4 * (THUMBNAIL_SIDE * THUMBNAIL_SIDE) as usize],
        }
    }
}

/// The thumbnail of an image, `[THUMBNAIL_SIDE, THUMBNAIL_SIDE, 4]` in RGBA.
pub fn thumbnail(image: &CachedImage) -> Vec<u8> {
    to_rgba(&shrink(image.source().unwrap_or(&image.prepared())))
}

/// Resizes the center square of an image to a thumbnail.
fn shrink(image: &RgbImage) -> RgbImage {
    let side = f64::from(image.shorter_side());
    let crop = CropBox {
        left: (f64::from(image.width()) - side) / 2.0,
        top: (f64::from(image.height()) - side) / 2.0,
        width: side,
        height: side,
    };
    resize_crop(image, crop, THUMBNAIL_SIDE, THUMBNAIL_SIDE, Filter::Bilinear)
}

/// The pixels `[H, W, 4]` in RGBA, opaque.
pub fn to_rgba(image: &RgbImage) -> Vec<u8> {
    image.pixels().as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect()
}
