//! The state of a search: its trials, their results, and the next run.
//!
//! The next run depends only on the completed runs, so a restored search continues identically and repeats only the
//! interrupted run.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::error::SearchError;
use super::method::Method;
use super::space::{Candidate, SearchSpace};
use super::trial::{Outcome, Run, RunResult, Trial};

/// A search for the best candidate. Deserializing rejects a state that no search can reach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Saved")]
pub struct Search {
    space: SearchSpace,
    method: Method,
    epochs: u32,
    seed: u64,
    trials: Vec<Trial>,
}

/// A run to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// The index in [`Search::trials`].
    pub trial: usize,
    pub candidate: Candidate,
    /// Epochs to train for, starting from the pretrained network.
    pub epochs: u32,
    /// The index of `epochs` in [`Search::rungs`].
    pub rung: usize,
}

impl Search {
    /// A search whose full runs have `epochs` epochs. `seed` determines all random draws.
    ///
    /// # Errors
    /// The space or the method is invalid, or the grid is too large.
    pub fn new(
        space: SearchSpace,
        method: Method,
        epochs: u32,
        seed: u64,
    ) -> Result<Self, SearchError> {
        space.validate()?;
        method.validate(epochs)?;
        let candidates = method.candidates(&space, seed)?;
        let trial = |candidate| Trial { candidate, runs: Vec::new() };
        let trials = candidates.into_iter().map(trial).collect();
        Ok(Self { space, method, epochs, seed, trials })
    }

    pub fn space(&self) -> &SearchSpace {
        &self.space
    }

    /// The epochs of a full run.
    pub fn epochs(&self) -> u32 {
        self.epochs
    }

    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// All trials in the order in which they begin, including those that have not begun.
    pub fn trials(&self) -> &[Trial] {
        &self.trials
    }

    /// The lengths of runs in epochs, ascending ([`Method::rungs`]).
    pub fn rungs(&self) -> Vec<u32> {
        self.method.rungs(self.epochs)
    }

    /// The next run; `None` when the search is over. It stays the same until its result is reported.
    ///
    /// Promotes a trial if possible, from the highest rung; otherwise starts the next trial. When all have started and
    /// none can be promoted, the best trial is trained in full, unless that has been done, skipping the rungs in
    /// between.
    pub fn next(&self) -> Option<Job> {
        let rungs = self.rungs();
        let top = rungs.len() - 1;
        let (trial, rung) = self
            .promotion(top)
            .or_else(|| Some((self.trials.iter().position(|trial| trial.runs.is_empty())?, 0)))
            .or_else(|| {
                let (trial, rung, _) = self.best_trial()?;
                (rung < top).then_some((trial, top))
            })?;
        let candidate = self.trials[trial].candidate.clone();
        Some(Job { trial, candidate, epochs: rungs[rung], rung })
    }

    /// Records the result of the run that [`Self::next`] returned. A non-finite result counts as failed.
    ///
    /// # Errors
    /// This run is not the next one. The search is unchanged.
    pub fn report(
        &mut self,
        trial: usize,
        rung: usize,
        result: RunResult,
    ) -> Result<(), SearchError> {
        match self.next() {
            Some(job) if (job.trial, job.rung) == (trial, rung) => {
                self.trials[trial].runs.push(Run { rung, result: result.checked() });
                Ok(())
            }
            _ => Err(SearchError::UnexpectedReport { trial, rung }),
        }
    }

    /// The index of the best trial and the outcome of its longest run: the best of those trained longest, the first of
    /// equals. Failed trials are excluded, whatever the outcome of their shorter runs.
    pub fn best(&self) -> Option<(usize, Outcome)> {
        self.best_trial().map(|(trial, _, outcome)| (trial, outcome))
    }

    /// The trials with an outcome that have not failed, best first. Those trained longest rank first, because their
    /// results are the most reliable.
    pub fn ranking(&self) -> Vec<usize> {
        let mut ranked: Vec<_> = self.ranked_trials().collect();
        ranked.sort_by(compare_trials);
        ranked.into_iter().map(|(trial, ..)| trial).collect()
    }

