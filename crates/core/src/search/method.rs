//! The search methods: which candidates are tried, and for how many epochs.

use serde::{Deserialize, Serialize};

use super::error::{MAX_TRIALS, SearchError};
use super::space::{Candidate, SearchSpace};

/// The default number of candidates of a random search or successive halving.
pub const DEFAULT_TRIALS: u32 = 12;

/// How candidates are chosen, and how long they are trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Grid search: every combination, with `points` (1 or more) values of each logarithmic range.
    Grid { points: u8 },
    /// Random search with `trials` (1 to [`MAX_TRIALS`]) candidates (Bergstra and Bengio, 2012).
    Random { trials: u32 },
    /// Successive halving of random candidates, in the order of ASHA (Li et al., 2018, "A system for massively
    /// parallel hyperparameter tuning", algorithm 2) with one worker.
    ///
    /// A trial is first trained for `min_epochs` (1 to the epochs of the search). If it is among the best
    /// 1/`eta` (2 to 4) of its rung, it is trained `eta` times as long, and so on up to the epochs of the
    /// search ([`Method::rungs`]).
    ///
    /// A promoted trial restarts from the pretrained network. No network needs to be stored for trials that may never
    /// continue, and each run completes its learning-rate schedule, which makes results comparable. Restarting costs a
    /// trial at most 1/(`eta` - 1) more epochs than continuing would.
    ///
    /// As in ASHA, a trial may be promoted before better ones are known. In random order there are few such promotions
    /// (about the square root of the rung's trials).
    Halving { trials: u32, eta: u32, min_epochs: u32 },
}

impl Method {
    /// Successive halving with a reduction factor of 3, starting at one epoch.
    pub fn halving(trials: u32) -> Self {
        Method::Halving { trials, eta: 3, min_epochs: 1 }
    }

    /// Checks the parameters for a search whose full runs have `epochs` epochs.
    ///
    /// # Errors
    /// A parameter is out of range.
    pub fn validate(&self, epochs: u32) -> Result<(), SearchError> {
        if epochs < 1 {
            return Err(SearchError::NoEpochs);
        }
        match *self {
            Method::Grid { points: 0 } => Err(SearchError::NoGridPoints),
            Method::Random { trials } | Method::Halving { trials, .. }
                if !(1..=MAX_TRIALS).contains(&(trials as usize)) =>
            {
                Err(SearchError::TrialCount { found: trials })
            }
            Method::Halving { eta, .. } if !(2..=4).contains(&eta) => {
                Err(SearchError::HalvingFactor { found: eta })
            }
            Method::Halving { min_epochs, .. } if !(1..=epochs).contains(&min_epochs) => {
                Err(SearchError::ShortestTrial { found: min_epochs, epochs })
            }
            _ => Ok(()),
        }
    }

    /// The rungs: the lengths of runs in epochs, ascending up to `epochs`. Successive halving begins with
    /// `min_epochs`, and each rung is `eta` times as long as the one below.
    ///
    /// The rungs below `epochs` have at most `epochs` / (`eta` - 1) epochs in total, which bounds the cost of
    /// restarting. If `min_epochs` is greater than that, there is only one rung.
    pub fn rungs(&self, epochs: u32) -> Vec<u32> {
        let mut rungs = Vec::new();
        if let Method::Halving { eta, min_epochs, .. } = *self {
            let (mut rung, mut total) = (min_epochs, min_epochs);
            let max_total = epochs / eta.saturating_sub(1).max(1);
            while rung < epochs && total <= max_total && rungs.len() < 32 {
                rungs.push(rung);
                rung = rung.saturating_mul(eta);
                total = total.saturating_add(rung);
            }
        }
        rungs.push(epochs);
        rungs
    }

    /// The reduction factor: one of this many trials is promoted; 1 without successive halving.
    pub(super) fn eta(&self) -> usize {
        match *self {
            Method::Halving { eta, .. } => eta as usize,
            Method::Grid { .. } | Method::Random { .. } => 1,
        }
    }

