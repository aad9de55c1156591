//! How long a search takes: an estimate of each run's work, put right by how long runs took.

use crate::train::estimate::seconds;
use crate::train::form::{Draft, Form};
use crate::train::search::setting::Setting;
use tunelab_core::data::augmentation::AugmentationConfig;
use tunelab_core::options::values::Strategy;
use tunelab_core::search::space::Candidate;
use tunelab_core::search::state::Search;

/// The work of a search's runs, in seconds where one picture a second is trained on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workload {
    /// By trial and rung.
    runs: Vec<Vec<f64>>,
}

impl Workload {
    /// Of a search.
    pub fn new(search: &Search, setting: &Setting) -> Self {
        let rungs = search.rungs();
        let of_trial = |candidate: &Candidate| {
            rungs.iter().map(|&epochs| work(search, setting, candidate, epochs)).collect()
        };
        let runs = search.trials().iter().map(|trial| of_trial(&trial.candidate)).collect();
        Self { runs }
    }

    /// Of a run.
    pub fn of(&self, trial: usize, rung: usize) -> f64 {
        self.runs.get(trial).and_then(|runs| runs.get(rung)).copied().unwrap_or(0.0)
    }

    /// What is done, and about what is done when the search is over.
    pub fn done_and_total(&self, search: &Search) -> (f64, f64) {
        let (mut done, mut total) = (0.0, 0.0);
        for (rung, (ended, expected)) in search.runs().into_iter().enumerate() {
            let (mut run, mut all) = (0.0, 0.0);
            for (index, trial) in search.trials().iter().enumerate() {
                let work = self.of(index, rung);
                all += work;
                if trial.result(rung).is_some() {
                    run += work;
                }
            }
            done += run;
            total += run;
            let left = search.trials().len() - ended;
            if left > 0 {
                total += (expected - ended) as f64 * (all - run) / left as f64;
            }
        }
        match search.next() {
            Some(job) => (done, total.max(done + self.of(job.trial, job.rung))),
            None => (done, done),
        }
    }

    /// Seconds that a unit of work took in the runs that are done; none where none is.
    pub fn pace(&self, search: &Search) -> Option<f64> {
        let (mut time, mut work) = (0.0, 0.0);
        for (index, trial) in search.trials().iter().enumerate() {
            for run in &trial.runs {
                if let Some(outcome) = run.result.outcome() {
                    time += outcome.seconds;
                    work += self.of(index, run.rung);
                }
            }
        }
        (work > 0.0).then(|| time / work)
    }

    /// Seconds to the end, `share` (0 to 1) of the next run being done: at the pace of the runs before,
    /// and until there are any, at the measured `speed` (pictures a second).
    pub fn seconds_left(&self, search: &Search, share: f64, speed: Option<f64>) -> Option<f64> {
        let pace = self.pace(search).or_else(|| speed.map(|speed| 1.0 / speed))?;
        let (done, total) = self.done_and_total(search);
        let under_way = search.next().map_or(0.0, |job| share * self.of(job.trial, job.rung));
        Some((total - done - under_way).max(0.0) * pace)
    }
}

fn work(search: &Search, setting: &Setting, candidate: &Candidate, epochs: u32) -> f64 {
    let config = setting.config(search, candidate, epochs);
    let form = Form { choices: setting.choices.clone() };
    let mut draft = Draft { config, ..form.draft(&setting.dataset) };
    if draft.config.strategy == Strategy::Probe {
        // Several augmented versions of each image are kept, each computed once.
        let is_augmented = draft.config.augmentation_config() != AugmentationConfig::none();
        let views =
            if is_augmented { draft.config.cache_views.clamp(1, draft.config.epochs) } else { 1 };
        draft.train_images *= views as usize;
    }
    seconds(&draft, 1.0)
}

#[cfg(test)]
mod tests {
    use super::super::setting::tests::{finished, setting};
    use super::*;
    use tunelab_core::search::method::Method;
    use tunelab_core::search::space::SearchSpace;

    #[test]
    fn a_search_in_full_takes_as_long_as_its_runs() {
        let method = Method::Random { trials: 5 };
        let mut search = Search::new(SearchSpace::default(), method, 8, 1).unwrap();
        let load = Workload::new(&search, &setting());
        let sum: f64 = (0..5).map(|trial| load.of(trial, 0)).sum();
        let (done, total) = load.done_and_total(&search);
        assert!(done == 0.0 && (total / sum - 1.0).abs() < 1e-9, "{total}, not {sum}");
        assert_eq!(load.seconds_left(&search, 0.0, None), None);
        let left = load.seconds_left(&search, 0.0, Some(10.0)).unwrap();
        assert!((left / total * 10.0 - 1.0).abs() < 1e-9, "{left} of {total}");

        // Twice as fast as it was measured.
        search.report(0, 0, finished(0.5, load.of(0, 0) / 20.0)).unwrap();
        let left = load.seconds_left(&search, 0.5, Some(10.0)).unwrap();
        let expected = (sum - load.of(0, 0) - 0.5 * load.of(1, 0)) / 20.0;
        assert!((left / expected - 1.0).abs() < 1e-9, "{left}, not {expected}");
        while let Some(job) = search.next() {
            search.report(job.trial, job.rung, finished(0.5, 1.0)).unwrap();
        }
        assert_eq!(load.seconds_left(&search, 0.0, None), Some(0.0));
    }

    #[test]
    fn short_runs_cost_less_than_every_run_in_full() {
        let of = |method| {
            let search = Search::new(SearchSpace::default(), method, 9, 1).unwrap();
            Workload::new(&search, &setting()).done_and_total(&search).1
        };
        assert!(of(Method::halving(12)) < 0.5 * of(Method::Random { trials: 12 }));
    }

    #[test]
    fn the_whole_network_is_more_work_than_the_last_layer() {
        let method = Method::Grid { points: 1 };
        let search = Search::new(SearchSpace::default(), method, 8, 1).unwrap();
        let load = Workload::new(&search, &setting());
        let of = |strategy| {
            let is_it = |trial: &tunelab_core::search::trial::Trial| {
                trial.candidate.get("strategy") == Some(strategy)
            };
            load.of(search.trials().iter().position(is_it).unwrap(), 0)
        };
        assert!(of("probe") < 0.2 * of("full"));
        assert!(of("probe-then-full") > of("full"));
    }
}
