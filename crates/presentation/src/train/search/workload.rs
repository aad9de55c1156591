//! The work of a search, and the remaining time at the pace of its finished runs.

use crate::train::estimate::seconds;
use crate::train::form::{Draft, Form};
use crate::train::search::setting::Setting;
use tunelab_core::device::Speed;
use tunelab_core::search::space::Candidate;
use tunelab_core::search::state::Search;

/// The work of each run of a search, in seconds at a speed of one training image per second.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workload {
    /// By trial and rung.
    runs: Vec<Vec<f64>>,
}

impl Workload {
    pub fn new(search: &Search, setting: &Setting) -> Self {
        let rungs = search.rungs();
        let of_trial = |candidate: &Candidate| {
            rungs.iter().map(|&epochs| work(search, setting, candidate, epochs)).collect()
        };
        let runs = search.trials().iter().map(|trial| of_trial(&trial.candidate)).collect();
        Self { runs }
    }

    /// The work of a run.
    fn run(&self, trial: usize, rung: usize) -> f64 {
        self.runs.get(trial).and_then(|runs| runs.get(rung)).copied().unwrap_or(0.0)
    }

    /// The work of the finished runs, and an estimate of that of all runs.
    fn done_and_total(&self, search: &Search) -> (f64, f64) {
        let (mut done, mut total) = (0.0, 0.0);
        for (rung, (ended, expected)) in search.runs().into_iter().enumerate() {
            let (mut ended_work, mut all_work) = (0.0, 0.0);
            for (index, trial) in search.trials().iter().enumerate() {
                let work = self.run(index, rung);
                all_work += work;
                if trial.result(rung).is_some() {
                    ended_work += work;
                }
            }
            done += ended_work;
            total += ended_work;
            let left = search.trials().len() - ended;
            if left > 0 {
                total += (expected - ended) as f64 * (all_work - ended_work) / left as f64;
            }
        }
        match search.next() {
            Some(job) => (done, total.max(done + self.run(job.trial, job.rung))),
            None => (done, done),
        }
    }

    /// The finished work, with `run_progress` (0 to 1) of the current run, and all work.
    fn progress_and_total(&self, search: &Search, run_progress: f64) -> (f64, f64) {
        let (done, total) = self.done_and_total(search);
        let run = search.next().map_or(0.0, |job| self.run(job.trial, job.rung));
        (done + run_progress * run, total)
    }

    /// The progress of the search, 0 to 1, with `run_progress` of the current run; `None` if there is no work.
    pub fn progress(&self, search: &Search, run_progress: f64) -> Option<f64> {
        let (done, total) = self.progress_and_total(search, run_progress);
        (total > 0.0).then(|| (done / total).min(1.0))
    }

    /// Seconds per unit of work in the finished runs; `None` before the first.
    fn pace(&self, search: &Search) -> Option<f64> {
        let (mut seconds, mut work) = (0.0, 0.0);
        for (index, trial) in search.trials().iter().enumerate() {
            for run in &trial.runs {
                if let Some(outcome) = run.result.outcome() {
                    seconds += outcome.seconds;
                    work += self.run(index, run.rung);
                }
            }
        }
        (work > 0.0).then(|| seconds / work)
    }

    /// Seconds to the end, with `run_progress` (0 to 1) of the current run: at the pace of the finished runs, and
    /// before the first at the measured `speed`.
    pub fn seconds_left(
        &self,
        search: &Search,
        run_progress: f64,
        speed: Option<Speed>,
    ) -> Option<f64> {
        let pace =
            self.pace(search).or_else(|| speed.map(|speed| 1.0 / speed.images_per_second()))?;
        let (done, total) = self.progress_and_total(search, run_progress);
        Some((total - done).max(0.0) * pace)
    }
}

/// The work of a run of `epochs`.
fn work(search: &Search, setting: &Setting, candidate: &Candidate, epochs: u32) -> f64 {
    let config = setting.config(search, candidate, epochs);
    let form = Form { choices: setting.choices.clone() };
    let draft = Draft { config, ..form.draft(&setting.dataset) };
    seconds(&draft, Speed::typical(1.0))
}

#[cfg(test)]
mod tests {
    use super::super::setting::tests::{finished, setting};
    use super::*;
    use tunelab_core::search::method::Method;
    use tunelab_core::search::space::SearchSpace;

    #[test]
    fn without_short_runs_the_work_is_that_of_all_trials() {
        let method = Method::Random { trials: 5 };
        let mut search = Search::new(SearchSpace::default(), method, 8, 1).unwrap();
        let workload = Workload::new(&search, &setting());
        let sum: f64 = (0..5).map(|trial| workload.run(trial, 0)).sum();
        let (done, total) = workload.done_and_total(&search);
        assert!(done == 0.0 && (total / sum - 1.0).abs() < 1e-9, "{total}, not {sum}");
        assert_eq!(workload.seconds_left(&search, 0.0, None), None);
        let left = workload.seconds_left(&search, 0.0, Some(Speed::typical(10.0))).unwrap();
        assert!((left / total * 10.0 - 1.0).abs() < 1e-9, "{left} of {total}");

        // Twice as fast as it was measured.
        search.report(0, 0, finished(0.5, workload.run(0, 0) / 20.0)).unwrap();
        let left = workload.seconds_left(&search, 0.5, Some(Speed::typical(10.0))).unwrap();
        let expected = (sum - workload.run(0, 0) - 0.5 * workload.run(1, 0)) / 20.0;
        assert!((left / expected - 1.0).abs() < 1e-9, "{left}, not {expected}");
        while let Some(job) = search.next() {
            search.report(job.trial, job.rung, finished(0.5, 1.0)).unwrap();
        }
        assert_eq!(workload.seconds_left(&search, 0.0, None), Some(0.0));
    }

    #[test]
    fn successive_halving_is_less_work_than_random_search() {
        let of = |method| {
            let search = Search::new(SearchSpace::default(), method, 9, 1).unwrap();
            Workload::new(&search, &setting()).done_and_total(&search).1
        };
        assert!(of(Method::halving(12)) < 0.5 * of(Method::Random { trials: 12 }));
    }

    #[test]
    fn full_fine_tuning_is_more_work_than_a_linear_probe() {
        let method = Method::Grid { points: 1 };
        let search = Search::new(SearchSpace::default(), method, 8, 1).unwrap();
        let workload = Workload::new(&search, &setting());
        let of = |strategy| {
            let is_it = |trial: &tunelab_core::search::trial::Trial| {
                trial.candidate.get("strategy") == Some(strategy)
            };
            workload.run(search.trials().iter().position(is_it).unwrap(), 0)
        };
        assert!(of("probe") < 0.2 * of("full"));
        assert!(of("probe-then-full") > of("full"));
    }
}
