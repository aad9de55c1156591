//! The order and the batches of an epoch.

use std::ops::Range;

use rand::seq::SliceRandom;

use tunelab_core::rng;
use tunelab_core::rng::Purpose;

/// The order of `examples` images in epoch `epoch` (counted from 0) of a run with this seed.
pub fn shuffled(examples: usize, seed: u64, epoch: u32) -> Vec<usize> {
    let mut order: Vec<usize> = (0..examples).collect();
    order.shuffle(&mut rng::stream(seed, Purpose::Shuffle, u64::from(epoch), 0));
    order
}

/// Like [`shuffled`], but every class comes as often: the images of a small class come more than once,
/// and of a large one some do not come. `classes` has each image's class, below `count`.
pub fn balanced(classes: &[usize], count: usize, seed: u64, epoch: u32) -> Vec<usize> {
    let mut of_class = vec![Vec::new(); count];
    for index in shuffled(classes.len(), seed, epoch) {
        of_class[classes[index]].push(index);
    }
    of_class.retain(|images| !images.is_empty());
    let turns = 0..classes.len();
    let mut order: Vec<usize> = turns
        .map(|turn| {
            let images = &of_class[turn % of_class.len()];
            images[turn / of_class.len() % images.len()]
        })
        .collect();
    order.shuffle(&mut rng::stream(seed, Purpose::Shuffle, u64::from(epoch), 1));
    order
}

/// How an epoch is cut into batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchSampler {
    pub examples: usize,
    pub batch_size: usize,
    /// A shorter last batch than this is left out, unless it is the only one: a single image has no
    /// statistics to normalize with. The shuffle leaves out another one next time.
    pub smallest: usize,
}

impl BatchSampler {
    /// The number of batches of an epoch; at least 1.
    pub fn count(&self) -> u64 {
        let whole = self.examples / self.batch_size;
        let rest = self.examples % self.batch_size;
        let counts = whole + usize::from(rest >= self.smallest.max(1));
        counts.max(1) as u64
    }

    /// A batch of `images` images in `count` pieces as even as they can be; in fewer where they would
    /// be smaller than the smallest batch.
    pub fn pieces(&self, images: usize, count: usize) -> impl Iterator<Item = Range<usize>> {
        let count = count.min(images / self.smallest.max(1)).max(1);
        (0..count).map(move |piece| piece * images / count..(piece + 1) * images / count)
    }

    /// The places in the order that batch `index` takes.
    pub fn range(&self, index: u64) -> Range<usize> {
        let start = (index as usize * self.batch_size).min(self.examples);
        start..(start + self.batch_size).min(self.examples)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_image_is_seen_once_an_epoch_but_for_a_lone_last_one() {
        let batches = |examples, smallest| BatchSampler { examples, batch_size: 4, smallest };
        let sizes = |batches: BatchSampler| -> Vec<usize> {
            (0..batches.count()).map(|index| batches.range(index).len()).collect()
        };
        assert_eq!(sizes(batches(10, 2)), [4, 4, 2]);
        assert_eq!(sizes(batches(9, 2)), [4, 4]);
        assert_eq!(sizes(batches(9, 1)), [4, 4, 1]);
        assert_eq!(sizes(batches(1, 2)), [1]);
    }

    #[test]
    fn no_piece_of_a_batch_is_a_lone_image() {
        let pieces = |smallest, images, count| -> Vec<Range<usize>> {
            BatchSampler { examples: 100, batch_size: 50, smallest }.pieces(images, count).collect()
        };
        assert_eq!(pieces(2, 10, 1), vec![0..10; 1]);
        assert_eq!(pieces(2, 9, 4), [0..2, 2..4, 4..6, 6..9]);
        assert_eq!(pieces(2, 5, 4), [0..2, 2..5]);
        assert_eq!(pieces(1, 3, 4), [0..1, 1..2, 2..3]);
        assert_eq!(pieces(2, 1, 4), vec![0..1; 1]);
    }

    #[test]
    fn a_balanced_epoch_has_every_class_as_often() {
        let classes: Vec<usize> = (0..90).map(|image| usize::from(image >= 80)).collect();
        let order = balanced(&classes, 3, 1, 0);
        assert_eq!(order.len(), 90);
        assert_eq!(order.iter().filter(|image| classes[**image] == 1).count(), 45);
        // Each of the ten comes four or five times; none of the eighty comes twice.
        let times = |image: usize| order.iter().filter(|other| **other == image).count();
        assert!((80..90).all(|image| (4..=5).contains(&times(image))));
        assert!((0..80).all(|image| times(image) <= 1));
        assert_ne!(order, balanced(&classes, 3, 1, 1));
    }

    #[test]
    fn epochs_differ_and_repeat() {
        assert_eq!(shuffled(50, 1, 0), shuffled(50, 1, 0));
        assert_ne!(shuffled(50, 1, 0), shuffled(50, 1, 1));
        let mut all = shuffled(50, 1, 0);
        all.sort_unstable();
        assert_eq!(all, (0..50).collect::<Vec<_>>());
    }
}
