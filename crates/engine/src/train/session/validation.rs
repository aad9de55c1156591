//! The validation at the end of an epoch, and what follows from it.

use web_time::Instant;

use super::{Phase, Session};
use crate::data::dataset::Dataset;
use crate::eval::evaluator::Evaluation;
use crate::model::folded::FoldedResNet;
use crate::train::error::TrainError;
use crate::train::input::Input;
use crate::train::progress::Best;
use tunelab_core::data::task::Task;
use tunelab_core::train::event::Event;

impl Session {
    pub(super) async fn validate(
        &mut self,
        state: Box<(FoldedResNet, Evaluation)>,
    ) -> Result<Event, TrainError> {
        let (network, mut evaluation) = *state;
        let indices = evaluation.next_batch(&self.validation);
        match self.feed.kept_validation(&indices, &self.device)? {
            Some(input) => {
                let logits = match input {
                    Input::Features(features) => network.classify(features),
                    Input::Maps(maps) => network.logits(maps),
                };
                evaluation.add(logits, &self.validation, &indices).await?;
            }
            None => evaluation.advance(&network, &self.validation, &self.device).await?,
        }
        let (done, total) = (evaluation.done(), self.validation.len());
        if done < total {
            self.phase = Phase::Validate(Box::new((network, evaluation)));
            return Ok(Event::Validating { epoch: self.position.epoch + 1, done, total });
        }
        self.end_epoch(evaluation)
    }

    /// # Errors
    /// The last step has left weights that give no finite loss.
    fn end_epoch(&mut self, evaluation: Evaluation) -> Result<Event, TrainError> {
        let report = evaluation.report();
        if !report.loss.is_finite() {
            return Err(self.diverged(self.position.step, report.loss));
        }
        let epoch = self.position.epoch + 1;
        let schedule = self.segment().rate.schedule;
        self.plateau.follow(&schedule, report.loss);
        let best = self.best.as_ref().is_none_or(|best| report.is_better_than(&best.report));
        if best {
            let compared = evaluation.compared();
            let guesses = evaluation.into_guesses();
            let (report, network) = (report.clone(), self.validated_network().clone());
            self.best = Some(Best { epoch, report, guesses, compared, network });
        }
        let tally = std::mem::take(&mut self.tally);
        let images = tally.images.max(1) as f64;
        let event = Event::Epoch {
            epoch,
            train_loss: tally.loss_sum / images,
            train_top1: tally.right as f64 / tally.known.max(1) as f64,
            validation: report,
            best,
            seconds: self.epoch_started.elapsed().as_secs_f64(),
            images_per_second: images / tally.seconds.max(1e-9),
        };
        self.average_epoch();
        let segment = self.plan.index_at(self.position.epoch);
        self.position.epoch = epoch;
        self.position.step_in_epoch = 0;
        self.feed.begin_epoch(epoch);
        if epoch < self.plan.epochs() && self.plan.index_at(epoch) != segment {
            self.enter_segment(segment + 1);
        }
        self.epoch_started = Instant::now();
        self.phase = self.phase_at_position();
        Ok(event)
    }
}

/// Checks that a run of this strategy can learn from `train` and be checked with `validation`.
pub(super) fn check_parts(
    train: &Dataset,
    validation: &Dataset,
    trains: bool,
) -> Result<(), TrainError> {
    train.validate_for_training()?;
    match validation.is_empty() {
        false => validation.validate_for_evaluation()?,
        true if trains => return Err(TrainError::NothingToValidate),
        true => {}
    }
    if same_outputs(&train.tasks, &validation.tasks) { Ok(()) } else { Err(TrainError::Tasks) }
}

/// Whether outputs for one are outputs for the other; how numbers are standardized is the training
/// part's affair.
fn same_outputs(train: &[Task], validation: &[Task]) -> bool {
    use tunelab_core::data::task::TaskKind::Number;
    train.len() == validation.len()
        && train.iter().zip(validation).all(|(a, b)| {
            a.name == b.name
                && match (&a.kind, &b.kind) {
                    (Number { .. }, Number { .. }) => true,
                    (a, b) => a == b,
                }
        })
}
