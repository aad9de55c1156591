//! Trains one run of a hyperparameter search.

use web_time::Instant;

use crate::train::session::Session;
use tunelab_core::search::trial::{Outcome, RunResult, TrialFailure};
use tunelab_core::train::error::TrainError;
use tunelab_core::train::event::Event;

/// Trains the `session` of a trial to its end. Calls `on_event` after each piece of work; if that returns `false`, the
/// run ends without a result and must be repeated. A diverged loss is a result: the trial failed.
///
/// # Errors
/// The run fails for another reason, or `on_event` does.
pub async fn train_trial(
    mut session: Session,
    mut on_event: impl AsyncFnMut(&Event) -> Result<bool, TrainError>,
) -> Result<Option<RunResult>, TrainError> {
    let started = Instant::now();
    loop {
        match session.next().await {
            Ok(Some(Event::Done { report: Some(report), .. })) => {
                let seconds = started.elapsed().as_secs_f64();
                let outcome = Outcome { score: report.score(), loss: report.loss, seconds };
                return Ok(Some(RunResult::Finished(outcome)));
            }
            Ok(Some(event)) => {
                if !on_event(&event).await? {
                    return Ok(None);
                }
            }
            Ok(None) => return Ok(Some(RunResult::Failed(TrialFailure::NoResult))),
            Err(TrainError::NonFinite { step, learning_rate, .. }) => {
                let failure = TrialFailure::Diverged { step, learning_rate };
                return Ok(Some(RunResult::Failed(failure)));
            }
            Err(error) => return Err(error),
        }
    }
}
