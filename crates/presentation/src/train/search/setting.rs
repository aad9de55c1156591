//! What a search is about: what was chosen beside it when it began, and how that becomes a form again.

use crate::plot::format::rate;
use crate::train::form::kinds::AugmentKind;
use crate::train::form::number::Number;
use crate::train::form::{Draft, Form, Retrain};
use tunelab_core::protocol::TrainRequest;
use tunelab_core::search::space::{AugmentationLevel, Candidate};
use tunelab_core::search::state::Search;
use tunelab_core::train::config::TrainConfig;
use tunelab_core::train::recipe::Recipe;

/// What a search does not change.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    form: Form,
    /// Of its choices, the seed counts.
    pub request: Box<TrainRequest>,
    /// Pictures to train on, as the page counts them.
    pub examples: usize,
    pub validation: usize,
}

impl Setting {
    /// Of a form, filled in.
    pub fn new(form: &Form, draft: &Draft) -> Self {
        Self {
            form: form.clone(),
            request: Box::new(draft.request.clone()),
            examples: draft.train_examples,
            validation: draft.validation_examples,
        }
    }

    /// Epochs that a full run usually has.
    pub fn usual_epochs(&self) -> u32 {
        TrainConfig::recommended(Recipe::Full, self.request.size, self.examples).epochs
    }

    /// With what a candidate's run of `epochs` trains.
    pub fn choices(&self, search: &Search, candidate: &Candidate, epochs: u32) -> TrainConfig {
        let (size, epochs) = (self.request.size, (epochs, search.epochs()));
        candidate.choices(size, self.examples, epochs, search.seed())
    }

    /// The form of a candidate's full run: everything that the search did not choose is as it was for
    /// the search.
    pub fn form_of(&self, search: &Search, candidate: &Candidate) -> Form {
        let choices = self.choices(search, candidate, search.epochs());
        let mut form = Form {
            size: self.form.size,
            fit: self.form.fit,
            augmentation: Some(match candidate.augmentation {
                AugmentationLevel::None => AugmentKind::None,
                AugmentationLevel::Light => AugmentKind::Light,
                AugmentationLevel::Strong => AugmentKind::Strong,
                AugmentationLevel::Automatic => AugmentKind::Automatic,
            }),
            ..Form::default()
        };
        match candidate.recipe {
            Recipe::Probe => form.retrain = Retrain::LastLayer,
            Recipe::Full => form.retrain = Retrain::Everything,
            Recipe::LastK { stages } => {
                form.retrain = Retrain::LastPart;
                form.stages = stages.into();
            }
            other => form.recipe = Some(other),
        }
        let kept = [Number::PerClass, Number::ValidationShare, Number::Seed, Number::CropFraction];
        for number in kept {
            if let Some(text) = self.form.numbers.get(&number) {
                form.numbers.insert(number, text.clone());
            }
        }
        form.numbers.insert(Number::Epochs, choices.epochs.to_string());
        form.numbers.insert(Number::LearningRate, rate(choices.learning_rate));
        form.numbers.insert(Number::WeightDecay, rate(candidate.weight_decay));
        form
    }
}

#[cfg(test)]
pub mod tests {
    use super::super::choices::{LEVELS, WAYS};
    use super::*;
    use crate::train::form::Task;
    use tunelab_core::protocol::ColumnKinds;
    use tunelab_core::search::method::Method;
    use tunelab_core::search::space::SearchSpace;
    use tunelab_core::search::trial::{Outcome, RunResult};

    const TASK: Task = Task {
        pictures: 640,
        classes: 8,
        validation: 0,
        columns: ColumnKinds { classes: 1, labels: 0, numbers: 0 },
        advised: crate::train::form::Advice(Recipe::Probe),
    };

    fn form() -> Form {
        let numbers = [
            (Number::Seed, "7"),
            (Number::PerClass, "50"),
            (Number::ValidationShare, "0.25"),
            (Number::Epochs, "99"),
            (Number::Dropout, "0.5"),
        ];
        let numbers = numbers.map(|(number, text)| (number, text.to_string())).into();
        Form { size: 96, augmentation: Some(AugmentKind::Custom), numbers, ..Form::default() }
    }

    /// 400 pictures to train on and 160 to check with, at 96 px.
    pub fn setting() -> Setting {
        let form = form();
        Setting::new(&form, &form.draft(&TASK))
    }

    pub fn finished(score: f64, seconds: f64) -> RunResult {
        RunResult::Finished(Outcome { score, loss: 1.0 - score, seconds })
    }

    #[test]
    fn a_run_with_the_form_of_a_candidate_is_its_full_run() {
        let setting = setting();
        assert_eq!((setting.examples, setting.validation), (400, 160));
        let seed = setting.request.config.seed;
        let space = SearchSpace { strategies: WAYS.to_vec(), ..SearchSpace::default() };
        let search = Search::new(space, Method::Random { trials: 60 }, 6, seed).unwrap();
        for trial in search.trials() {
            let draft = setting.form_of(&search, &trial.candidate).draft(&TASK);
            assert!(draft.errors.is_empty(), "{:?}", draft.errors);
            let mut expected = setting.choices(&search, &trial.candidate, 6);
            let mut found = draft.request.config.clone();
            let near = |a: f64, b: f64| (a / b - 1.0).abs() < 0.05;
            assert!(near(found.learning_rate, expected.learning_rate), "{trial:?}");
            let (decay, wanted) =
                (&mut found.optimizer.weight_decay, expected.optimizer.weight_decay);
            assert!(near(*decay, wanted), "{trial:?}");
            *decay = wanted;
            found.learning_rate = expected.learning_rate;
            // Written as a number once it is looked at.
            expected.warmup = found.warmup;
            assert_eq!(found, expected);
            let request = TrainRequest { config: expected, ..(*setting.request).clone() };
            assert_eq!(TrainRequest { config: found, ..draft.request }, request);
        }
    }

    #[test]
    fn every_augmentation_has_its_kind() {
        let setting = setting();
        let search = Search::new(SearchSpace::default(), Method::halving(3), 6, 0).unwrap();
        let kinds = LEVELS.map(|augmentation| {
            let candidate = Candidate { augmentation, ..search.trials()[0].candidate };
            setting.form_of(&search, &candidate).augmentation
        });
        use AugmentKind::{Automatic, Light, None, Strong};
        assert_eq!(kinds, [None, Light, Strong, Automatic].map(Some));
    }
}
