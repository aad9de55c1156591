//! One run of a trial, from its beginning to its result.

use web_time::Instant;

use crate::train::error::TrainError;
use crate::train::session::Session;
use tunelab_core::search::trial::{Outcome, RunResult};
use tunelab_core::train::event::Event;

/// Trains a trial's `session` to its end. After each piece of work `goes_on` is told what happened; where
/// it says `false`, the run ends without a result, to be made again.
///
/// A loss that is not finite is a result: this trial failed.
///
/// # Errors
/// Everything else that keeps the run from its end, and what `goes_on` finds.
pub async fn train_trial(
    mut session: Session,
    mut goes_on: impl AsyncFnMut(&Event) -> Result<bool, TrainError>,
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
                if !goes_on(&event).await? {
                    return Ok(None);
                }
            }
            Ok(None) => return Ok(Some(RunResult::Failed { reason: "it ended early".into() })),
            Err(error @ TrainError::NonFinite { .. }) => {
                return Ok(Some(RunResult::Failed { reason: error.to_string() }));
            }
            Err(error) => return Err(error),
        }
    }
}
