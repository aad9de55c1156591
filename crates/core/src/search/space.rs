//! What is searched: the recipes and numbers that a trial may be made of.

use rand::seq::IndexedRandom;
use serde::{Deserialize, Serialize};

use super::error::{SearchError, check};
use super::range::{Least, Range};
use crate::rng::{Purpose, stream};
use crate::train::recipe::Recipe;
use crate::train::strategy::StageCount;

/// How much training pictures are changed by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AugmentationLevel {
    None,
    /// Flips and small shifts.
    Light,
    /// Random crops, colours and erasing too.
    Strong,
    /// Changes chosen at random from a list, so that there is no strength to set.
    Automatic,
}

/// All that a search may try. Every combination is a candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchSpace {
    /// Different ones, at least one.
    pub strategies: Vec<Recipe>,
    /// Factors, above 0, on the learning rate recommended for the recipe: recommended rates differ
    /// by orders of magnitude between recipes, what is good beside them does not.
    pub learning_rate: Range,
    /// Weight decay, 0 or more.
    pub weight_decay: Range,
    /// Different ones, at least one.
    pub augmentation: Vec<AugmentationLevel>,
}

/// What one trial trains with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    pub recipe: Recipe,
    /// Times the learning rate recommended for the recipe.
    pub learning_rate: f64,
    pub weight_decay: f64,
    pub augmentation: AugmentationLevel,
}

impl Default for SearchSpace {
    /// The usual recipes, every augmentation, up to ten times less or more than the recommended learning
    /// rate, and weight decays from hardly any to AdamW's customary 0.01.
    fn default() -> Self {
        Self {
            strategies: vec![
                Recipe::Probe,
                Recipe::LastK { stages: StageCount::ONE },
                Recipe::Full,
                Recipe::ProbeThenFull,
            ],
            learning_rate: Range::LogUniform { low: 0.1, high: 10.0 },
            weight_decay: Range::LogUniform { low: 1e-5, high: 1e-2 },
            augmentation: vec![
                AugmentationLevel::None,
                AugmentationLevel::Light,
                AugmentationLevel::Strong,
                AugmentationLevel::Automatic,
            ],
        }
    }
}

impl SearchSpace {
    /// # Errors
    /// When nothing is left to choose from, something is listed twice, or a number is out of its
    /// range; the message says which.
    pub fn validate(&self) -> Result<(), SearchError> {
        check_list("recipes", &self.strategies)?;
        self.learning_rate.validate("learning rate's factor", Least::AboveZero)?;
        self.weight_decay.validate("weight decay", Least::Zero)?;
        check_list("augmentation", &self.augmentation)
    }

    /// How many candidates [`Self::grid`] has.
    pub fn grid_size(&self, points: u8) -> usize {
        let of_range = |range: &Range| match range {
            Range::Choices(values) => values.len(),
            Range::LogUniform { .. } => usize::from(points),
        };
        of_range(&self.learning_rate)
            .saturating_mul(of_range(&self.weight_decay))
            .saturating_mul(self.strategies.len())
            .saturating_mul(self.augmentation.len())
    }

    /// Every combination once, with `points` values of each logarithmic range ([`Range::grid`]).
    pub fn grid(&self, points: u8) -> Vec<Candidate> {
        let (learning_rates, weight_decays) =
            (self.learning_rate.grid(points), self.weight_decay.grid(points));
        let mut grid = Vec::with_capacity(self.grid_size(points));
        for &recipe in &self.strategies {
            for &learning_rate in &learning_rates {
                for &weight_decay in &weight_decays {
                    for &augmentation in &self.augmentation {
                        grid.push(Candidate { recipe, learning_rate, weight_decay, augmentation });
                    }
                }
            }
        }
        grid
    }

    /// `count` different candidates, each independently random; fewer where the space has (nearly)
    /// no more. More of them begin with the same ones.
    pub fn draw(&self, count: usize, seed: u64) -> Vec<Candidate> {
        // A trial that was already made would only repeat its result. In a space of exactly `count`
        // candidates the last takes `count` attempts on average.
        let attempts = count.saturating_mul(16);
        let mut drawn = Vec::with_capacity(count);
        for attempt in 0..attempts {
            if drawn.len() == count {
                break;
            }
            match self.draw_one(seed, attempt as u64) {
                Some(candidate) if !drawn.contains(&candidate) => drawn.push(candidate),
                _ => {}
            }
        }
        drawn
    }

    /// `None` where something has nothing to choose from.
    fn draw_one(&self, seed: u64, attempt: u64) -> Option<Candidate> {
        let mut rng = stream(seed, Purpose::Search, attempt, 0);
        Some(Candidate {
            recipe: *self.strategies.choose(&mut rng)?,
            learning_rate: self.learning_rate.draw(&mut rng)?,
            weight_decay: self.weight_decay.draw(&mut rng)?,
            augmentation: *self.augmentation.choose(&mut rng)?,
        })
    }
}

