//! In which order and in which batches an epoch goes through the training images.

use std::ops::Range;

use rand::seq::SliceRandom;

use crate::rng::{self, Purpose};

/// The order of `examples` images in epoch `epoch` (counted from 0) of a run with this seed.
pub fn shuffled(examples: usize, seed: u64, epoch: u32) -> Vec<usize> {
    let mut order: Vec<usize> = (0..examples).collect();
    order.shuffle(&mut rng::stream(seed, Purpose::Shuffle, u64::from(epoch), 0));
    order
}

/// How an epoch is cut into batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batches {
    pub examples: usize,
    pub batch_size: usize,
    /// A shorter last batch than this is left out, unless it is the only one: a single image has no
    /// statistics to normalize with. The shuffle leaves out another one next time.
    pub smallest: usize,
}

impl Batches {
    /// The number of batches of an epoch; at least 1.
    pub fn count(&self) -> u64 {
        let whole = self.examples / self.batch_size;
        let rest = self.examples % self.batch_size;
        let counts = whole + usize::from(rest >= self.smallest.max(1));
        counts.max(1) as u64
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
        let batches = |examples, smallest| Batches { examples, batch_size: 4, smallest };
        let sizes = |batches: Batches| -> Vec<usize> {
            (0..batches.count()).map(|index| batches.range(index).len()).collect()
        };
        assert_eq!(sizes(batches(10, 2)), [4, 4, 2]);
        assert_eq!(sizes(batches(9, 2)), [4, 4]);
        assert_eq!(sizes(batches(9, 1)), [4, 4, 1]);
        assert_eq!(sizes(batches(1, 2)), [1]);
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
