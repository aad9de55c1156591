//! Seeded randomness that does not depend on the order of execution.
//!
//! Every random decision of a run is drawn from a stream named by the run's seed, a [`Purpose`] and
//! two counters (for example epoch and example index). Nothing carries random state from one step to
//! the next, so a run that is paused, killed and resumed, or whose images are prepared in another
//! order or on several threads, makes exactly the same decisions.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// The generator behind every stream: ChaCha with 8 rounds, the same on every platform.
pub type StreamRng = ChaCha8Rng;

/// What a stream of random numbers is used for. Streams of different purposes are independent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Weights of a new head.
    HeadInit = 1,
    /// Splitting a dataset into training and validation parts.
    Split = 2,
    /// Order of the examples in an epoch.
    Shuffle = 3,
    /// Augmentation of one example in one epoch.
    Augment = 4,
    /// Pictures of the built-in sample dataset.
    Sample = 5,
    /// Candidates of a search.
    Search = 6,
    /// Which pictures of a batch are mixed, and how much.
    Mix = 7,
    /// Features dropped before the head.
    Dropout = 8,
    /// Weights of a network that starts from nothing.
    NetworkInit = 9,
}

/// The stream for `purpose` under `seed`, numbered by two counters such as epoch and example index.
pub fn stream(seed: u64, purpose: Purpose, major: u64, minor: u64) -> StreamRng {
    let mut key = [0u8; 32];
    for (slot, word) in key.chunks_exact_mut(8).zip([seed, purpose as u64, major, minor]) {
        slot.copy_from_slice(&word.to_le_bytes());
    }
    ChaCha8Rng::from_seed(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn a_stream_repeats_and_differs_from_its_neighbours() {
        let draw = |seed, purpose, major, minor| stream(seed, purpose, major, minor).next_u64();
        let first = draw(1, Purpose::Augment, 2, 3);
        assert_eq!(first, draw(1, Purpose::Augment, 2, 3));
        assert_ne!(first, draw(2, Purpose::Augment, 2, 3));
        assert_ne!(first, draw(1, Purpose::Shuffle, 2, 3));
        assert_ne!(first, draw(1, Purpose::Augment, 3, 2));
    }
}
