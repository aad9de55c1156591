//! The progress and the results of a search, as text.

use crate::progress::run_log::Phase;
use crate::train::search::log::SearchLog;
use crate::train::search::trials::RankedTrial;
use tunelab_core::search::state::Search;
use tunelab_l10n::{Localize, Texts};

/// The number of completed runs, and an estimate of all runs.
pub fn runs_done(search: &Search) -> (usize, usize) {
    let add = |(done, all), (ended, expected)| (done + ended, all + expected);
    search.runs().into_iter().fold((0, 0), add)
}

/// The progress of the current run.
pub fn current_run(log: &SearchLog, texts: Texts) -> String {
    let (Some(started), Some(job)) = (&log.started, log.next_run()) else {
        return String::new();
    };
    let (done, all) = runs_done(&started.search);
    let (run, runs) = (done + 1, all.max(done + 1));
    let strategy = job.candidate.get("strategy").unwrap_or_default();
    let strategy = texts.label_of_choice("strategy", strategy);
    match (log.run.phase, log.run.images) {
        (Phase::Preparing, Some((done, total))) if total > 0 => texts.search_preparing(done, total),
        (Phase::None | Phase::Preparing, _) => texts.run_phase_preparing().to_owned(),
        (Phase::Caching, _) => texts.search_run_caching(run, runs, strategy),
        _ => {
            let (epoch, epochs) = (log.run.epoch.max(1), log.run.total_epochs);
            texts.search_run_training(run, runs, strategy, epoch, epochs)
        }
    }
}

/// The result of the search so far; also announced to screen readers.
pub fn summary(log: &SearchLog, is_running: bool, texts: Texts) -> String {
    let Some(started) = &log.started else { return String::new() };
    let (done, all) = runs_done(&started.search);
    let has_finished = log.next_run().is_none();
    let state = match (is_running, has_finished) {
        (true, _) if done == 0 => texts.search_started().to_owned(),
        (true, _) => texts.search_runs_finished(done),
        (false, true) => texts.search_finished(done),
        (false, false) => texts.search_stopped(all, done),
    };
    let best = match started.trials.first() {
        Some(RankedTrial { score: Some(score), .. }) if has_finished && !is_running => {
            Some(texts.search_best_score(&texts.percent(*score)))
        }
        Some(RankedTrial { score: Some(score), .. }) => {
            Some(texts.search_best_score_so_far(&texts.percent(*score)))
        }
        Some(_) => Some(texts.search_all_failed().to_owned()),
        None => None,
    };
    let failure = started
        .trials
        .first()
        .and_then(|trial| trial.failure.as_ref())
        .map(|failure| failure.localize(texts));
    texts.sentences(&[Some(state), best, failure].into_iter().flatten().collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::super::setting::tests::{finished, setting};
    use super::*;
    use tunelab_core::search::method::Method;
    use tunelab_core::search::space::SearchSpace;
    use tunelab_core::search::trial::{RunResult, TrialFailure};

    #[test]
    fn a_search_has_a_status_from_its_start_to_its_end() {
        let texts = Texts::ENGLISH;
        let mut log = SearchLog::default();
        assert_eq!(summary(&log, false, texts), "");
        let method = Method::Random { trials: 2 };
        log.start(Search::new(SearchSpace::default(), method, 8, 1).unwrap(), setting());
        assert_eq!(summary(&log, true, texts), "The search has started.");
        assert_eq!(current_run(&log, texts), "Preparing images");
        log.run.preparing(3, 640);
        assert_eq!(current_run(&log, texts), "Preparing images: 3 of 640");
        log.end_run(0, 0, RunResult::Failed(TrialFailure::NotFinite));
        assert_eq!(
            summary(&log, true, texts),
            "1 run has finished. No trial has succeeded yet. \
             The score, the loss or the time of the run is infinite or NaN."
        );
        assert!(summary(&log, false, texts).starts_with("Stopped after 1 of about 2 runs."));
        log.end_run(1, 0, finished(0.9, 1.0));
        assert_eq!(
            summary(&log, false, texts),
            "The search has finished after 2 runs. The best score is 90%."
        );
    }
}
