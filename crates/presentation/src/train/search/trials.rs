//! The trials of a search that were run, ranked, and as text.

use crate::train::search::setting::Setting;
use tunelab_core::options::{OPTIONS, TrainConfig, TrainOption};
use tunelab_core::search::space::setting;
use tunelab_core::search::state::Search;
use tunelab_core::search::trial::TrialFailure;
use tunelab_l10n::{Localize, Texts};

/// A trial that was run.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedTrial {
    /// Its index among the search's trials.
    pub trial: usize,
    /// The keys of the searched options, in the order of the table.
    pub searched: Vec<&'static str>,
    /// The configuration of its longest run.
    pub config: TrainConfig,
    /// The length of that run, as an index in [`Search::rungs`].
    pub rung: usize,
    /// At most 1; `None` if the run failed.
    pub score: Option<f64>,
    /// Why the run failed.
    pub failure: Option<TrialFailure>,
}

/// The trials that were run: the best first, failed ones last.
pub fn ranked_trials(search: &Search, setting: &Setting) -> Vec<RankedTrial> {
    let failed = (0..search.trials().len()).filter(|trial| {
        let trial = &search.trials()[*trial];
        !trial.runs.is_empty() && trial.longest().is_none()
    });
    let is_searched = |option: &&TrainOption| search.space().0.contains_key(option.key);
    let searched = OPTIONS.iter().filter(is_searched).map(|option| option.key);
    let searched: Vec<&str> = searched.collect();
    let ranked = |index: usize| {
        let trial = &search.trials()[index];
        let last = trial.runs.last()?;
        Some(RankedTrial {
            trial: index,
            searched: searched.clone(),
            config: setting.config(search, &trial.candidate, search.rungs()[last.rung]),
            rung: last.rung,
            score: last.result.outcome().map(|outcome| outcome.score),
            failure: last.result.failure().cloned(),
        })
    };
    search.ranking().into_iter().chain(failed).filter_map(ranked).collect()
}

impl RankedTrial {
    /// The values of the searched options, and the epochs.
    pub fn settings(&self, texts: Texts) -> String {
        let of_option = |key: &&str| {
            let option = TrainOption::find(key)?;
            Some(setting(texts, key, &option.text(&self.config)))
        };
        let settings: Vec<String> = self.searched.iter().filter_map(of_option).collect();
        let settings = settings.join(texts.data_targets_separator());
        texts.search_settings_of_trial(&settings, self.config.epochs)
    }

    /// The score, or that the run failed.
    pub fn score_text(&self, texts: Texts) -> String {
        self.score.map_or_else(|| texts.search_failed().to_owned(), |score| texts.percent(score))
    }

    /// The trial in a sentence; `rank` counts from 1.
    pub fn reading(&self, rank: usize, texts: Texts) -> String {
        let settings = self.settings(texts);
        let trial = match (self.score.map(|score| texts.percent(score)), rank) {
            (None, _) => texts.search_trial_failed(&settings),
            (Some(score), 1) => texts.search_best_trial(&score, &settings),
            (Some(score), rank) => texts.search_ranked_trial(rank, &score, &settings),
        };
        match &self.failure {
            Some(failure) => texts.sentences(&[trial, failure.localize(texts)]),
            None => trial,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::setting::tests::{finished, setting};
    use super::*;
    use tunelab_core::options::values::Strategy;
    use tunelab_core::search::method::Method;
    use tunelab_core::search::space::SearchSpace;
    use tunelab_core::search::trial::{RunResult, TrialFailure};

    #[test]
    fn the_best_trial_is_first_and_failed_ones_are_last() {
        let method = Method::Random { trials: 4 };
        let mut search = Search::new(SearchSpace::default(), method, 8, 1).unwrap();
        let setting = setting();
        assert_eq!(ranked_trials(&search, &setting), []);
        search.report(0, 0, RunResult::Failed(TrialFailure::NotFinite)).unwrap();
        search.report(1, 0, finished(0.5, 1.0)).unwrap();
        search.report(2, 0, finished(0.75, 1.0)).unwrap();
        let trials = ranked_trials(&search, &setting);
        let scores: Vec<_> = trials.iter().map(|trial| (trial.trial, trial.score)).collect();
        assert_eq!(scores, [(2, Some(0.75)), (1, Some(0.5)), (0, None)]);
        assert_eq!(trials[2].failure, Some(TrialFailure::NotFinite));
        for trial in trials {
            let candidate = &search.trials()[trial.trial].candidate;
            assert_eq!(trial.config, setting.config(&search, candidate, 8));
        }
    }

    #[test]
    fn a_trial_is_read_with_its_rank_and_settings() {
        let trial = |score: Option<f64>| RankedTrial {
            trial: 3,
            searched: vec!["strategy", "learning_rate", "weight_decay", "horizontal_flip"],
            config: TrainConfig {
                strategy: Strategy::Full,
                learning_rate: 0.0123,
                weight_decay: 5e-4,
                horizontal_flip: 0.25,
                epochs: 8,
                ..TrainConfig::default_config()
            },
            rung: 0,
            score,
            failure: score.is_none().then_some(TrialFailure::NotFinite),
        };
        let settings = "Strategy: Full fine-tuning; Learning rate: 0.0123; Weight decay: 0.0005; Horizontal flip: 0.25; 8 epochs";
        let reading = |score, rank| trial(score).reading(rank, Texts::ENGLISH);
        assert_eq!(reading(Some(0.975), 1), format!("Best so far, 97.5%: {settings}."));
        assert_eq!(reading(Some(0.5), 2), format!("Rank 2, 50%: {settings}."));
        assert_eq!(
            reading(None, 3),
            format!(
                "Failed: {settings}. The score, the loss or the time of the run is infinite or NaN."
            )
        );
    }
}
