//! A search on its way: what runs next, what came of it, when it is over.
//!
//! What runs next follows from what has ended, and from nothing else: no run is marked as begun. So
//! a search that was written down and read again goes on as if nothing had happened, and runs again
//! what was running.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::error::SearchError;
use super::method::Method;
use super::space::{Candidate, SearchSpace};
use super::trial::{Outcome, Run, RunResult, Trial};

/// A search for the best candidate. Reading one refuses what no search could have come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Saved")]
pub struct Search {
    space: SearchSpace,
    method: Method,
    epochs: u32,
    seed: u64,
    trials: Vec<Trial>,
}

/// A run to make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// The index in [`Search::trials`].
    pub trial: usize,
    pub candidate: Candidate,
    /// Passes over the training pictures, from the pretrained network on.
    pub epochs: u32,
    /// The index of `epochs` in [`Search::rungs`].
    pub rung: usize,
}

impl Search {
    /// A search whose longest runs have `epochs` epochs, and whose chance follows from `seed`.
    ///
    /// # Errors
    /// When a choice of the space or the method is out of range, or a grid is too large.
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

    pub fn method(&self) -> Method {
        self.method
    }

    /// The epochs of the longest runs.
    pub fn epochs(&self) -> u32 {
        self.epochs
    }

    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// All trials, also those that have not begun, in the order in which they begin.
    pub fn trials(&self) -> &[Trial] {
        &self.trials
    }

    /// The lengths of runs in epochs, rising ([`Method::rungs`]).
    pub fn rungs(&self) -> Vec<u32> {
        self.method.rungs(self.epochs)
    }

    /// The run to make next; `None` when the search is over. The same until its result is reported.
    ///
    /// A trial that deserves it is promoted, from as high as possible; otherwise the next trial begins.
    /// When all have, and none deserves more by its rung, the best so far is trained for all
    /// epochs at once (the steps between would be compared with nothing), unless one has been.
    pub fn next(&self) -> Option<Job> {
        let rungs = self.rungs();
        let top = rungs.len() - 1;
        let (trial, rung) = self
            .promotion(top)
            .or_else(|| Some((self.trials.iter().position(|trial| trial.runs.is_empty())?, 0)))
            .or_else(|| {
                let (trial, rung, _) = self.leader()?;
                (rung < top).then_some((trial, top))
            })?;
        let candidate = self.trials[trial].candidate.clone();
        Some(Job { trial, candidate, epochs: rungs[rung], rung })
    }

    /// Takes the result of the run that [`Self::next`] gave. A result with numbers that are not finite
    /// counts as failed.
    ///
    /// # Errors
    /// When this run is not the next one; nothing changes then.
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

    /// The best trial's index and its longest run's outcome: the best of those trained longest. Of
    /// equals, the first. Trials that failed are left out, whatever their shorter runs achieved.
    pub fn best(&self) -> Option<(usize, Outcome)> {
        self.leader().map(|(trial, _, outcome)| (trial, outcome))
    }

    /// The trials that achieved something and have not failed, the best first: those trained longest come
    /// before all others, as their results are the surest.
    pub fn ranking(&self) -> Vec<usize> {
        let mut standings: Vec<_> = self.standings().collect();
        standings.sort_by(compare_standings);
        standings.into_iter().map(|(trial, ..)| trial).collect()
    }

    /// Epochs that are done, and an estimate of how many there are when the search is over, equal only
    /// then. Runs that failed count in full.
    ///
    /// Exact for grid and random search. For halving, the estimate grows when more trials are promoted
    /// than one of `eta`, and falls to what was done when trials failed.
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

    /// By rung, the runs that have ended, and an estimate of how many those are when the search is over.
    pub fn runs(&self) -> Vec<(usize, usize)> {
        let rungs = self.rungs().len();
        let mut expected = self.trials.len();
        let runs = (0..rungs).map(|rung| {
            let ended = self.trials.iter().filter(|trial| trial.result(rung).is_some()).count();
            if rung > 0 {
                expected /= self.method.eta();
            }
            // The best is trained for all epochs in any case.
            let least = if rung + 1 == rungs { 1 } else { 0 };
            expected = expected.max(ended).max(least);
            (ended, expected)
        });
        runs.collect()
    }

    /// The trial to promote, and the rung it is promoted to: of the highest rung below `top` that has
    /// one, the best of the best 1/eta that has not been promoted and has not failed.
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
            let waits =
                |trial: &Trial| trial.standing().is_some_and(|(reached, _)| reached == rung);
            let found = ranking.into_iter().find(|(_, trial, _)| waits(trial));
            found.map(|(index, ..)| (index, rung + 1))
        })
    }

    /// The best trial, the rung it has reached, and its outcome there.
    fn leader(&self) -> Option<(usize, usize, Outcome)> {
        self.standings().min_by(compare_standings)
    }

    /// Each trial that has one, the rung it has reached, and its outcome there.
    fn standings(&self) -> impl Iterator<Item = (usize, usize, Outcome)> {
        let standing = |(index, trial): (usize, &Trial)| {
            trial.standing().map(|(rung, outcome)| (index, rung, outcome))
        };
        self.trials.iter().enumerate().filter_map(standing)
    }
}

/// The better one first.
fn compare_standings(a: &(usize, usize, Outcome), b: &(usize, usize, Outcome)) -> Ordering {
    b.1.cmp(&a.1).then_with(|| a.2.compare(&b.2))
}

/// What is written of a search, before it is known to be one.
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

    /// Repeats the search with the saved results: what it does not come to is no search's.
    fn try_from(saved: Saved) -> Result<Self, SearchError> {
        let mut search = Search::new(saved.space, saved.method, saved.epochs, saved.seed)?;
        if search.trials.len() != saved.trials.len() {
            return Err(SearchError::Unrestorable);
        }
        // The saved candidates, as a logarithm's last digit may differ between machines.
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
