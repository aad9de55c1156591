//! What a search has come to, one entry a trial that was run.

use crate::plot::format::sentence;
use crate::train::search::setting::Setting;
use tunelab_core::options::TrainConfig;
use tunelab_core::search::state::Search;

/// A trial that was run.
#[derive(Debug, Clone, PartialEq)]
pub struct Try {
    /// Its number among the search's trials, counted from 0.
    pub trial: usize,
    /// The configuration of its longest run.
    pub config: TrainConfig,
    /// How long that was, as an index in [`Search::rungs`].
    pub rung: usize,
    /// What it achieved there, 0 to 1; none where it failed.
    pub score: Option<f64>,
    /// Why it failed, in a sentence.
    pub failure: Option<String>,
}

/// The trials that were run, the best first, those that failed last.
pub fn tries(search: &Search, setting: &Setting) -> Vec<Try> {
    let ranking = search.ranking();
    let failed = (0..search.trials().len()).filter(|trial| {
        let trial = &search.trials()[*trial];
        !trial.runs.is_empty() && trial.standing().is_none()
    });
    let all = ranking.into_iter().chain(failed);
    let one = |trial: usize| {
        let tried = &search.trials()[trial];
        let last = tried.runs.last()?;
        Some(Try {
            trial,
            config: setting.config(search, &tried.candidate, search.rungs()[last.rung]),
            rung: last.rung,
            score: last.result.outcome().map(|outcome| outcome.score),
            failure: last.result.failure().map(sentence),
        })
    };
    all.filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::setting::tests::{finished, setting};
    use super::*;
    use tunelab_core::search::method::Method;
    use tunelab_core::search::space::SearchSpace;
    use tunelab_core::search::trial::RunResult;

    #[test]
    fn the_best_comes_first_and_what_failed_last() {
        let method = Method::Random { trials: 4 };
        let mut search = Search::new(SearchSpace::default(), method, 8, 1).unwrap();
        let setting = setting();
        assert_eq!(tries(&search, &setting), []);
        search.report(0, 0, RunResult::Failed { reason: "infinite".into() }).unwrap();
        search.report(1, 0, finished(0.5, 1.0)).unwrap();
        search.report(2, 0, finished(0.75, 1.0)).unwrap();
        let tries = tries(&search, &setting);
        let found: Vec<_> = tries.iter().map(|tried| (tried.trial, tried.score)).collect();
        assert_eq!(found, [(2, Some(0.75)), (1, Some(0.5)), (0, None)]);
        assert_eq!(tries[2].failure.as_deref(), Some("Infinite."));
        for tried in tries {
            let candidate = &search.trials()[tried.trial].candidate;
            assert_eq!(tried.config, setting.config(&search, candidate, 8));
        }
    }
}
