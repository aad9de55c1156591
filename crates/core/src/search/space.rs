//! The search space, and its candidates.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tunelab_l10n::Texts;

use super::error::SearchError;
use super::range::Range;
use crate::options::choices::Choices;
use crate::options::context::Context;
use crate::options::spec::SearchRange;
use crate::options::table::{OPTIONS, TrainConfig, TrainOption};
use crate::options::values::Strategy;
use crate::rng::{Purpose, stream};

/// The ranges of the searched options, by key. Every combination of their values is a candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SearchSpace(pub BTreeMap<String, Range>);

/// The values of the searched options in one trial, as text by key. The learning rate is searched by a factor on its
/// default, because defaults differ by orders of magnitude between strategies, but good factors do not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Candidate(BTreeMap<String, String>);

impl Default for SearchSpace {
    /// All options with a search range in the table of options.
    fn default() -> Self {
        let range =
            |option: &TrainOption| Some((option.key.to_owned(), Range::from(option.search?)));
        Self(OPTIONS.iter().filter_map(range).collect())
    }
}

impl SearchSpace {
    /// Checks the keys and the values.
    ///
    /// # Errors
    /// The space is empty, an option is unknown, or its values are invalid.
    pub fn validate(&self) -> Result<(), SearchError> {
        if self.0.is_empty() {
            return Err(SearchError::NoOptions);
        }
        for (key, range) in &self.0 {
            let option = TrainOption::find(key)
                .ok_or_else(|| SearchError::UnknownOption { key: key.clone() })?;
            range.validate(option.key)?;
            let mut config = TrainConfig::default_config();
            for text in range.extremes() {
                option.set(&mut config, &text)?;
            }
        }
        Ok(())
    }

    /// The options that all trials have in common: those of `choices` that are not searched. Each run has its own
    /// epochs.
    pub fn fixed(&self, choices: &Choices) -> Choices {
        let mut fixed = choices.clone();
        fixed.retain(|key| key != "epochs" && !self.0.contains_key(key));
        fixed
    }

    /// The number of candidates of [`Self::grid`].
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

    /// `count` different random candidates, or fewer if the space has (nearly) no more. A larger `count` begins
    /// with the same candidates.
    pub fn draw(&self, count: usize, seed: u64) -> Vec<Candidate> {
        // A repeated candidate would only repeat its result. In a space of exactly `count` candidates, drawing the last
        // one takes `count` attempts on average.
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

    /// `None` if an option has no values.
    fn draw_one(&self, seed: u64, attempt: u64) -> Option<Candidate> {
        let mut rng = stream(seed, Purpose::Search, attempt, 0);
        let draw = |(key, range): (&String, &Range)| Some((key.clone(), range.draw(&mut rng)?));
        self.0.iter().map(draw).collect::<Option<_>>().map(Candidate)
    }
}

impl Candidate {
    /// The same candidate with an option set.
    pub fn with(mut self, key: &str, text: impl ToString) -> Self {
        self.0.insert(key.to_owned(), text.to_string());
        self
    }

    /// The text of an option, if it is searched.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// The text of an option as a number.
    pub fn number(&self, key: &str) -> Option<f64> {
        self.get(key)?.parse().ok()
    }

    /// Keys and texts.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, text)| (key.as_str(), text.as_str()))
    }

    /// The configuration of a run of `epochs` epochs in a search whose full runs have `full_epochs`. `choices` are the
    /// options that are not searched. A strategy that trains longer by default gets proportionally more epochs.
    pub fn config(
        &self,
        choices: &Choices,
        context: &Context,
        (epochs, full_epochs): (u32, u32),
        seed: u64,
    ) -> TrainConfig {
        let mut choices = choices.clone();
        choices.remove("epochs");
        let reference = epochs_of_full_run(&choices, context);
        for (key, text) in self.iter().filter(|(key, _)| !is_factor(key)) {
            choices.set(key, text);
        }
        choices.set("seed", seed);
        let recommended = choices.resolve(context).config;
        let fraction = f64::from(epochs) / f64::from(full_epochs.max(1));
        let ratio = f64::from(recommended.epochs) / f64::from(reference);
        choices.set("epochs", (f64::from(full_epochs) * ratio * fraction).ceil().max(1.0));
        let probe_epochs = f64::from(recommended.probe_epochs) * fraction;
        choices.set("probe_epochs", probe_epochs.ceil().max(1.0));
        let mut config = choices.resolve(context).config;
        for (key, factor) in self.iter().filter(|(key, _)| is_factor(key)) {
            let Some(option) = TrainOption::find(key) else { continue };
            if let (Ok(value), Ok(factor)) =
                (option.text(&config).parse::<f64>(), factor.parse::<f64>())
            {
                // If the product is out of the option's range, the default stays.
                let _ = option.set(&mut config, &(value * factor).to_string());
            }
        }
        config
    }
}

