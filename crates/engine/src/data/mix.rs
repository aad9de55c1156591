//! MixUp and CutMix: mixes the images and targets of a batch.

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_distr::{Beta, Distribution};
use tunelab_core::data::augmentation::Mix;
use tunelab_core::rng::StreamRng;

/// Draws the mixture of a batch of `count` images of `side` x `side` px; `None` without mixing.
pub fn draw(mix: Mix, count: usize, side: usize, rng: &mut StreamRng) -> Option<Mixture> {
    let (alpha, cut) = match mix {
        Mix::None => return None,
        Mix::MixUp { alpha } => (alpha, false),
        Mix::CutMix { alpha } => (alpha, true),
    };
    let share = Beta::new(alpha, alpha).ok()?.sample(rng);
    let mut partners: Vec<usize> = (0..count).collect();
    partners.shuffle(rng);
    let patch = cut.then(|| Patch::draw(share, side, rng));
    let share = patch.map_or(share, |patch| 1.0 - patch.area() as f64 / (side * side) as f64);
    Some(Mixture { share, partners, patch })
}

/// The mixture of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    /// The mixing coefficient, lambda in the papers, 0 to 1: the weight of an image and its target. The partner has the
    /// rest.
    pub share: f64,
    /// The index of the partner of each image.
    pub partners: Vec<usize>,
    /// The rectangle of CutMix, which comes from the partner; `None` for MixUp.
    patch: Option<Patch>,
}

impl Mixture {
    /// Blends every image with its partner. The image has the weight `share`.
    pub fn blend(share: f64, partners: Vec<usize>) -> Self {
        Self { share, partners, patch: None }
    }

    /// Mixes images `[N, 3, side, side]`.
    ///
    /// # Panics
    /// When it was drawn for another number or size of images.
    pub fn mix_images(&self, pixels: &mut [f32], side: usize) {
        let Some(patch) = self.patch else {
            return self.mix_rows(pixels);
        };
        let unmixed = pixels.to_vec();
        let planes = 3;
        for (image, &partner) in self.partners.iter().enumerate() {
            for plane in 0..planes {
                for y in patch.top..patch.bottom {
                    let row = |image: usize| ((image * planes + plane) * side + y) * side;
                    let (to, from) = (row(image), row(partner));
                    pixels[to + patch.left..to + patch.right]
                        .copy_from_slice(&unmixed[from + patch.left..from + patch.right]);
                }
            }
        }
    }

    /// Blends the rows of a matrix with one row per image.
    ///
    /// # Panics
    /// When there are not as many rows as images.
    pub fn mix_rows(&self, values: &mut [f32]) {
        let width = values.len() / self.partners.len();
        let (own, other) = (self.share as f32, 1.0 - self.share as f32);
        let unmixed = values.to_vec();
        for (row, &partner) in self.partners.iter().enumerate() {
            let partner = &unmixed[partner * width..(partner + 1) * width];
            for (value, theirs) in values[row * width..(row + 1) * width].iter_mut().zip(partner) {
                *value = own * *value + other * theirs;
            }
        }
    }
}

/// A rectangle in an image, in px.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Patch {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

impl Patch {
    /// A square with about `1 - share` of the area at a random position, cropped at the edges of the image.
    fn draw(share: f64, side: usize, rng: &mut StreamRng) -> Self {
        let half = (1.0 - share).max(0.0).sqrt() * side as f64 / 2.0;
        let mut span = || {
            let middle = rng.random_range(0..side.max(1)) as f64;
            let end = |at: f64| at.clamp(0.0, side as f64) as usize;
            (end(middle - half), end(middle + half))
        };
        let ((left, right), (top, bottom)) = (span(), span());
        Self { left, right, top, bottom }
    }

    fn area(&self) -> usize {
        (self.right - self.left) * (self.bottom - self.top)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::rng::{Purpose, stream};

    fn rng(number: u64) -> StreamRng {
        stream(3, Purpose::Mix, number, 0)
    }

    #[test]
    fn mixup_blends_images_and_targets_alike() {
        let mixture = draw(Mix::MixUp { alpha: 1.0 }, 2, 1, &mut rng(0)).unwrap();
        let mixture = Mixture { partners: vec![1, 0], ..mixture };
        let share = mixture.share as f32;
        let mut pixels = vec![0.0, 0.0, 0.0, 1.0, 1.0, 1.0];
        mixture.mix_images(&mut pixels, 1);
        assert_eq!(pixels[0], 1.0 - share);
        assert_eq!(pixels[3], share);
        let mut targets = vec![1.0, 0.0, 0.0, 1.0];
        mixture.mix_rows(&mut targets);
        assert_eq!(targets, [share, 1.0 - share, 1.0 - share, share]);
    }

    #[test]
    fn cutmix_weights_targets_by_the_pasted_area() {
        let side = 16;
        let mut shares = Vec::new();
        for number in 0..200 {
            let mixture = draw(Mix::CutMix { alpha: 1.0 }, 2, side, &mut rng(number)).unwrap();
            let mixture = Mixture { partners: vec![1, 0], ..mixture };
            let length = 3 * side * side;
            let mut pixels = [vec![0.0; length], vec![1.0; length]].concat();
            mixture.mix_images(&mut pixels, side);
            let own = pixels[..length].iter().filter(|value| **value == 0.0).count();
            assert_eq!(own as f64 / length as f64, mixture.share);
            shares.push(mixture.share);
        }
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        // One half, and more where the edges crop the square.
        assert!((0.5..0.75).contains(&mean), "{mean}");
    }

    #[test]
    fn a_small_alpha_leaves_most_images_almost_unmixed() {
        let purity = |alpha: f64| {
            let share = |number| draw(Mix::MixUp { alpha }, 4, 8, &mut rng(number)).unwrap().share;
            (0..500).map(|number| share(number).max(1.0 - share(number))).sum::<f64>() / 500.0
        };
        // The mean of max(x, 1-x) for x from Beta(a, a): 0.75 for a = 1.
        assert!((purity(1.0) - 0.75).abs() < 0.02);
        assert!(purity(0.2) > 0.87, "{}", purity(0.2));
    }

    #[test]
    fn without_a_method_nothing_is_mixed() {
        assert_eq!(draw(Mix::None, 4, 8, &mut rng(0)), None);
    }
}
