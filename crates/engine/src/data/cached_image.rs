//! The cached pixels of an image: enough to preprocess and augment it, in bounded memory.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::data::augment::{apply, samples_source};
use crate::data::decode::{DecodedImage, decode_file};
use crate::data::image::RgbImage;
use crate::data::resize::{CropBox, resize_crop};
use crate::data::transform::Preprocessing;
use tunelab_core::data::augmentation::AugmentationConfig;
use tunelab_core::data::image_file::{DecodeError, ImageFileInfo};
use tunelab_core::data::skipped::{ReadResults, SkipReason};
use tunelab_core::rng::StreamRng;

/// Maximum shorter side of a source, as a multiple of the input size: random crops of a quarter of its area still have
/// as many pixels as the input.
const SOURCE_SCALE: u32 = 2;

/// Maximum aspect ratio of a source, longer side / shorter side.
const MAX_ASPECT: u32 = 4;

/// An image for one [`Preprocessing`].
///
/// At an input size of S px it takes at most 48 S² bytes for the source and 3 S² for the preprocessed image (at
/// 64 px: 204 KiB; a 4:3 photograph: 76 KiB).
#[derive(Debug, Clone)]
pub struct CachedImage {
    preprocessing: Preprocessing,
    pixels: CachedPixels,
}

#[derive(Debug, Clone)]
enum CachedPixels {
    /// A small original, which is preprocessed on demand.
    Source(RgbImage),
    /// Only the preprocessed image.
    Prepared(RgbImage),
    /// A downscaled source, and the preprocessed image, which was made from the original in one resize.
    Both { source: RgbImage, prepared: RgbImage },
}

impl CachedImage {
    /// Caches the pixels of `image` that `preprocessing` needs.
    ///
    /// With `keep_source` (training), random crops can be sampled from [`Self::source`]. Without it
    /// (validation), only the preprocessed image is needed, and the smaller of it and the original is cached.
    pub fn new(image: RgbImage, preprocessing: &Preprocessing, keep_source: bool) -> Self {
        let size = preprocessing.size.get();
        let limit = SOURCE_SCALE * size;
        let small = image.shorter_side() <= limit && aspect_fits(&image);
        let pixels = if !keep_source {
            if small && image.pixels().len() <= 3 * preprocessing.size.area() {
                CachedPixels::Source(image)
            } else {
                CachedPixels::Prepared(preprocessing.prepare(&image))
            }
        } else if small {
            CachedPixels::Source(image)
        } else {
            CachedPixels::Both {
                prepared: preprocessing.prepare(&image),
                source: downscale(&image, limit, preprocessing),
            }
        };
        Self { preprocessing: *preprocessing, pixels }
    }

    /// The source and the preprocessed image, those of them that are cached.
    pub fn images(&self) -> [Option<&RgbImage>; 2] {
        match &self.pixels {
            CachedPixels::Source(source) => [Some(source), None],
            CachedPixels::Prepared(prepared) => [None, Some(prepared)],
            CachedPixels::Both { source, prepared } => [Some(source), Some(prepared)],
        }
    }

    /// The image with these [`Self::images`]; `None` without any.
    pub fn from_images(
        images: [Option<RgbImage>; 2],
        preprocessing: &Preprocessing,
    ) -> Option<Self> {
        let pixels = match images {
            [Some(source), None] => CachedPixels::Source(source),
            [None, Some(prepared)] => CachedPixels::Prepared(prepared),
            [Some(source), Some(prepared)] => CachedPixels::Both { source, prepared },
            [None, None] => return None,
        };
        Some(Self { preprocessing: *preprocessing, pixels })
    }

    /// The preprocessing of the cached pixels.
    pub fn preprocessing(&self) -> &Preprocessing {
        &self.preprocessing
    }

    /// The preprocessed image: `size` x `size` px.
    pub fn prepared(&self) -> Cow<'_, RgbImage> {
        match &self.pixels {
            CachedPixels::Source(source) => Cow::Owned(self.preprocessing.prepare(source)),
            CachedPixels::Prepared(prepared) | CachedPixels::Both { prepared, .. } => {
                Cow::Borrowed(prepared)
            }
        }
    }

    /// The image to sample random crops from; always `Some` with `keep_source`.
    pub fn source(&self) -> Option<&RgbImage> {
        match &self.pixels {
            CachedPixels::Source(source) | CachedPixels::Both { source, .. } => Some(source),
            CachedPixels::Prepared(_) => None,
        }
    }

    /// Writes the preprocessed and normalized image to `out`, `[3, size, size]`.
    ///
    /// # Panics
    /// When `out` has another length.
    pub fn normalized_into(&self, out: &mut [f32]) {
        self.preprocessing.normalize_into(&self.prepared(), out);
    }

    /// Writes the augmented and normalized image to `out`, `[3, size, size]`. Does only the resizing that
    /// `augmentation` needs. Without a source it samples from the preprocessed image.
    ///
    /// # Panics
    /// When `out` has another length.
    pub fn augmented_into(
        &self,
        augmentation: &AugmentationConfig,
        rng: &mut StreamRng,
        out: &mut [f32],
    ) {
        let (source, prepared) = match self.source() {
            Some(source) if samples_source(augmentation) => (source, Cow::Borrowed(source)),
            Some(source) => (source, self.prepared()),
            None => {
                let prepared = self.prepared();
                return apply(augmentation, &prepared, &prepared, &self.preprocessing, rng, out);
            }
        };
        apply(augmentation, source, &prepared, &self.preprocessing, rng, out);
    }

    /// Bytes of pixels held in memory.
    pub fn pixel_bytes(&self) -> usize {
        match &self.pixels {
            CachedPixels::Source(image) | CachedPixels::Prepared(image) => image.pixels().len(),
            CachedPixels::Both { source, prepared } => {
                source.pixels().len() + prepared.pixels().len()
            }
        }
    }
}

