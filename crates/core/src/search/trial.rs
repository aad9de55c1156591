//! What came of a trial, and which of two did better.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::space::Candidate;

/// What a finished run of a trial achieved.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Higher is better, for example accuracy on the validation pictures.
    pub score: f64,
    /// Lower is better; decides between equal scores.
    pub loss: f64,
    /// How long the run took; decides nothing.
    pub seconds: f64,
}

impl Outcome {
    /// The better one first.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then_with(|| self.loss.total_cmp(&other.loss))
    }

    fn is_finite(&self) -> bool {
        self.score.is_finite() && self.loss.is_finite() && self.seconds.is_finite()
    }
}

/// How a run of a trial ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunResult {
    Finished(Outcome),
    /// No result, for example because the loss was not finite. Counts as the worst.
    Failed {
        reason: String,
    },
}

impl RunResult {
    /// The outcome, if there is one.
    pub fn outcome(&self) -> Option<Outcome> {
        match self {
            RunResult::Finished(outcome) => Some(*outcome),
            RunResult::Failed { .. } => None,
        }
    }

    /// Why there is none, if there is none.
    pub fn failure(&self) -> Option<&str> {
        match self {
            RunResult::Finished(_) => None,
            RunResult::Failed { reason } => Some(reason),
        }
    }

    /// A failure where a number is not finite: it cannot be ranked, and JSON cannot hold it.
    pub(super) fn checked(self) -> Self {
        match self {
            RunResult::Finished(outcome) if !outcome.is_finite() => RunResult::Failed {
                reason: format!(
                    "the score ({}), the loss ({}) or the seconds ({}) are not finite",
                    outcome.score, outcome.loss, outcome.seconds
                ),
            },
            result => result,
        }
    }

    /// The better one first, failures last.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self.outcome(), other.outcome()) {
            (Some(own), Some(others)) => own.compare(&others),
            (own, others) => others.is_some().cmp(&own.is_some()),
        }
    }
}

/// A run of a trial that has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// How long it was: the index in [`super::Search::rungs`].
    pub rung: usize,
    pub result: RunResult,
}

/// A candidate, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    pub candidate: Candidate,
    /// Ever longer ones, each from the beginning. A failure is the last.
    pub runs: Vec<Run>,
}

impl Trial {
    /// What came of the run at `rung`, if that has ended.
    pub fn result(&self, rung: usize) -> Option<&RunResult> {
        self.runs.iter().find(|run| run.rung == rung).map(|run| &run.result)
    }

    /// The longest run's rung and outcome; `None` before the first, and once a run has failed.
    pub fn standing(&self) -> Option<(usize, Outcome)> {
        let run = self.runs.last()?;
        Some((run.rung, run.result.outcome()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(score: f64, loss: f64) -> RunResult {
        RunResult::Finished(Outcome { score, loss, seconds: 1.0 })
    }

    #[test]
    fn the_score_decides_then_the_loss_and_failures_are_last() {
        let failed = || RunResult::Failed { reason: "the loss was not finite".into() };
        let ranked = [finished(0.9, 2.0), finished(0.8, 0.1), finished(0.8, 0.2), failed()];
        for (a, first) in ranked.iter().enumerate() {
            for (b, second) in ranked.iter().enumerate() {
                assert_eq!(first.compare(second), a.cmp(&b), "{first:?} and {second:?}");
            }
        }
    }

    #[test]
    fn what_is_not_finite_has_failed() {
        assert_eq!(finished(0.5, 1.0).checked(), finished(0.5, 1.0));
        for result in [finished(f64::NAN, 1.0), finished(0.5, f64::INFINITY)] {
            assert_eq!(result.checked().outcome(), None);
        }
    }
}