/// The epochs of full fine-tuning, to which those of other strategies are proportional.
pub fn epochs_of_full_run(choices: &Choices, context: &Context) -> u32 {
    choices.clone().with("strategy", Strategy::Full).resolve(context).config.epochs
}

/// Whether the option with this key is searched by a factor on its default.
pub fn is_factor(key: &str) -> bool {
    let search = TrainOption::find(key).and_then(|option| option.search);
    matches!(search, Some(SearchRange::LogFactor { .. }))
}

/// A searched option and its value, such as `Learning rate: 0.0123`.
pub fn setting(texts: Texts, key: &str, value: &str) -> String {
    let value = match value.parse() {
        Ok(number) => texts.rate(number),
        Err(_) => texts.label_of_choice(key, value).to_owned(),
    };
    texts.search_setting(texts.label_of_option(key), &value)
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
    fn the_default_space_has_the_searchable_options() {
        let default = SearchSpace::default();
        let keys: Vec<&str> = default.0.keys().map(String::as_str).collect();
        assert_eq!(keys, ["augmentation", "learning_rate", "strategy", "weight_decay"]);
        assert_eq!(default.validate(), Ok(()));
    }

    #[test]
    fn options_that_are_not_searched_stay_and_the_others_are_replaced() {
        let choices = Choices::default()
            .with("seed", 7)
            .with("size", 96)
            .with("epochs", 99)
            .with("learning_rate", 3);
        let fixed = SearchSpace::default().fixed(&choices);
        let keys: Vec<&str> = fixed.iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["seed", "size"]);
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
    fn draws_are_without_replacement() {
        let mut space = space();
        space.0.insert("learning_rate".into(), values(&["0.5", "1", "2"]));
        let drawn = space.draw(100, 3);
        assert_eq!(drawn.len(), 24);
        assert!(space.grid(1).iter().all(|candidate| drawn.contains(candidate)));
    }

    #[test]
    fn draws_cover_every_value_evenly() {
        let drawn = SearchSpace::default().draw(800, 0);
        for strategy in ["probe", "last-k", "full", "probe-then-full"] {
            let of = |candidate: &&Candidate| candidate.get("strategy") == Some(strategy);
            let count = drawn.iter().filter(of).count();
            assert!((150..250).contains(&count), "{count} of 800 with {strategy}");
        }
    }

    #[test]
    fn invalid_spaces_are_rejected() {
        let with = |key: &str, range| {
            let mut space = space();
            space.0.insert(key.into(), range);
            space.validate().unwrap_err()
        };
        let strategy = || "strategy".into();
        assert_eq!(with("strategy", values(&[])), SearchError::NoValues { option: strategy() });
        assert_eq!(
            with("strategy", values(&["full", "full"])),
            SearchError::RepeatedValue { option: strategy(), value: "full".into() }
        );
        assert!(matches!(with("strategy", values(&["fast"])), SearchError::Option(_)));
        assert!(matches!(with("weight_decay", values(&["-1"])), SearchError::Option(_)));
        assert_eq!(
            with("shoe_size", values(&["1"])),
            SearchError::UnknownOption { key: "shoe_size".into() }
        );
        assert_eq!(SearchSpace(BTreeMap::new()).validate(), Err(SearchError::NoOptions));
    }

    #[test]
    fn short_runs_have_a_fraction_of_the_default_epochs() {
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
        fn a_larger_count_begins_with_the_same_candidates(count in 1usize..20, seed: u64) {
            let space = SearchSpace::default();
            let (few, many) = (space.draw(count, seed), space.draw(count + 5, seed));
            prop_assert_eq!(&few[..], &many[..few.len()]);
        }
    }
}
