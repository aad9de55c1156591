//! How to search: the recommendation, and what the user made of it.

use std::str::FromStr;

use crate::plot::format::{parse_decimal, sentence};
use tunelab_core::search::method::Method;
use tunelab_core::search::range::Range;
use tunelab_core::search::space::{AugmentationLevel, SearchSpace};
use tunelab_core::search::state::Search;
use tunelab_core::train::recipe::Recipe;
use tunelab_core::train::strategy::StageCount;

/// How to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MethodKind {
    Halving,
    Random,
    Grid,
}

impl MethodKind {
    pub const ALL: [Self; 3] = [Self::Halving, Self::Random, Self::Grid];

    /// What it is called on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Halving => "Short runs, the best go on",
            Self::Random => "Random: every run in full",
            Self::Grid => "Every combination of a few values",
        }
    }
}

/// Every augmentation that can be searched.
pub const LEVELS: [AugmentationLevel; 4] = [
    AugmentationLevel::None,
    AugmentationLevel::Light,
    AugmentationLevel::Strong,
    AugmentationLevel::Automatic,
];

/// Every way to fine-tune that can be searched, the usual ones first.
pub const WAYS: [Recipe; 10] = [
    Recipe::Probe,
    Recipe::LastK { stages: StageCount::ONE },
    Recipe::Full,
    Recipe::ProbeThenFull,
    Recipe::Gradual,
    Recipe::Discriminative,
    Recipe::L2Sp,
    Recipe::NormOnly,
    Recipe::BiasOnly,
    Recipe::Surgical,
];

/// A number that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Tries,
    Points,
    Epochs,
    RateLow,
    RateHigh,
    DecayLow,
    DecayHigh,
}

impl Field {
    pub const ALL: [Self; 7] = [
        Self::Tries,
        Self::Points,
        Self::Epochs,
        Self::RateLow,
        Self::RateHigh,
        Self::DecayLow,
        Self::DecayHigh,
    ];
}

/// What the user chose.
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    pub method: MethodKind,
    pub ways: Vec<Recipe>,
    pub levels: Vec<AugmentationLevel>,
    /// The numbers as written, by [`Field`]; what is `None` is as recommended.
    written: [Option<String>; Field::ALL.len()],
}

impl Default for Choices {
    fn default() -> Self {
        let SearchSpace { strategies, augmentation, .. } = SearchSpace::default();
        let written = [const { None }; Field::ALL.len()];
        Self { method: MethodKind::Halving, ways: strategies, levels: augmentation, written }
    }
}

/// What is wrong with the choices.
#[derive(Debug, Clone, PartialEq)]
pub struct Wrong {
    /// Where; none where it is no single number.
    pub field: Option<Field>,
    /// In a sentence.
    pub message: String,
}

impl Choices {
    /// A number as it is shown, where a full run usually has `epochs`.
    pub fn text(&self, field: Field, epochs: u32) -> String {
        let written = self.written[field as usize].clone();
        written.unwrap_or_else(|| match field {
            Field::Tries => "12".into(),
            Field::Points => "2".into(),
            Field::Epochs => epochs.to_string(),
            Field::RateLow => "0.1".into(),
            Field::RateHigh => "10".into(),
            Field::DecayLow => "0.00001".into(),
            Field::DecayHigh => "0.01".into(),
        })
    }

    /// Takes a number as written; an empty one is the recommended one again.
    pub fn write(&mut self, field: Field, text: String) {
        self.written[field as usize] = (!text.trim().is_empty()).then_some(text);
    }

