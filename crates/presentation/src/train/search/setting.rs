//! The common options of all runs of a search, and the options that it found.

use crate::input::with_decimal_points;
use crate::train::form::{Dataset, Form};
use tunelab_core::options::{Choices, Kind, TrainConfig, TrainOption, rounded};
use tunelab_core::search::space::{Candidate, epochs_of_full_run, is_factor};
use tunelab_core::search::state::Search;

/// The options and the dataset of a search.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Setting {
    /// The options that the user has set.
    pub choices: Choices,
    pub dataset: Dataset,
}

impl Setting {
    pub fn new(form: &Form, dataset: &Dataset) -> Self {
        Self { choices: with_decimal_points(&form.choices), dataset: *dataset }
    }

    /// Default number of epochs of a full run.
    pub fn default_epochs(&self) -> u32 {
        let mut choices = self.choices.clone();
        choices.remove("epochs");
        epochs_of_full_run(&choices, &self.dataset.context)
    }

    /// The seed of the search and of all its runs.
    pub fn seed(&self) -> u64 {
        self.choices.resolve(&self.dataset.context).config.seed
    }

    /// The configuration of a candidate's run of `epochs`.
    pub fn config(&self, search: &Search, candidate: &Candidate, epochs: u32) -> TrainConfig {
        let (context, epochs) = (&self.dataset.context, (epochs, search.epochs()));
        candidate.config(&search.space().fixed(&self.choices), context, epochs, search.seed())
    }

    /// The form of a candidate's longest run.
    pub fn form_of(&self, search: &Search, candidate: &Candidate) -> Form {
        let config = self.config(search, candidate, search.epochs());
        let mut choices = search.space().fixed(&self.choices).with("epochs", config.epochs);
        for (key, text) in candidate.iter() {
            let Some(option) = TrainOption::find(key) else { continue };
            let text = if is_factor(key) { option.text(&config) } else { text.to_owned() };
            choices.set(
                key,
                match (option.kind, text.parse()) {
                    (Kind::Number, Ok(number)) => rounded(number),
                    _ => text,
                },
            );
        }
        Form { choices }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use tunelab_core::options::context::Context;
    use tunelab_core::options::values::Strategy;
    use tunelab_core::search::method::Method;
    use tunelab_core::search::range::Range;
    use tunelab_core::search::space::SearchSpace;
    use tunelab_core::search::trial::{Outcome, RunResult};

    /// 400 images to train on and 160 to validate on, at 96 px.
    pub fn setting() -> Setting {
        let choices = Choices::default()
            .with("seed", 7)
            .with("per_class", 50)
            .with("validation_share", 0.25)
            .with("size", 96)
            .with("epochs", 99)
            .with("learning_rate", 3);
        let context = Context { images: 640, classes: 8, ..Context::default() };
        Setting { choices, dataset: Dataset { context, validation: 0 } }
    }

    pub fn finished(score: f64, seconds: f64) -> RunResult {
        RunResult::Finished(Outcome { score, loss: 1.0 - score, seconds })
    }

    #[test]
    fn the_form_of_a_candidate_has_the_configuration_of_its_longest_run() {
        let setting = setting();
        let form = Form { choices: setting.choices.clone() };
        let draft = form.draft(&setting.dataset);
        assert_eq!((draft.train_images, draft.validation_images), (400, 160));
        let mut space = SearchSpace::default();
        let trained = Strategy::ALL.iter().filter(|strategy| **strategy != Strategy::FewShot);
        let strategies = trained.map(|strategy| strategy.key().to_owned()).collect();
        space.0.insert("strategy".into(), Range::Values(strategies));
        let search = Search::new(space, Method::Random { trials: 60 }, 6, setting.seed()).unwrap();
        for trial in search.trials() {
            let draft = setting.form_of(&search, &trial.candidate).draft(&setting.dataset);
            assert!(draft.errors.is_empty(), "{:?}", draft.errors);
            let expected = setting.config(&search, &trial.candidate, 6);
            let mut found = draft.config;
            let near = |a: f64, b: f64| (a / b - 1.0).abs() < 0.05;
            assert!(near(found.learning_rate, expected.learning_rate), "{trial:?}");
            assert!(near(found.weight_decay, expected.weight_decay), "{trial:?}");
            found.learning_rate = expected.learning_rate;
            found.weight_decay = expected.weight_decay;
            assert_eq!(found, expected);
        }
    }
}
