//! The results of trials, and their order.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

use super::space::Candidate;

/// The result of a finished run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Higher is better, for example the accuracy on the validation images.
    pub score: f64,
    /// Lower is better. Breaks ties of the score.
    pub loss: f64,
    /// The duration of the run; not used for ranking.
    pub seconds: f64,
}

impl Outcome {
    /// Orders outcomes best first.
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
    /// Ranks last.
    Failed(TrialFailure),
}

/// Why a run has no outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum TrialFailure {
    /// The loss became infinite or NaN.
    Diverged { step: u64, learning_rate: f64 },
    /// The score, the loss or the duration is infinite or NaN.
    NotFinite,
    /// The run ended without validation.
    NoResult,
}

impl Localize for TrialFailure {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::Diverged { step, learning_rate } => {
                texts.error_trial_diverged(*step, &texts.rate(*learning_rate))
            }
            Self::NotFinite => texts.error_trial_not_finite().into(),
            Self::NoResult => texts.error_trial_no_result().into(),
        }
    }
}

display_in_english!(TrialFailure);

impl RunResult {
    /// The outcome, if there is one.
    pub fn outcome(&self) -> Option<Outcome> {
        match self {
            RunResult::Finished(outcome) => Some(*outcome),
            RunResult::Failed(_) => None,
        }
    }

    /// Why there is no outcome, if there is none.
    pub fn failure(&self) -> Option<&TrialFailure> {
        match self {
            RunResult::Finished(_) => None,
            RunResult::Failed(failure) => Some(failure),
        }
    }

    /// The same result, or a failure if a number is not finite: it cannot be ranked, and JSON has no such numbers.
    pub(super) fn checked(self) -> Self {
        match self {
            RunResult::Finished(outcome) if !outcome.is_finite() => {
                RunResult::Failed(TrialFailure::NotFinite)
            }
            result => result,
        }
    }

    /// Orders results best first, failures last.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self.outcome(), other.outcome()) {
            (Some(own), Some(others)) => own.compare(&others),
            (own, others) => others.is_some().cmp(&own.is_some()),
        }
    }
}

/// A run that has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its length, as an index into [`super::Search::rungs`].
    pub rung: usize,
    pub result: RunResult,
}

/// A candidate and its runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    pub candidate: Candidate,
    /// In ascending length; each starts from the pretrained network. Only the last can be a failure.
    pub runs: Vec<Run>,
}

impl Trial {
    /// The result of the run at `rung`, if that has ended.
    pub fn result(&self, rung: usize) -> Option<&RunResult> {
        self.runs.iter().find(|run| run.rung == rung).map(|run| &run.result)
    }

    /// The rung and the outcome of the longest run; `None` before the first run and after a failure.
    pub fn longest(&self) -> Option<(usize, Outcome)> {
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
    fn results_rank_by_score_then_loss_and_failures_last() {
        let failed = || RunResult::Failed(TrialFailure::NoResult);
        let ranked = [finished(0.9, 2.0), finished(0.8, 0.1), finished(0.8, 0.2), failed()];
        for (a, first) in ranked.iter().enumerate() {
            for (b, second) in ranked.iter().enumerate() {
                assert_eq!(first.compare(second), a.cmp(&b), "{first:?} and {second:?}");
            }
        }
    }

    #[test]
    fn non_finite_outcomes_are_failures() {
        assert_eq!(finished(0.5, 1.0).checked(), finished(0.5, 1.0));
        for result in [finished(f64::NAN, 1.0), finished(0.5, f64::INFINITY)] {
            assert_eq!(result.checked().outcome(), None);
        }
    }
}
