//! What is searched: values of some options. One value of each is a candidate.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::{SearchError, check};
use super::range::Range;
use crate::options::choices::Choices;
use crate::options::context::Context;
use crate::options::spec::SearchRange;
use crate::options::table::{OPTIONS, TrainConfig, TrainOption};
use crate::rng::{Purpose, stream};

/// All that a search may try, by the options' keys. Every combination is a candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SearchSpace(pub BTreeMap<String, Range>);

/// What one trial trains with: a text for each searched option, by its key. For options that are searched by a
/// factor (the learning rate), the factor on the default: defaults differ by orders of magnitude between
/// strategies, what is good beside them does not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Candidate(BTreeMap<String, String>);

impl Default for SearchSpace {
    /// Every option whose entry in the table says what a search tries.
    fn default() -> Self {
        let range =
            |option: &TrainOption| Some((option.key.to_owned(), Range::from(option.search?)));
        Self(OPTIONS.iter().filter_map(range).collect())
    }
}

impl SearchSpace {
    /// # Errors
    /// When nothing is left to choose from, something is listed twice, or a value is not one that its option may
    /// have; the message says which.
    pub fn validate(&self) -> Result<(), SearchError> {
        check(!self.0.is_empty(), "options", "one or more", 0)?;
        for (key, range) in &self.0 {
            let option = TrainOption::find(key);
            let Some(option) = option else {
                return check(false, "options", "known ones", key);
            };
            range.validate(option.key)?;
            let mut config = TrainConfig::default_config();
            for text in range.ends() {
                option.set(&mut config, &text).map_err(SearchError::Option)?;
            }
        }
        Ok(())
    }

    /// How many candidates [`Self::grid`] has.
    pub fn grid_size(&self, points: u8) -> usize {
        self.0.values().fold(1, |size, range| size.saturating_mul(range.grid_size(points)))
    }