    /// The candidates, in the order in which they are tried.
    ///
    /// # Errors
    /// A grid has more than [`MAX_TRIALS`] combinations.
    pub(super) fn candidates(
        &self,
        space: &SearchSpace,
        seed: u64,
    ) -> Result<Vec<Candidate>, SearchError> {
        match *self {
            Method::Grid { points } => {
                let found = space.grid_size(points);
                if found > MAX_TRIALS {
                    return Err(SearchError::GridTooLarge { found });
                }
                Ok(space.grid(points))
            }
            Method::Random { trials } | Method::Halving { trials, .. } => {
                Ok(space.draw(trials as usize, seed))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn halving(eta: u32, min_epochs: u32) -> Method {
        Method::Halving { trials: 9, eta, min_epochs }
    }

    #[test]
    fn rungs_ascend_by_eta_up_to_all_epochs() {
        assert_eq!(halving(3, 1).rungs(27), [1, 3, 9, 27]);
        assert_eq!(halving(3, 1).rungs(8), [1, 3, 8]);
        assert_eq!(halving(3, 1).rungs(20), [1, 3, 20]);
        assert_eq!(halving(2, 2).rungs(16), [2, 4, 8, 16]);
        assert_eq!(halving(4, 1).rungs(16), [1, 4, 16]);
    }

    #[test]
    fn equally_long_trials_have_one_rung() {
        for epochs in [1, 5] {
            assert_eq!(Method::Grid { points: 2 }.rungs(epochs), [epochs]);
            assert_eq!(Method::Random { trials: 2 }.rungs(epochs), [epochs]);
            assert_eq!(halving(3, epochs).rungs(epochs), [epochs]);
        }
        assert_eq!(halving(2, 1).rungs(1), [1]);
    }

    #[test]
    fn parameters_out_of_range_are_rejected() {
        assert_eq!(Method::halving(30).validate(8), Ok(()));
        let wrong = [
            (Method::Grid { points: 0 }, SearchError::NoGridPoints),
            (Method::Random { trials: 0 }, SearchError::TrialCount { found: 0 }),
            (Method::halving(1001), SearchError::TrialCount { found: 1001 }),
            (halving(1, 1), SearchError::HalvingFactor { found: 1 }),
            (halving(5, 1), SearchError::HalvingFactor { found: 5 }),
            (halving(3, 0), SearchError::ShortestTrial { found: 0, epochs: 8 }),
            (halving(3, 9), SearchError::ShortestTrial { found: 9, epochs: 8 }),
        ];
        for (method, error) in wrong {
            assert_eq!(method.validate(8), Err(error));
        }
        assert_eq!(Method::halving(9).validate(0), Err(SearchError::NoEpochs));
    }

    #[test]
    fn a_grid_that_is_too_large_is_rejected_before_it_is_built() {
        let space = SearchSpace::default();
        assert_eq!(
            Method::Grid { points: 255 }.candidates(&space, 0),
            Err(SearchError::GridTooLarge { found: 255 * 255 * 16 })
        );
    }

    proptest! {
        #[test]
        fn rungs_ascend_within_the_bound_on_their_sum(
            eta in 2u32..=4, min_epochs in 1u32..50, more in 0u32..1000
        ) {
            let epochs = min_epochs + more;
            let rungs = halving(eta, min_epochs).rungs(epochs);
            prop_assert!(rungs.is_sorted_by(|a, b| a < b));
            let (last, below) = rungs.split_last().unwrap();
            prop_assert_eq!(*last, epochs);
            prop_assert!(below.iter().sum::<u32>() * (eta - 1) <= epochs);
            prop_assert!(below.windows(2).all(|pair| pair[1] == eta * pair[0]));
        }

        #[test]
        fn unchecked_parameters_have_few_rungs(eta: u32, min_epochs: u32, epochs: u32) {
            prop_assert!(halving(eta, min_epochs).rungs(epochs).len() <= 33);
        }
    }
}