    /// The epochs done, and an estimate of the search's total epochs. They are equal only when the search is over.
    /// Failed runs count in full.
    ///
    /// The estimate is exact for grid and random search. For successive halving it grows if more than one of `eta`
    /// trials is promoted, and shrinks if trials fail.
    pub fn progress(&self) -> (u64, u64) {
        let (mut done, mut total) = (0, 0);
        for (epochs, (ended, expected)) in self.rungs().into_iter().zip(self.runs()) {
            done += ended as u64 * u64::from(epochs);
            total += expected as u64 * u64::from(epochs);
        }
        match self.next() {
            Some(job) => (done, total.max(done + u64::from(job.epochs))),
            None => (done, done),
        }
    }

    /// For each rung, the completed runs, and an estimate of its total runs.
    pub fn runs(&self) -> Vec<(usize, usize)> {
        let rungs = self.rungs().len();
        let mut expected = self.trials.len();
        let runs = (0..rungs).map(|rung| {
            let ended = self.trials.iter().filter(|trial| trial.result(rung).is_some()).count();
            if rung > 0 {
                expected /= self.method.eta();
            }
            // The best trial is always trained in full.
            let least = if rung + 1 == rungs { 1 } else { 0 };
            expected = expected.max(ended).max(least);
            (ended, expected)
        });
        runs.collect()
    }

    /// The trial to promote, and the rung to promote it to: from the highest possible rung below `top`, the best trial
    /// that is among the best 1/eta there and has neither been promoted nor failed.
    fn promotion(&self, top: usize) -> Option<(usize, usize)> {
        (0..top).rev().find_map(|rung| {
            let mut ranking: Vec<(usize, &Trial, &RunResult)> = self
                .trials
                .iter()
                .enumerate()
                .filter_map(|(index, trial)| Some((index, trial, trial.result(rung)?)))
                .collect();
            ranking.sort_by(|a, b| a.2.compare(b.2));
            ranking.truncate(ranking.len() / self.method.eta());
            let is_promotable =
                |trial: &Trial| trial.longest().is_some_and(|(reached, _)| reached == rung);
            let found = ranking.into_iter().find(|(_, trial, _)| is_promotable(trial));
            found.map(|(index, ..)| (index, rung + 1))
        })
    }

    /// The best trial, the rung it has reached, and its outcome there.
    fn best_trial(&self) -> Option<(usize, usize, Outcome)> {
        self.ranked_trials().min_by(compare_trials)
    }

    /// Each trial with an outcome that has not failed, the rung it has reached, and its outcome there.
    fn ranked_trials(&self) -> impl Iterator<Item = (usize, usize, Outcome)> {
        let ranked = |(index, trial): (usize, &Trial)| {
            trial.longest().map(|(rung, outcome)| (index, rung, outcome))
        };
        self.trials.iter().enumerate().filter_map(ranked)
    }
}

/// Orders trials best first.
fn compare_trials(a: &(usize, usize, Outcome), b: &(usize, usize, Outcome)) -> Ordering {
    b.1.cmp(&a.1).then_with(|| a.2.compare(&b.2))
}

/// A saved search that has not been checked.
#[derive(Deserialize)]
struct Saved {
    space: SearchSpace,
    method: Method,
    epochs: u32,
    seed: u64,
    trials: Vec<Trial>,
}

impl TryFrom<Saved> for Search {
    type Error = SearchError;

    /// Replays the search with the saved results, and compares the states.
    fn try_from(saved: Saved) -> Result<Self, SearchError> {
        let mut search = Search::new(saved.space, saved.method, saved.epochs, saved.seed)?;
        if search.trials.len() != saved.trials.len() {
            return Err(SearchError::Unrestorable);
        }
        // Keeps the saved candidates, because the last digit of a logarithm may differ between machines.
        for (trial, saved) in search.trials.iter_mut().zip(&saved.trials) {
            trial.candidate = saved.candidate.clone();
        }
        while let Some(job) = search.next() {
            let Some(result) = saved.trials[job.trial].result(job.rung) else { break };
            search.report(job.trial, job.rung, result.clone())?;
        }
        if search.trials == saved.trials { Ok(search) } else { Err(SearchError::Unrestorable) }
    }
}

#[cfg(test)]
mod tests;
