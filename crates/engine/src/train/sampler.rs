//! The order of the images in an epoch, and its batches.

use std::ops::Range;

use rand::seq::SliceRandom;

use tunelab_core::rng::{self, Purpose};

/// A random order of `examples` images for epoch `epoch`, counted from 0.
pub fn shuffled(examples: usize, seed: u64, epoch: u32) -> Vec<usize> {
    let mut order: Vec<usize> = (0..examples).collect();
    order.shuffle(&mut rng::stream(seed, Purpose::Shuffle, u64::from(epoch), 0));
    order
}

/// Class-balanced sampling: like [`shuffled`], but with every class equally often, which repeats images of small classes
/// and omits images of large ones. `classes` has each image's class, below `count`.
pub fn balanced(classes: &[usize], count: usize, seed: u64, epoch: u32) -> Vec<usize> {
    let mut of_class = vec![Vec::new(); count];
    for index in shuffled(classes.len(), seed, epoch) {
        of_class[classes[index]].push(index);
    }
    of_class.retain(|images| !images.is_empty());
    let mut order: Vec<usize> = (0..classes.len())
        .map(|position| {
            let images = &of_class[position % of_class.len()];
            images[position / of_class.len() % images.len()]
        })
        .collect();
    order.shuffle(&mut rng::stream(seed, Purpose::Shuffle, u64::from(epoch), 1));
    order
}

/// Splits an epoch into batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchSampler {
    pub examples: usize,
    pub batch_size: usize,
    /// Minimum size of a batch or microbatch: batch norm needs at least 2 images. A smaller last batch is dropped,
    /// unless it is the only one.
    pub min_size: usize,
}

impl BatchSampler {
    /// The number of batches of an epoch; at least 1.
    pub fn count(&self) -> u64 {
        let whole = self.examples / self.batch_size;
        let rest = self.examples % self.batch_size;
        let count = whole + usize::from(rest >= self.min_size.max(1));
        count.max(1) as u64
    }

    /// Splits a batch of `images` images into `count` microbatches of nearly equal size, or fewer if they would be
    /// smaller than the minimum.
    pub fn microbatches(&self, images: usize, count: usize) -> impl Iterator<Item = Range<usize>> {
        let count = count.min(images / self.min_size.max(1)).max(1);
        (0..count).map(move |index| index * images / count..(index + 1) * images / count)
    }

    /// Positions of batch `index` in the order of the epoch.
    pub fn range(&self, index: u64) -> Range<usize> {
        let start = (index as usize * self.batch_size).min(self.examples);
        start..(start + self.batch_size).min(self.examples)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_has_every_image_once_except_a_too_small_last_batch() {
        let batches = |examples, min_size| BatchSampler { examples, batch_size: 4, min_size };
        let sizes = |batches: BatchSampler| -> Vec<usize> {
            (0..batches.count()).map(|index| batches.range(index).len()).collect()
        };
        assert_eq!(sizes(batches(10, 2)), [4, 4, 2]);
        assert_eq!(sizes(batches(9, 2)), [4, 4]);
        assert_eq!(sizes(batches(9, 1)), [4, 4, 1]);
        assert_eq!(sizes(batches(1, 2)), [1]);
    }

    #[test]
    fn no_microbatch_is_smaller_than_the_minimum() {
        let microbatches = |min_size, images, count| -> Vec<Range<usize>> {
            let sampler = BatchSampler { examples: 100, batch_size: 50, min_size };
            sampler.microbatches(images, count).collect()
        };
        assert_eq!(microbatches(2, 10, 1), vec![0..10; 1]);
        assert_eq!(microbatches(2, 9, 4), [0..2, 2..4, 4..6, 6..9]);
        assert_eq!(microbatches(2, 5, 4), [0..2, 2..5]);
        assert_eq!(microbatches(1, 3, 4), [0..1, 1..2, 2..3]);
        assert_eq!(microbatches(2, 1, 4), vec![0..1; 1]);
    }

    #[test]
    fn a_balanced_epoch_has_all_classes_equally_often() {
        let classes: Vec<usize> = (0..90).map(|image| usize::from(image >= 80)).collect();
        let order = balanced(&classes, 3, 1, 0);
        assert_eq!(order.len(), 90);
        assert_eq!(order.iter().filter(|image| classes[**image] == 1).count(), 45);
        // Each of the ten occurs four or five times; none of the eighty occurs twice.
        let times = |image: usize| order.iter().filter(|other| **other == image).count();
        assert!((80..90).all(|image| (4..=5).contains(&times(image))));
        assert!((0..80).all(|image| times(image) <= 1));
        assert_ne!(order, balanced(&classes, 3, 1, 1));
    }

    #[test]
    fn shuffling_is_reproducible_and_differs_by_epoch() {
        assert_eq!(shuffled(50, 1, 0), shuffled(50, 1, 0));
        assert_ne!(shuffled(50, 1, 0), shuffled(50, 1, 1));
        let mut all = shuffled(50, 1, 0);
        all.sort_unstable();
        assert_eq!(all, (0..50).collect::<Vec<_>>());
    }
}
