//! The built-in sample dataset: generated images of eight classes of shapes.
//!
//! Colors, backgrounds, sizes, positions and rotations have the same distributions for every class, so that
//! only shape and texture distinguish the classes. The images are rendered from signed distances (in px,
//! positive outside), which give smooth edges without oversampling.

mod render;
mod shape;

use std::sync::Arc;

pub use shape::SampleClass;

use crate::data::cached_image::CachedImage;
use crate::data::dataset::{Dataset, Example};
use crate::data::image::RgbImage;
use crate::data::transform::Preprocessing;
use tunelab_core::rng::{Purpose, stream};

/// The side of an image in px.
pub const SIDE: u32 = 96;

/// Training images of each class by default.
pub const TRAIN_PER_CLASS: usize = 60;

/// Validation images of each class by default.
pub const VALIDATION_PER_CLASS: usize = 20;

/// The index of the first validation image. Validation images differ from all training images, and do not depend
/// on their number.
pub const FIRST_VALIDATION: u64 = 1 << 32;

/// Renders the image `index` of a class, [`SIDE`] x [`SIDE`] px. The same arguments give the same image (on another
/// platform to within one level, since sines may differ in the last bit).
pub fn render(class: SampleClass, index: u64, seed: u64) -> RgbImage {
    let mut rng = stream(seed, Purpose::Sample, class as u64, index);
    render::render(class, SIDE, &mut rng)
}

/// Training and validation splits with `per_class_train` and `per_class_val` images of each
/// [`SampleClass`].
pub fn sample_dataset(
    per_class_train: usize,
    per_class_val: usize,
    seed: u64,
    preprocessing: &Preprocessing,
) -> (Dataset, Dataset) {
    let split = |name: &str, per_class: usize, first: u64, keep_source: bool| {
        let mut examples = Vec::with_capacity(per_class * SampleClass::ALL.len());
        for (label, class) in SampleClass::ALL.into_iter().enumerate() {
            for number in 0..per_class {
                let image = render(class, first + number as u64, seed);
                examples.push(Example::of_class(
                    format!("{name}/{}/{number}", class.name()),
                    label,
                    Arc::new(CachedImage::new(image, preprocessing, keep_source)),
                ));
            }
        }
        let classes = SampleClass::ALL.iter().map(|class| class.name().to_owned()).collect();
        Dataset { examples, ..Dataset::of_classes(classes) }
    };
    (split("train", per_class_train, 0, true), split("val", per_class_val, FIRST_VALIDATION, false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::image::RgbImage;

    fn mean_color(image: &RgbImage) -> [f64; 3] {
        let mut sum = [0.0; 3];
        for pixel in image.pixels().chunks_exact(3) {
            for (s, level) in sum.iter_mut().zip(pixel) {
                *s += f64::from(*level);
            }
        }
        sum.map(|s| s / f64::from(image.width() * image.height()))
    }

    #[test]
    fn the_same_seed_gives_the_same_images_and_splits_do_not_overlap() {
        let preprocessing = Preprocessing::default();
        let (train, val) = sample_dataset(3, 2, 1, &preprocessing);
        assert_eq!(train.class_counts(), [3; 8]);
        assert_eq!(val.class_counts(), [2; 8]);
        assert_eq!(train.validate_for_training(), Ok(()));
        let pixels = |dataset: &Dataset| -> Vec<Vec<u8>> {
            let prepared = dataset.examples.iter().map(|e| e.image.prepared().pixels().to_vec());
            prepared.collect()
        };
        let (again, same_val) = sample_dataset(4, 2, 1, &preprocessing);
        assert_eq!(pixels(&again)[..3], pixels(&train)[..3]);
        assert_eq!(pixels(&same_val), pixels(&val));
        let mut all = [pixels(&train), pixels(&val)].concat();
        all.extend(pixels(&sample_dataset(3, 2, 2, &preprocessing).0));
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count, "all images differ");
    }

    /// The accuracy of the nearest mean color must stay near chance, 12.5%.
    #[test]
    fn the_mean_color_does_not_determine_the_class() {
        let (train, val) = sample_dataset(60, 40, 5, &Preprocessing::default());
        let mut centers = [[0.0; 3]; 8];
        for example in &train.examples {
            let color = mean_color(&example.image.prepared());
            for (center, value) in centers[example.class().unwrap()].iter_mut().zip(color) {
                *center += value / 60.0;
            }
        }
        let distance = |a: &[f64; 3], b: &[f64; 3]| -> f64 {
            a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
        };
        let correct = val.examples.iter().filter(|example| {
            let color = mean_color(&example.image.prepared());
            let nearest = (0..8).min_by(|&a, &b| {
                distance(&centers[a], &color).total_cmp(&distance(&centers[b], &color))
            });
            nearest == example.class()
        });
        let accuracy = correct.count() as f64 / val.len() as f64;
        assert!(accuracy < 0.3, "the mean color alone gives {accuracy}");
    }

    #[test]
    fn every_shape_contrasts_with_its_background() {
        for class in SampleClass::ALL {
            for index in 0..20 {
                let image = render(class, index, 3);
                let luma = |pixel: &[u8]| pixel.iter().map(|c| u32::from(*c)).sum::<u32>() / 3;
                let levels = || image.pixels().chunks_exact(3).map(luma);
                let spread = levels().max().unwrap() - levels().min().unwrap();
                assert!(spread > 30, "{class:?} {index} spans {spread} levels");
            }
        }
    }
}
