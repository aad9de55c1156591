//! The form of a search: its method, and the range of each option.

use std::collections::{BTreeMap, BTreeSet};

use crate::input::parse_decimal;
use tunelab_core::options::values::Strategy;
use tunelab_core::options::{Kind, OPTIONS, SearchRange, TrainOption};
use tunelab_core::search::error::SearchError;
use tunelab_core::search::method::{DEFAULT_TRIALS, Method};
use tunelab_core::search::range::Range;
use tunelab_core::search::space::SearchSpace;
use tunelab_core::search::state::Search;
use tunelab_l10n::{Localize, Texts};

/// Values of each number in a grid, unless another number is written: fewer than on the command line, see
/// `docs/fine-tuning/search.md`.
const POINTS: u8 = 2;

/// The search method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MethodKind {
    #[default]
    Halving,
    Random,
    Grid,
}

impl MethodKind {
    pub const ALL: [Self; 3] = [Self::Halving, Self::Random, Self::Grid];
}

/// A number in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Trials,
    /// Values of each number in a grid.
    Points,
    /// Epochs of a full run.
    Epochs,
    /// The lowest value of an option.
    Low(&'static str),
    /// The highest value of an option.
    High(&'static str),
}

/// The values of the form.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SearchForm {
    pub method: MethodKind,
    /// Selected values by the key of their option; options without an entry have the table's defaults.
    values: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// Numbers as text; fields without an entry have their defaults.
    texts: BTreeMap<Field, String>,
}

/// Why the form is invalid.
#[derive(Debug, Clone, PartialEq)]
pub enum FormError {
    NotWhole(Field),
    NotPositive(Field),
    NotAboveLowest(Field),
    /// No value of an option is selected.
    NothingSelected(&'static str),
    Search(SearchError),
}

impl FormError {
    /// The field with the invalid number.
    pub fn field(&self) -> Option<Field> {
        match self {
            Self::NotWhole(field) | Self::NotPositive(field) | Self::NotAboveLowest(field) => {
                Some(*field)
            }
            Self::NothingSelected(_) | Self::Search(_) => None,
        }
    }
}

impl Localize for FormError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::NotWhole(_) => texts.search_not_whole().to_owned(),
            Self::NotPositive(_) => texts.search_not_positive().to_owned(),
            Self::NotAboveLowest(_) => texts.search_not_above_lowest().to_owned(),
            Self::NothingSelected(key) => texts.search_select_value(texts.label_of_option(key)),
            Self::Search(error) => error.localize(texts),
        }
    }
}

/// The options that can be searched, in the order of the table.
pub fn searched_options() -> impl Iterator<Item = (&'static TrainOption, SearchRange)> {
    OPTIONS.iter().filter_map(|option| Some((option, option.search?)))
}

/// The values of an option that can be searched.
pub fn values_of(option: &TrainOption) -> Vec<&'static str> {
    let Kind::Choice(values) = option.kind else { return Vec::new() };
    // Few-shot trains nothing, so that all its trials would be the same.
    let is_trained = |value: &&str| option.key != "strategy" || *value != Strategy::FewShot.key();
    values.iter().copied().filter(is_trained).collect()
}

impl SearchForm {
    /// Whether a value of an option is tried.
    pub fn is_selected(&self, option: &TrainOption, value: &str) -> bool {
        match (self.values.get(option.key), option.search) {
            (Some(selected), _) => selected.contains(value),
            (None, Some(SearchRange::Values(values))) => values.contains(&value),
            (None, _) => false,
        }
    }

    /// Adds or removes a value of an option.
    pub fn select(&mut self, option: &TrainOption, value: &'static str, selected: bool) {
        let mut values: BTreeSet<&'static str> = self.selected(option).into_iter().collect();
        if selected {
            values.insert(value);
        } else {
            values.remove(value);
        }
        self.values.insert(option.key, values);
    }

