//! A search in words.

use crate::plot::format::{about, counted, percent, rate};
use crate::train::run_log::Phase;
use crate::train::search::log::SearchLog;
use crate::train::search::tries::Try;
use tunelab_core::search::state::Search;
use tunelab_l10n::Texts;

/// What a choice of an option is called.
fn label(key: &str, choice: &str) -> String {
    Texts::ENGLISH.label_of_choice(key, choice).unwrap_or(choice).to_owned()
}

/// What a trial was made with.
pub fn made_with(tried: &Try) -> String {
    let config = &tried.config;
    format!(
        "{}; learning rate {}, weight decay {}, augmentation {}; {}",
        label("strategy", config.strategy.key()),
        rate(config.learning_rate),
        rate(config.weight_decay),
        label("augmentation", config.augmentation.key()),
        counted(config.epochs as usize, "epoch", "epochs"),
    )
}

/// What a trial achieved.
pub fn achieved(tried: &Try) -> String {
    tried.score.map_or_else(|| "failed".into(), percent)
}

/// Why a trial failed, to follow another sentence; nothing of one that did not.
fn why(tried: &Try) -> String {
    tried.failure.as_ref().map(|reason| format!(" {reason}")).unwrap_or_default()
}

/// A trial in a sentence, the place in the ranking first.
pub fn read_out(tries: &[Try], place: usize) -> String {
    let Some(tried) = tries.get(place) else { return String::new() };
    let rank = match (tried.score, place) {
        (None, _) => "Failed".into(),
        (Some(score), 0) => format!("Best so far, {}", percent(score)),
        (Some(score), place) => format!("Place {}, {}", place + 1, percent(score)),
    };
    format!("{rank}: {}.{}", made_with(tried), why(tried))
}

/// How many runs were made, of about how many.
pub fn runs_done(search: &Search) -> (usize, usize) {
    search
        .runs()
        .iter()
        .fold((0, 0), |(done, all), (ended, expected)| (done + ended, all + expected))
}

/// What is going on in a search under way.
pub fn doing(log: &SearchLog) -> String {
    let Some(begun) = &log.begun else { return String::new() };
    let Some(job) = log.next() else { return String::new() };
    let (done, all) = runs_done(&begun.search);
    let run = format!("Run {} of about {}", done + 1, all.max(done + 1));
    let way = label("strategy", job.candidate.get("strategy").unwrap_or_default());
    match (log.run.phase, log.run.images) {
        (Phase::Preparing, Some((done, total))) if total > 0 => {
            format!("Getting ready: {done} of {} prepared", counted(total, "picture", "pictures"))
        }
        (Phase::None | Phase::Preparing, _) => "Getting ready".into(),
        (Phase::Looking, _) => format!("{run} ({way}): looking at the pictures"),
        _ => {
            let epoch = log.run.epoch.max(1);
            format!("{run} ({way}): epoch {epoch} of {}", log.run.planned_epochs)
        }
    }
}

/// How long a search under way still takes.
pub fn time_left(log: &SearchLog, speed: Option<f64>) -> String {
    match log.seconds_left(speed) {
        Some(seconds) => format!("{} left", about(seconds)),
        None => "Finding out how long it takes".into(),
    }
}

/// What has come of a search so far, for those who do not see it.
pub fn news(log: &SearchLog, under_way: bool) -> String {
    let Some(begun) = &log.begun else { return String::new() };
    let (done, all) = runs_done(&begun.search);
    let best = match begun.tries.first() {
        Some(Try { score: Some(score), .. }) => format!(" The best so far: {}.", percent(*score)),
        Some(failed) => format!(" None of them has worked yet.{}", why(failed)),
        None => String::new(),
    };
    let runs = counted(done, "run", "runs");
    match (under_way, log.next()) {
        (true, _) if done == 0 => "The search has begun.".into(),
        (true, _) => format!("{runs} done.{best}"),
        (false, None) => {
            format!("The search is over, after {runs}.{}", best.replace(" so far", ""))
        }
        (false, Some(_)) => format!("Stopped after {done} of about {all} runs.{best}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::setting::tests::{finished, setting};
    use super::*;
    use tunelab_core::options::TrainConfig;
    use tunelab_core::options::values::{Augmentation, Strategy};
    use tunelab_core::search::method::Method;
    use tunelab_core::search::space::SearchSpace;
    use tunelab_core::search::trial::RunResult;

    fn plain(text: String) -> String {
        text.replace('\u{a0}', " ")
    }

    fn tried(score: Option<f64>) -> Try {
        Try {
            trial: 3,
            config: TrainConfig {
                strategy: Strategy::Full,
                learning_rate: 0.0123,
                weight_decay: 5e-4,
                augmentation: Augmentation::Light,
                epochs: 8,
                ..TrainConfig::default_config()
            },
            rung: 0,
            score,
            failure: score.is_none().then(|| "The loss became infinite.".into()),
        }
    }

    #[test]
    fn a_trial_is_said_in_words() {
        let tries = [tried(Some(0.975)), tried(Some(0.5)), tried(None)];
        let made = "Full fine-tuning; learning rate 0.0123, weight decay 0.0005, augmentation Light; 8 epochs.";
        assert_eq!(plain(read_out(&tries, 0)), format!("Best so far, 97.5 %: {made}"));
        assert_eq!(plain(read_out(&tries, 1)), format!("Place 2, 50 %: {made}"));
        assert_eq!(plain(read_out(&tries, 2)), format!("Failed: {made} The loss became infinite."));
        assert_eq!(read_out(&tries, 3), "");
    }

    #[test]
    fn a_search_is_told_from_its_beginning_to_its_end() {
        let mut log = SearchLog::default();
        assert_eq!(news(&log, false), "");
        let method = Method::Random { trials: 2 };
        log.begin(Search::new(SearchSpace::default(), method, 8, 1).unwrap(), setting());
        assert_eq!(news(&log, true), "The search has begun.");
        assert_eq!(doing(&log), "Getting ready");
        log.preparing(3, 640);
        assert_eq!(plain(doing(&log)), "Getting ready: 3 of 640 pictures prepared");
        log.tried(0, 0, RunResult::Failed { reason: "infinite".into() });
        assert_eq!(plain(news(&log, true)), "1 run done. None of them has worked yet. Infinite.");
        assert_eq!(
            plain(news(&log, false)),
            "Stopped after 1 of about 2 runs. None of them has worked yet. Infinite."
        );
        log.tried(1, 0, finished(0.9, 1.0));
        assert_eq!(plain(news(&log, false)), "The search is over, after 2 runs. The best: 90 %.");
    }
}