/// Decodes an image file.
///
/// # Errors
/// As [`decode_file`].
pub fn read_image_file(bytes: &[u8]) -> Result<(RgbImage, ImageFileInfo), DecodeError> {
    let DecodedImage { image, is_incomplete } = decode_file(bytes)?;
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    Ok((image, ImageFileInfo { is_incomplete, digest: hasher.finish() }))
}

/// Images that were read from files, by the indices of the files.
#[derive(Debug, Default)]
pub struct LoadedImages {
    images: BTreeMap<usize, Arc<CachedImage>>,
    /// The outcome for each file.
    pub results: ReadResults,
}

impl LoadedImages {
    /// Adds the outcome of reading a file.
    pub fn insert(
        &mut self,
        index: usize,
        result: Result<(CachedImage, ImageFileInfo), SkipReason>,
    ) {
        let info = result.map(|(image, info)| {
            self.images.insert(index, Arc::new(image));
            info
        });
        self.results.insert(index, info);
    }

    /// Takes the image of a file that could be read.
    pub fn take(&mut self, index: usize) -> Option<Arc<CachedImage>> {
        self.images.remove(&index)
    }
}

fn aspect_fits(image: &RgbImage) -> bool {
    image.width().max(image.height()) <= image.shorter_side().saturating_mul(MAX_ASPECT)
}

/// The center of `image` at an aspect ratio of at most [`MAX_ASPECT`], with its shorter side downscaled to at
/// most `limit` px.
fn downscale(image: &RgbImage, limit: u32, preprocessing: &Preprocessing) -> RgbImage {
    let shorter = image.shorter_side();
    let longest = shorter.saturating_mul(MAX_ASPECT);
    let (width, height) = (image.width().min(longest), image.height().min(longest));
    let scale = f64::from(limit.min(shorter)) / f64::from(shorter);
    let crop = CropBox {
        left: f64::from((image.width() - width) / 2),
        top: f64::from((image.height() - height) / 2),
        width: f64::from(width),
        height: f64::from(height),
    };
    let scaled = |side: u32| (f64::from(side) * scale).round() as u32;
    resize_crop(image, crop, scaled(width), scaled(height), preprocessing.filter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::data::input::InputSize;
    use tunelab_core::options::values::Fit;
    use tunelab_core::rng::{Purpose, stream};

    fn test_image(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| [(x % 251) as u8, (y % 241) as u8, 9])
    }

    fn preprocessing() -> Preprocessing {
        Preprocessing::with_size(InputSize::new(64).unwrap())
    }

    #[test]
    fn small_sources_are_kept_unchanged() {
        let image = test_image(128, 300);
        let cached = CachedImage::new(image.clone(), &preprocessing(), true);
        assert_eq!(cached.source(), Some(&image));
        assert_eq!(*cached.prepared(), preprocessing().prepare(&image));
    }

    #[test]
    fn large_sources_are_downscaled_and_the_preprocessed_image_is_exact() {
        for fit in [Fit::Crop, Fit::Squash] {
            let preprocessing = Preprocessing { fit, ..preprocessing() };
            let image = test_image(800, 600);
            let cached = CachedImage::new(image.clone(), &preprocessing, true);
            let source = cached.source().unwrap();
            assert_eq!((source.width(), source.height()), (171, 128));
            assert_eq!(*cached.prepared(), preprocessing.prepare(&image));
        }
    }

    #[test]
    fn memory_is_bounded_for_any_shape() {
        for (width, height) in [(4000, 3000), (9000, 300), (40, 20_000), (1, 5000), (130, 700)] {
            let image = test_image(width, height);
            let cached = CachedImage::new(image.clone(), &preprocessing(), true);
            assert!(cached.pixel_bytes() <= 51 * 64 * 64, "{width}x{height}");
            let source = cached.source().unwrap();
            assert!(aspect_fits(source), "{width}x{height} became {source:?}");
            assert_eq!(*cached.prepared(), preprocessing().prepare(&image));
            assert!(CachedImage::new(image, &preprocessing(), false).pixel_bytes() <= 3 * 64 * 64);
        }
    }

    #[test]
    fn validation_keeps_the_smaller_of_preprocessed_and_original() {
        let image = test_image(100, 100);
        let cached = CachedImage::new(image.clone(), &preprocessing(), false);
        assert!(cached.source().is_none());
        assert_eq!(*cached.prepared(), preprocessing().prepare(&image));
        let tiny = test_image(32, 32);
        let cached = CachedImage::new(tiny.clone(), &preprocessing(), false);
        assert_eq!(cached.pixel_bytes(), 32 * 32 * 3);
        assert_eq!(*cached.prepared(), preprocessing().prepare(&tiny));
    }

    #[test]
    fn augmentation_of_a_cached_image_equals_augmentation_of_its_parts() {
        let preprocessing = preprocessing();
        let size = preprocessing.size;
        for keep_source in [true, false] {
            let cached = CachedImage::new(test_image(500, 400), &preprocessing, keep_source);
            let prepared = cached.prepared().into_owned();
            let source = cached.source().unwrap_or(&prepared);
            for augmentation in [
                AugmentationConfig::none(),
                AugmentationConfig::light(size),
                AugmentationConfig::strong(),
            ] {
                let (mut a, mut b) = (vec![0.0; 3 * size.area()], vec![1.0; 3 * size.area()]);
                let rng = || stream(3, Purpose::Augment, 1, 4);
                cached.augmented_into(&augmentation, &mut rng(), &mut a);
                apply(&augmentation, source, &prepared, &preprocessing, &mut rng(), &mut b);
                assert_eq!(a, b);
            }
        }
    }
}