    fn selected(&self, option: &TrainOption) -> Vec<&'static str> {
        let all = values_of(option).into_iter();
        all.filter(|value| self.is_selected(option, value)).collect()
    }

    /// A number as it is shown; a full run has `epochs` by default.
    pub fn text(&self, field: Field, epochs: u32) -> String {
        let range = |key| TrainOption::find(key).and_then(|option| option.search);
        let bound = |key, bound: fn(f64, f64) -> f64| match range(key) {
            Some(SearchRange::Log { low, high } | SearchRange::LogFactor { low, high }) => {
                bound(low, high).to_string()
            }
            Some(SearchRange::Values(_)) | None => String::new(),
        };
        self.texts.get(&field).cloned().unwrap_or_else(|| match field {
            Field::Trials => DEFAULT_TRIALS.to_string(),
            Field::Points => POINTS.to_string(),
            Field::Epochs => epochs.to_string(),
            Field::Low(key) => bound(key, |low, _| low),
            Field::High(key) => bound(key, |_, high| high),
        })
    }

    /// Sets the text of a number; an empty text resets it.
    pub fn write(&mut self, field: Field, text: String) {
        if text.trim().is_empty() {
            self.texts.remove(&field);
        } else {
            self.texts.insert(field, text);
        }
    }

    /// The search; a full run has `epochs` by default.
    ///
    /// # Errors
    /// The form is invalid.
    pub fn search(&self, epochs: u32, seed: u64) -> Result<Search, FormError> {
        let whole = |field| {
            let number = self.text(field, epochs).trim().parse::<u32>();
            number.map_err(|_| FormError::NotWhole(field))
        };
        let method = match self.method {
            MethodKind::Halving => Method::halving(whole(Field::Trials)?),
            MethodKind::Random => Method::Random { trials: whole(Field::Trials)? },
            MethodKind::Grid => {
                let points = u8::try_from(whole(Field::Points)?).unwrap_or(u8::MAX);
                Method::Grid { points }
            }
        };
        let epochs_of_run = whole(Field::Epochs)?;
        let mut space = BTreeMap::new();
        for (option, range) in searched_options() {
            let range = match range {
                SearchRange::Values(_) => self.values_range(option)?,
                SearchRange::Log { .. } | SearchRange::LogFactor { .. } => {
                    self.log_range(option)?
                }
            };
            space.insert(option.key.to_owned(), range);
        }
        Search::new(SearchSpace(space), method, epochs_of_run, seed).map_err(FormError::Search)
    }

    fn values_range(&self, option: &TrainOption) -> Result<Range, FormError> {
        let values: Vec<String> = self.selected(option).into_iter().map(str::to_owned).collect();
        if values.is_empty() {
            return Err(FormError::NothingSelected(option.key));
        }
        Ok(Range::Values(values))
    }

    fn log_range(&self, option: &TrainOption) -> Result<Range, FormError> {
        let (low, high) = (Field::Low(option.key), Field::High(option.key));
        let decimal = |field| {
            let number = parse_decimal(&self.text(field, 0)).filter(|number| *number > 0.0);
            number.ok_or(FormError::NotPositive(field))
        };
        let (lowest, highest) = (decimal(low)?, decimal(high)?);
        if lowest < highest {
            Ok(Range::Log { low: lowest, high: highest })
        } else {
            Err(FormError::NotAboveLowest(high))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strategy() -> &'static TrainOption {
        TrainOption::find("strategy").unwrap()
    }

    #[test]
    fn an_untouched_form_is_the_default_search() {
        let search = SearchForm::default().search(8, 3).unwrap();
        let usual =
            Search::new(SearchSpace::default(), Method::halving(DEFAULT_TRIALS), 8, 3).unwrap();
        assert_eq!(search, usual);
    }

    #[test]
    fn written_numbers_are_used_and_empty_ones_are_the_defaults() {
        let mut form = SearchForm { method: MethodKind::Random, ..SearchForm::default() };
        form.write(Field::Trials, " 5 ".into());
        form.write(Field::Epochs, "3".into());
        form.write(Field::High("learning_rate"), "2,5".into());
        let search = form.search(8, 0).unwrap();
        assert_eq!((search.trials().len(), search.epochs()), (5, 3));
        assert_eq!(search.space().0["learning_rate"], Range::Log { low: 0.1, high: 2.5 });
        form.write(Field::Epochs, String::new());
        assert_eq!(form.search(8, 0).unwrap().epochs(), 8);
        assert_eq!(form.text(Field::Epochs, 8), "8");
    }

    #[test]
    fn a_grid_has_every_combination() {
        let mut form = SearchForm { method: MethodKind::Grid, ..SearchForm::default() };
        form.select(strategy(), "full", false);
        assert_eq!(form.search(4, 0).unwrap().trials().len(), 3 * 2 * 2 * 4);
        form.write(Field::Points, "300".into());
        assert!(matches!(form.search(4, 0), Err(FormError::Search(_))));
    }

    #[test]
    fn errors_say_where_they_are() {
        type Error = fn(Field) -> FormError;
        let errors: [(Field, &str, Error); 4] = [
            (Field::Trials, "many", FormError::NotWhole),
            (Field::Epochs, "1.5", FormError::NotWhole),
            (Field::Low("learning_rate"), "-1", FormError::NotPositive),
            (Field::High("weight_decay"), "1e-9", FormError::NotAboveLowest),
        ];
        for (field, text, error) in errors {
            let mut form = SearchForm::default();
            form.write(field, text.into());
            let found = form.search(8, 0).unwrap_err();
            assert_eq!((found.field(), found), (Some(field), error(field)));
        }
        let mut form = SearchForm::default();
        form.write(Field::Trials, "0".into());
        assert!(matches!(form.search(8, 0), Err(FormError::Search(_))));
    }

    #[test]
    fn selected_values_keep_the_order_of_the_table() {
        let mut form = SearchForm::default();
        for value in values_of(strategy()) {
            form.select(strategy(), value, ["probe", "gradual"].contains(&value));
        }
        form.select(strategy(), "full", true);
        assert_eq!(form.selected(strategy()), ["probe", "full", "gradual"]);
        for value in form.selected(strategy()) {
            form.select(strategy(), value, false);
        }
        assert_eq!(form.search(8, 0), Err(FormError::NothingSelected("strategy")));
        assert!(!values_of(strategy()).contains(&"few-shot"));
    }
}
