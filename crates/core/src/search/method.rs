//! Which candidates a search tries, and how many epochs it gives them.

use serde::{Deserialize, Serialize};

use super::error::{SearchError, check};
use super::space::{Candidate, SearchSpace};

/// Trials that a search may have.
pub const MAX_TRIALS: usize = 1000;

/// How the candidates are chosen and how long they are trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Every combination, with `points` (1 or more) values of each logarithmic range.
    Grid { points: u8 },
    /// `trials` (1 to [`MAX_TRIALS`]) random candidates (Bergstra and Bengio, 2012).
    Random { trials: u32 },
    /// As random, but most trials are short: successive halving in the order of ASHA (Li et al.,
    /// 2018, "A system for massively parallel hyperparameter tuning", algorithm 2), with one worker.
    ///
    /// A trial is first trained for `min_epochs` (1 up to the search's epochs); where it is among the
    /// best 1/`eta` (2 to 4) of those trained as long, it is trained `eta` times as long, and so on
    /// up to the search's epochs ([`Method::rungs`]).
    ///
    /// A promoted trial starts anew. So no network has to be kept for trials that may never go on,
    /// and the learning rate falls to its end within the trial's own epochs, whose results can be
    /// compared; a network kept from a shorter trial has had that fall already. This costs a trial at
    /// most 1/(`eta` - 1) more epochs than it would need if it went on where it stopped.
    ///
    /// As in ASHA, a trial may be promoted before better ones have come; in a random order those are
    /// few (about the square root of the rung's trials).
    Halving { trials: u32, eta: u32, min_epochs: u32 },
}

impl Method {
    /// Successive halving by 3, the paper's usual choice, from one epoch on.
    pub fn halving(trials: u32) -> Self {
        Method::Halving { trials, eta: 3, min_epochs: 1 }
    }

    /// Checks the choices, for a search whose longest trials have `epochs` epochs.
    ///
    /// # Errors
    /// Says which choice is out of range, and what it may be.
    pub fn validate(&self, epochs: u32) -> Result<(), SearchError> {
        check(epochs >= 1, "epochs", "1 or more", epochs)?;
        if let Method::Grid { points } = *self {
            check(points >= 1, "grid points", "1 or more", points)?;
        }
        if let Method::Random { trials } | Method::Halving { trials, .. } = *self {
            let holds = (1..=MAX_TRIALS).contains(&(trials as usize));
            check(holds, "number of trials", format!("1 to {MAX_TRIALS}"), trials)?;
        }
        if let Method::Halving { eta, min_epochs, .. } = *self {
            check((2..=4).contains(&eta), "halving factor", "2, 3 or 4", eta)?;
            let holds = (1..=epochs).contains(&min_epochs);
            check(holds, "shortest trial", format!("1 to {epochs} epochs"), min_epochs)?;
        }
        Ok(())
    }

    /// The lengths of trials in epochs, rising, the last being `epochs`; `min_epochs`, then `eta` times
    /// as long, and so on for halving.
    ///
    /// Of the lengths below `epochs`, as many are used as together have at most
    /// `epochs` / (`eta` - 1): what starting anew costs. So a `min_epochs` of more than that leaves
    /// nothing to halve.
    pub fn rungs(&self, epochs: u32) -> Vec<u32> {
        let mut rungs = Vec::new();
        if let Method::Halving { eta, min_epochs, .. } = *self {
            let (mut rung, mut together) = (min_epochs, min_epochs);
            let most = epochs / eta.saturating_sub(1).max(1);
            while rung < epochs && together <= most && rungs.len() < 32 {
                rungs.push(rung);
                rung = rung.saturating_mul(eta);
                together = together.saturating_add(rung);
            }
        }
        rungs.push(epochs);
        rungs
    }

    /// One of how many is promoted; 1 where all trials are equally long.
    pub(super) fn eta(&self) -> usize {
        match *self {
            Method::Halving { eta, .. } => eta as usize,
            Method::Grid { .. } | Method::Random { .. } => 1,
        }
    }

    /// What is tried, in this order.
    ///
    /// # Errors
    /// When a grid has more than [`MAX_TRIALS`] combinations.
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
    fn rungs_rise_by_eta_up_to_all_epochs() {
        assert_eq!(halving(3, 1).rungs(27), [1, 3, 9, 27]);
        assert_eq!(halving(3, 1).rungs(8), [1, 3, 8]);
        assert_eq!(halving(3, 1).rungs(20), [1, 3, 20]);
        assert_eq!(halving(2, 2).rungs(16), [2, 4, 8, 16]);
        assert_eq!(halving(4, 1).rungs(16), [1, 4, 16]);
    }

    #[test]
    fn where_nothing_can_be_halved_there_is_one_rung() {
        for epochs in [1, 5] {
            assert_eq!(Method::Grid { points: 2 }.rungs(epochs), [epochs]);
            assert_eq!(Method::Random { trials: 2 }.rungs(epochs), [epochs]);
            assert_eq!(halving(3, epochs).rungs(epochs), [epochs]);
        }
        assert_eq!(halving(2, 1).rungs(1), [1]);
    }

    #[test]
    fn wrong_choices_are_refused_with_a_reason() {
        assert_eq!(Method::halving(30).validate(8), Ok(()));
        let wrong = [
            (Method::Grid { points: 0 }, "the grid points must be 1 or more, not 0"),
            (Method::Random { trials: 0 }, "the number of trials must be 1 to 1000, not 0"),
            (Method::halving(1001), "the number of trials must be 1 to 1000, not 1001"),
            (halving(1, 1), "the halving factor must be 2, 3 or 4, not 1"),
            (halving(5, 1), "the halving factor must be 2, 3 or 4, not 5"),
            (halving(3, 0), "the shortest trial must be 1 to 8 epochs, not 0"),
            (halving(3, 9), "the shortest trial must be 1 to 8 epochs, not 9"),
        ];
        for (method, message) in wrong {
            assert_eq!(method.validate(8).unwrap_err().to_string(), message);
        }
        assert!(Method::halving(9).validate(0).is_err());
    }

    #[test]
    fn a_grid_of_too_many_is_refused_before_it_is_made() {
        let space = SearchSpace::default();
        assert_eq!(
            Method::Grid { points: 255 }.candidates(&space, 0),
            Err(SearchError::GridTooLarge { found: 255 * 255 * 16 })
        );
    }

    proptest! {
        #[test]
        fn rungs_rise_and_starting_anew_costs_no_more_than_is_said(
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
        fn unchecked_choices_still_give_rungs(eta: u32, min_epochs: u32, epochs: u32) {
            prop_assert!(halving(eta, min_epochs).rungs(epochs).len() <= 33);
        }
    }
}