    /// The search with these choices, where a full run usually has `epochs`.
    ///
    /// # Errors
    /// Says what is wrong, and where.
    pub fn search(&self, epochs: u32, seed: u64) -> Result<Search, Wrong> {
        let whole = |field| {
            let number = u32::from_str(self.text(field, epochs).trim());
            number.map_err(|_| wrong(field, "Write a whole number, such as 8."))
        };
        let decimal = |field| {
            let number = parse_decimal(&self.text(field, epochs)).filter(|number| *number > 0.0);
            number.ok_or_else(|| wrong(field, "Write a number above 0, such as 0.5."))
        };
        let range = |low, high| {
            let (lowest, highest) = (decimal(low)?, decimal(high)?);
            if lowest < highest {
                Ok(Range::LogUniform { low: lowest, high: highest })
            } else {
                Err(wrong(high, "It must be above the smallest."))
            }
        };
        let method = match self.method {
            MethodKind::Halving => Method::halving(whole(Field::Tries)?),
            MethodKind::Random => Method::Random { trials: whole(Field::Tries)? },
            MethodKind::Grid => {
                let points = u8::try_from(whole(Field::Points)?).unwrap_or(u8::MAX);
                Method::Grid { points }
            }
        };
        let all = whole(Field::Epochs)?;
        let space = SearchSpace {
            strategies: self.ways.clone(),
            learning_rate: range(Field::RateLow, Field::RateHigh)?,
            weight_decay: range(Field::DecayLow, Field::DecayHigh)?,
            augmentation: self.levels.clone(),
        };
        if self.ways.is_empty() || self.levels.is_empty() {
            let what = if self.ways.is_empty() { "way to fine-tune" } else { "augmentation" };
            return Err(Wrong { field: None, message: format!("Choose at least one {what}.") });
        }
        Search::new(space, method, all, seed)
            .map_err(|error| Wrong { field: None, message: sentence(&error.to_string()) })
    }
}

fn wrong(field: Field, message: &str) -> Wrong {
    Wrong { field: Some(field), message: message.into() }
}

/// Puts an item among others, in the order of `all`, or takes it out.
pub fn choose<T: PartialEq + Copy>(chosen: &mut Vec<T>, all: &[T], item: T, taken: bool) {
    let is_in = |other: &T| if *other == item { taken } else { chosen.contains(other) };
    *chosen = all.iter().copied().filter(is_in).collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untouched_choices_are_the_usual_search() {
        let search = Choices::default().search(8, 3).unwrap();
        let usual = Search::new(SearchSpace::default(), Method::halving(12), 8, 3).unwrap();
        assert_eq!(search, usual);
    }

    #[test]
    fn numbers_are_taken_as_written_and_empty_ones_as_recommended() {
        let mut choices = Choices { method: MethodKind::Random, ..Choices::default() };
        choices.write(Field::Tries, " 5 ".into());
        choices.write(Field::Epochs, "3".into());
        choices.write(Field::RateHigh, "2,5".into());
        let search = choices.search(8, 0).unwrap();
        assert_eq!((search.trials().len(), search.epochs()), (5, 3));
        assert_eq!(search.space().learning_rate, Range::LogUniform { low: 0.1, high: 2.5 });
        choices.write(Field::Epochs, String::new());
        assert_eq!(choices.search(8, 0).unwrap().epochs(), 8);
        assert_eq!(choices.text(Field::Epochs, 8), "8");
    }

    #[test]
    fn a_grid_has_every_combination() {
        let mut choices = Choices { method: MethodKind::Grid, ..Choices::default() };
        choose(&mut choices.ways, &WAYS, Recipe::Full, false);
        assert_eq!(choices.search(4, 0).unwrap().trials().len(), 3 * 2 * 2 * 4);
        choices.write(Field::Points, "300".into());
        let wrong = choices.search(4, 0).unwrap_err();
        assert!(wrong.message.starts_with("The grid has"), "{}", wrong.message);
    }

    #[test]
    fn what_is_wrong_is_said_where_it_is() {
        for (field, text, message) in [
            (Field::Tries, "many", "Write a whole number, such as 8."),
            (Field::Epochs, "1.5", "Write a whole number, such as 8."),
            (Field::RateLow, "-1", "Write a number above 0, such as 0.5."),
            (Field::DecayHigh, "1e-9", "It must be above the smallest."),
        ] {
            let mut choices = Choices::default();
            choices.write(field, text.into());
            assert_eq!(choices.search(8, 0).unwrap_err(), wrong(field, message));
        }
        let mut choices = Choices::default();
        choices.write(Field::Tries, "0".into());
        let found = choices.search(8, 0).unwrap_err();
        assert_eq!(found.message, "The number of trials must be 1 to 1000, not 0.");
        let none = Choices { levels: Vec::new(), ..Choices::default() };
        assert_eq!(none.search(8, 0).unwrap_err().message, "Choose at least one augmentation.");
    }

    #[test]
    fn what_is_chosen_keeps_its_order() {
        let mut ways = vec![Recipe::Probe, Recipe::ProbeThenFull];
        choose(&mut ways, &WAYS, Recipe::Full, true);
        assert_eq!(ways, [Recipe::Probe, Recipe::Full, Recipe::ProbeThenFull]);
        choose(&mut ways, &WAYS, Recipe::Probe, false);
        assert_eq!(ways, [Recipe::Full, Recipe::ProbeThenFull]);
    }
}