    /// Every combination once, with `points` values of each logarithmic range ([`Range::grid`]).
    pub fn grid(&self, points: u8) -> Vec<Candidate> {
        let mut grid = vec![Candidate::default()];
        for (key, range) in &self.0 {
            let values = range.grid(points);
            let extended = |candidate: Candidate| {
                values.iter().map(move |value| candidate.clone().with(key, value))
            };
            grid = grid.into_iter().flat_map(extended).collect();
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

    /// `None` where an option has nothing to choose from.
    fn draw_one(&self, seed: u64, attempt: u64) -> Option<Candidate> {
        let mut rng = stream(seed, Purpose::Search, attempt, 0);
        let draw = |(key, range): (&String, &Range)| Some((key.clone(), range.draw(&mut rng)?));
        self.0.iter().map(draw).collect::<Option<_>>().map(Candidate)
    }
}

impl Candidate {
    /// The same with an option's text.
    pub fn with(mut self, key: &str, text: impl ToString) -> Self {
        self.0.insert(key.to_owned(), text.to_string());
        self
    }

    /// An option's text, where the option is searched.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// An option's text as a number.
    pub fn number(&self, key: &str) -> Option<f64> {
        self.get(key)?.parse().ok()
    }

    /// Keys and texts.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, text)| (key.as_str(), text.as_str()))
    }

    /// The configuration of its run of `epochs` of a search whose longest runs have `all` of them; `choices` are
    /// the options that are not searched. A strategy that trains longer than another by default gets more epochs
    /// here too, in the same proportion.
    pub fn config(
        &self,
        choices: &Choices,
        context: &Context,
        (epochs, all): (u32, u32),
        seed: u64,
    ) -> TrainConfig {
        let mut choices = choices.clone();
        choices.remove("epochs");
        let usual = choices.clone().with("strategy", "full").resolve(context).config;
        for (key, text) in self.iter().filter(|(key, _)| !is_factor(key)) {
            choices.set(key, text);
        }
        choices.set("seed", seed);
        let recommended = choices.resolve(context).config;
        let share = f64::from(epochs) / f64::from(all.max(1));
        let more = f64::from(recommended.epochs) / f64::from(usual.epochs);
        choices.set("epochs", (f64::from(all) * more * share).ceil().max(1.0));
        choices.set("probe_epochs", (f64::from(recommended.probe_epochs) * share).ceil().max(1.0));
        let mut config = choices.resolve(context).config;
        for (key, factor) in self.iter().filter(|(key, _)| is_factor(key)) {
            let Some(option) = TrainOption::find(key) else { continue };
            if let (Ok(value), Ok(factor)) =
                (option.text(&config).parse::<f64>(), factor.parse::<f64>())
            {
                // A factor that leaves the range leaves the default.
                let _ = option.set(&mut config, &(value * factor).to_string());
            }
        }
        config
    }
}

/// Whether an option is searched by a factor on its default.
pub fn is_factor(key: &str) -> bool {
    let search = TrainOption::find(key).and_then(|option| option.search);
    matches!(search, Some(SearchRange::LogFactor { .. }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::data::input::InputSize;
    use crate::options::values::Strategy;

    fn values(values: &[&str]) -> Range {
        Range::Values(values.iter().map(ToString::to_string).collect())
    }

    fn space() -> SearchSpace {
        let mut space = SearchSpace::default();
        space.0.insert("strategy".into(), values(&["probe", "full"]));
        space.0.insert("weight_decay".into(), values(&["0", "0.0001"]));
        space.0.insert("augmentation".into(), values(&["none", "strong"]));
        space
    }

    #[test]
    fn the_table_says_what_is_searched() {
        let default = SearchSpace::default();
        let keys: Vec<&str> = default.0.keys().map(String::as_str).collect();
        assert_eq!(keys, ["augmentation", "learning_rate", "strategy", "weight_decay"]);
        assert_eq!(default.validate(), Ok(()));
    }

    #[test]
    fn a_grid_has_every_combination_once() {
        let space = space();
        let grid = space.grid(3);
        assert_eq!((grid.len(), space.grid_size(3)), (2 * 3 * 2 * 2, 24));
        for (index, candidate) in grid.iter().enumerate() {
            assert!(!grid[..index].contains(candidate), "{candidate:?}");
        }
    }

    #[test]
    fn a_finite_space_is_drawn_without_repetition_until_it_is_empty() {
        let mut space = space();
        space.0.insert("learning_rate".into(), values(&["0.5", "1", "2"]));
        let drawn = space.draw(100, 3);
        assert_eq!(drawn.len(), 24);
        assert!(space.grid(1).iter().all(|candidate| drawn.contains(candidate)));
    }

    #[test]
    fn draws_cover_every_list_evenly() {
        let drawn = SearchSpace::default().draw(800, 0);
        for strategy in ["probe", "last-k", "full", "probe-then-full"] {
            let of = |candidate: &&Candidate| candidate.get("strategy") == Some(strategy);
            let count = drawn.iter().filter(of).count();
            assert!((150..250).contains(&count), "{count} of 800 with {strategy}");
        }
    }

    #[test]
    fn wrong_spaces_are_refused_with_a_reason() {
        let with = |key: &str, range| {
            let mut space = space();
            space.0.insert(key.into(), range);
            space.validate().unwrap_err().to_string()
        };
        assert!(with("strategy", values(&[])).contains("strategy"));
        assert!(with("strategy", values(&["full", "full"])).contains("each listed once"));
        assert!(with("strategy", values(&["fast"])).contains("cannot be chosen"));
        assert!(with("weight_decay", values(&["-1"])).contains("0 or more"));
        assert!(with("shoe_size", values(&["1"])).contains("shoe_size"));
        assert!(SearchSpace(BTreeMap::new()).validate().is_err());
    }

    #[test]
    fn short_runs_have_their_share_of_the_default_epochs() {
        let context = Context { images: 5000, has_validation: true, ..Context::default() };
        let candidate = Candidate::default()
            .with("strategy", "probe")
            .with("learning_rate", 0.5)
            .with("weight_decay", 0.001)
            .with("augmentation", "light");
        let config = |candidate: &Candidate, epochs| {
            candidate.config(&Choices::default(), &context, (epochs, 8), 3)
        };
        let probe = TrainConfig::recommended(Strategy::Probe, InputSize::default(), 5000);
        let whole = config(&candidate, 8);
        assert_eq!((whole.epochs, whole.seed), (probe.epochs, 3));
        assert_eq!(whole.learning_rate, 0.5 * probe.learning_rate);
        assert_eq!((whole.weight_decay, whole.horizontal_flip), (0.001, 0.5));
        assert_eq!(config(&candidate, 1).epochs, 5);
        assert_eq!(config(&candidate.clone().with("strategy", "full"), 3).epochs, 3);
        let short = config(&candidate.clone().with("strategy", "adaptive"), 4);
        assert_eq!((short.epochs, short.patience), (6, Some(3)));
        let short = config(&candidate.with("strategy", "probe-then-full"), 2);
        assert_eq!(short.probe_epochs, 2);
    }

    proptest! {
        #[test]
        fn more_candidates_begin_with_the_same(count in 1usize..20, seed: u64) {
            let space = SearchSpace::default();
            let (few, many) = (space.draw(count, seed), space.draw(count + 5, seed));
            prop_assert_eq!(&few[..], &many[..few.len()]);
        }
    }
}
