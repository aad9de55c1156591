//! What a dataset keeps of one picture: enough to prepare and augment it, bounded in memory.

use std::borrow::Cow;

use crate::data::augment::{apply, samples_source};
use crate::data::image::RgbImage;
use crate::data::resize::{CropBox, resize_crop};
use crate::data::transform::Preprocessing;
use tunelab_core::data::augmentation::AugmentationConfig;
use tunelab_core::rng::StreamRng;

/// A kept source's shorter side is at most this many times the input size: random crops of a
/// quarter of its area still have the pixels of the input.
const SOURCE_SCALE: u32 = 2;

/// The longest side of a kept source, in shorter sides.
const MAX_ASPECT: u32 = 4;

/// One picture under one [`Preprocessing`].
///
/// At an input size of S px it takes at most 48 S² bytes for the source and 3 S² for the prepared
/// picture (at 64 px: 204 KiB; a 4:3 photograph: 76 KiB).
#[derive(Debug, Clone)]
pub struct Picture {
    preprocessing: Preprocessing,
    kept: Kept,
}

#[derive(Debug, Clone)]
enum Kept {
    /// A small original, from which the prepared picture is made on demand.
    Source(RgbImage),
    /// Only what the network sees.
    Prepared(RgbImage),
    /// A shrunk source, and the prepared picture made from the original in one resize.
    Both { source: RgbImage, prepared: RgbImage },
}

impl Picture {
    /// Keeps what `preprocessing` needs of `image`.
    ///
    /// With `keep_source` (training) random crops can be sampled from [`Self::source`]. Without it
    /// (validation) only the prepared picture matters, and the smaller of it and the original is
    /// kept.
    pub fn new(image: RgbImage, preprocessing: &Preprocessing, keep_source: bool) -> Self {
        let size = preprocessing.size.get();
        let limit = SOURCE_SCALE * size;
        let small = image.shorter_side() <= limit && aspect_fits(&image);
        let kept = if !keep_source {
            if small && image.pixels().len() <= 3 * preprocessing.size.area() {
                Kept::Source(image)
            } else {
                Kept::Prepared(preprocessing.prepare(&image))
            }
        } else if small {
            Kept::Source(image)
        } else {
            Kept::Both {
                prepared: preprocessing.prepare(&image),
                source: shrink(&image, limit, preprocessing),
            }
        };
        Self { preprocessing: *preprocessing, kept }
    }

    /// The preprocessing this picture was kept for.
    pub fn preprocessing(&self) -> &Preprocessing {
        &self.preprocessing
    }

    /// What the network sees without augmentation: `size` x `size` px.
    pub fn prepared(&self) -> Cow<'_, RgbImage> {
        match &self.kept {
            Kept::Source(source) => Cow::Owned(self.preprocessing.prepare(source)),
            Kept::Prepared(prepared) | Kept::Both { prepared, .. } => Cow::Borrowed(prepared),
        }
    }

    /// The picture to sample random crops from; always there after `keep_source`.
    pub fn source(&self) -> Option<&RgbImage> {
        match &self.kept {
            Kept::Source(source) | Kept::Both { source, .. } => Some(source),
            Kept::Prepared(_) => None,
        }
    }

    /// Writes the normalized prepared picture to `out` ([3, size, size]).
    ///
    /// # Panics
    /// When `out` has another length.
    pub fn normalized_into(&self, out: &mut [f32]) {
        self.preprocessing.normalize_into(&self.prepared(), out);
    }

    /// Writes the augmented, normalized picture to `out` ([3, size, size]). Does only the resizing
    /// that `augmentation` needs; without a source it samples from the prepared picture.
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
        match &self.kept {
            Kept::Source(image) | Kept::Prepared(image) => image.pixels().len(),
            Kept::Both { source, prepared } => source.pixels().len() + prepared.pixels().len(),
        }
    }
}

fn aspect_fits(image: &RgbImage) -> bool {
    image.width().max(image.height()) <= image.shorter_side().saturating_mul(MAX_ASPECT)
}

/// The middle of `image` at an aspect ratio of at most [`MAX_ASPECT`], its shorter side shrunk to
/// `limit` px where it is longer.
fn shrink(image: &RgbImage, limit: u32, preprocessing: &Preprocessing) -> RgbImage {
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

    fn picture(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| [(x % 251) as u8, (y % 241) as u8, 9])
    }

    fn preprocessing() -> Preprocessing {
        Preprocessing::with_size(InputSize::new(64).unwrap())
    }

    #[test]
    fn small_sources_are_kept_as_they_are() {
        let image = picture(128, 300);
        let kept = Picture::new(image.clone(), &preprocessing(), true);
        assert_eq!(kept.source(), Some(&image));
        assert_eq!(*kept.prepared(), preprocessing().prepare(&image));
    }

    #[test]
    fn large_sources_are_shrunk_and_the_prepared_picture_stays_exact() {
        for fit in [Fit::Crop, Fit::Squash] {
            let preprocessing = Preprocessing { fit, ..preprocessing() };
            let image = picture(800, 600);
            let kept = Picture::new(image.clone(), &preprocessing, true);
            let source = kept.source().unwrap();
            assert_eq!((source.width(), source.height()), (171, 128));
            assert_eq!(*kept.prepared(), preprocessing.prepare(&image));
        }
    }

    #[test]
    fn memory_is_bounded_for_any_shape() {
        for (width, height) in [(4000, 3000), (9000, 300), (40, 20_000), (1, 5000), (130, 700)] {
            let image = picture(width, height);
            let kept = Picture::new(image.clone(), &preprocessing(), true);
            assert!(kept.pixel_bytes() <= 51 * 64 * 64, "{width}x{height}");
            let source = kept.source().unwrap();
            assert!(aspect_fits(source), "{width}x{height} became {source:?}");
            assert_eq!(*kept.prepared(), preprocessing().prepare(&image));
            assert!(Picture::new(image, &preprocessing(), false).pixel_bytes() <= 3 * 64 * 64);
        }
    }

    #[test]
    fn validation_keeps_the_smaller_of_prepared_and_original() {
        let image = picture(100, 100);
        let kept = Picture::new(image.clone(), &preprocessing(), false);
        assert!(kept.source().is_none());
        assert_eq!(*kept.prepared(), preprocessing().prepare(&image));
        let tiny = picture(32, 32);
        let kept = Picture::new(tiny.clone(), &preprocessing(), false);
        assert_eq!(kept.pixel_bytes(), 32 * 32 * 3);
        assert_eq!(*kept.prepared(), preprocessing().prepare(&tiny));
    }

    #[test]
    fn augmentation_through_a_picture_equals_augmentation_of_its_parts() {
        let preprocessing = preprocessing();
        let size = preprocessing.size;
        for keep_source in [true, false] {
            let kept = Picture::new(picture(500, 400), &preprocessing, keep_source);
            let prepared = kept.prepared().into_owned();
            let source = kept.source().unwrap_or(&prepared);
            for augmentation in [
                AugmentationConfig::none(),
                AugmentationConfig::light(size),
                AugmentationConfig::strong(),
            ] {
                let (mut a, mut b) = (vec![0.0; 3 * size.area()], vec![1.0; 3 * size.area()]);
                let rng = || stream(3, Purpose::Augment, 1, 4);
                kept.augmented_into(&augmentation, &mut rng(), &mut a);
                apply(&augmentation, source, &prepared, &preprocessing, &mut rng(), &mut b);
                assert_eq!(a, b);
            }
        }
    }
}