fn check_list<T: PartialEq + std::fmt::Debug>(
    option: &'static str,
    items: &[T],
) -> Result<(), SearchError> {
    let differ = items.iter().enumerate().all(|(index, item)| !items[..index].contains(item));
    let holds = differ && !items.is_empty();
    check(holds, option, "one or more, each listed once", format!("{items:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn choices() -> SearchSpace {
        SearchSpace {
            strategies: vec![Recipe::Probe, Recipe::Full],
            weight_decay: Range::Choices(vec![0.0, 1e-4]),
            augmentation: vec![AugmentationLevel::None, AugmentationLevel::Strong],
            ..SearchSpace::default()
        }
    }

    #[test]
    fn a_grid_has_every_combination_once() {
        let space = choices();
        let grid = space.grid(3);
        assert_eq!((grid.len(), space.grid_size(3)), (2 * 3 * 2 * 2, 24));
        for recipe in [Recipe::Probe, Recipe::Full] {
            for learning_rate in space.learning_rate.grid(3) {
                for weight_decay in [0.0, 1e-4] {
                    for augmentation in [AugmentationLevel::None, AugmentationLevel::Strong] {
                        let wanted =
                            Candidate { recipe, learning_rate, weight_decay, augmentation };
                        assert_eq!(grid.iter().filter(|found| **found == wanted).count(), 1);
                    }
                }
            }
        }
    }

    #[test]
    fn a_finite_space_is_drawn_without_repetition_until_it_is_empty() {
        let space = SearchSpace { learning_rate: Range::Choices(vec![0.5, 1.0, 2.0]), ..choices() };
        let drawn = space.draw(100, 3);
        assert_eq!(drawn.len(), 24);
        assert!(space.grid(1).iter().all(|candidate| drawn.contains(candidate)));
    }

    #[test]
    fn draws_cover_every_list_evenly() {
        let drawn = SearchSpace::default().draw(800, 0);
        for recipe in SearchSpace::default().strategies {
            let count = drawn.iter().filter(|candidate| candidate.recipe == recipe).count();
            assert!((150..250).contains(&count), "{count} of 800 with {recipe}");
        }
        for level in SearchSpace::default().augmentation {
            let count = drawn.iter().filter(|candidate| candidate.augmentation == level).count();
            assert!((150..250).contains(&count), "{count} of 800 with {level:?}");
        }
    }

    #[test]
    fn another_seed_draws_others() {
        assert_ne!(choices().draw(5, 0), choices().draw(5, 1));
    }

    #[test]
    fn wrong_spaces_are_refused_with_a_reason() {
        assert_eq!(SearchSpace::default().validate(), Ok(()));
        assert_eq!(choices().validate(), Ok(()));
        let zero = Range::Choices(vec![0.0]);
        let wrong = [
            SearchSpace { strategies: vec![], ..choices() },
            SearchSpace { strategies: vec![Recipe::Full, Recipe::Full], ..choices() },
            SearchSpace { augmentation: vec![], ..choices() },
            SearchSpace { learning_rate: zero, ..choices() },
            SearchSpace { weight_decay: Range::Choices(vec![-1.0]), ..choices() },
        ];
        let expected = [
            "the recipes must be one or more, each listed once, not []",
            "the recipes must be one or more, each listed once, not [Full, Full]",
            "the augmentation must be one or more, each listed once, not []",
            "the learning rate's factor must be one or more different numbers above 0, not [0.0]",
            "the weight decay must be one or more different numbers of 0 or more, not [-1.0]",
        ];
        for (space, expected) in wrong.iter().zip(expected) {
            assert_eq!(space.validate().unwrap_err().to_string(), expected);
            // Unchecked spaces may give few candidates, or none, but never panic.
            assert!(space.draw(3, 0).len() <= 3);
            assert_eq!(space.grid(2).len(), space.grid_size(2));
        }
    }

    proptest! {
        #[test]
        fn draws_are_in_their_ranges_and_more_begin_with_the_same(seed: u64, fewer in 0usize..20) {
            let space = SearchSpace::default();
            let drawn = space.draw(20, seed);
            prop_assert_eq!(drawn.len(), 20);
            prop_assert_eq!(&space.draw(fewer, seed)[..], &drawn[..fewer]);
            for candidate in drawn {
                prop_assert!((0.1..=10.0).contains(&candidate.learning_rate));
                prop_assert!((1e-5..=1e-2).contains(&candidate.weight_decay));
            }
        }
    }
}
