//! The built-in sample dataset: drawn pictures of eight kinds of figure, made on the spot.
//!
//! Colours, backgrounds, sizes, positions and rotations are drawn alike for every class, so only
//! shape and texture tell the classes apart. The pictures are drawn from signed distances
//! (positive outside, in px), which give smooth edges without oversampling.

mod figure;
mod paint;

use std::sync::Arc;

pub use figure::Figure;

use crate::data::dataset::{Dataset, Example};
use crate::data::image::RgbImage;
use crate::data::picture::Picture;
use crate::data::transform::Preprocessing;
use tunelab_core::rng::{Purpose, stream};

/// The side of a sample picture in px.
pub const SIDE: u32 = 96;

/// Pictures of each class to learn from, where nothing else is asked for.
pub const TRAIN_PER_CLASS: usize = 60;

/// Pictures of each class to validate on, where nothing else is asked for.
pub const VALIDATION_PER_CLASS: usize = 20;

/// Validation pictures are numbered from here, so that they never equal a training picture and do
/// not change with the number of those.
pub const FIRST_VALIDATION: u64 = 1 << 32;

/// Draws picture number `index` of a class: [`SIDE`] x [`SIDE`] px, the same for the same
/// arguments (on another platform to a grey level: its sines may differ in the last bit).
pub fn draw(figure: Figure, index: u64, seed: u64) -> RgbImage {
    let mut rng = stream(seed, Purpose::Sample, figure as u64, index);
    paint::paint(figure, SIDE, &mut rng)
}

/// Training and validation parts with `per_class_train` and `per_class_val` pictures of each
/// [`Figure`].
pub fn sample_dataset(
    per_class_train: usize,
    per_class_val: usize,
    seed: u64,
    preprocessing: &Preprocessing,
) -> (Dataset, Dataset) {
    let part = |name: &str, per_class: usize, first: u64, keep_source: bool| {
        let mut examples = Vec::with_capacity(per_class * Figure::ALL.len());
        for (label, figure) in Figure::ALL.into_iter().enumerate() {
            for number in 0..per_class {
                let image = draw(figure, first + number as u64, seed);
                examples.push(Example::of_class(
                    format!("{name}/{}/{number}", figure.name()),
                    label,
                    Arc::new(Picture::new(image, preprocessing, keep_source)),
                ));
            }
        }
        let classes = Figure::ALL.iter().map(|figure| figure.name().to_owned()).collect();
        Dataset { examples, ..Dataset::of_classes(classes) }
    };
    (part("train", per_class_train, 0, true), part("val", per_class_val, FIRST_VALIDATION, false))
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
    fn the_same_seed_draws_the_same_and_parts_do_not_overlap() {
        let preprocessing = Preprocessing::default();
        let (train, val) = sample_dataset(3, 2, 1, &preprocessing);
        assert_eq!(train.class_counts(), [3; 8]);
        assert_eq!(val.class_counts(), [2; 8]);
        assert_eq!(train.validate_for_training(), Ok(()));
        let pixels = |dataset: &Dataset| -> Vec<Vec<u8>> {
            let prepared = dataset.examples.iter().map(|e| e.picture.prepared().pixels().to_vec());
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
        assert_eq!(all.len(), count, "all pictures differ");
    }

    /// A classifier by nearest mean colour must stay near chance, 12.5 %.
    #[test]
    fn mean_colour_does_not_give_the_class_away() {
        let (train, val) = sample_dataset(60, 40, 5, &Preprocessing::default());
        let mut centres = [[0.0; 3]; 8];
        for example in &train.examples {
            let color = mean_color(&example.picture.prepared());
            for (centre, value) in centres[example.class().unwrap()].iter_mut().zip(color) {
                *centre += value / 60.0;
            }
        }
        let distance = |a: &[f64; 3], b: &[f64; 3]| -> f64 {
            a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
        };
        let correct = val.examples.iter().filter(|example| {
            let color = mean_color(&example.picture.prepared());
            let nearest = (0..8).min_by(|&a, &b| {
                distance(&centres[a], &color).total_cmp(&distance(&centres[b], &color))
            });
            nearest == example.class()
        });
        let accuracy = correct.count() as f64 / val.len() as f64;
        assert!(accuracy < 0.3, "mean colour alone gives {accuracy}");
    }

    #[test]
    fn every_figure_stands_out_from_its_background() {
        for figure in Figure::ALL {
            for index in 0..20 {
                let image = draw(figure, index, 3);
                let luma = |pixel: &[u8]| pixel.iter().map(|c| u32::from(*c)).sum::<u32>() / 3;
                let levels = || image.pixels().chunks_exact(3).map(luma);
                let spread = levels().max().unwrap() - levels().min().unwrap();
                assert!(spread > 30, "{figure:?} {index} spans {spread} levels");
            }
        }
    }
}
