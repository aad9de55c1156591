//! The validation at the end of an epoch, and what follows from it.

use web_time::Instant;

use super::{Phase, Session};
use crate::eval::evaluator::Evaluation;
use crate::model::FoldedResNet;
use crate::train::error::TrainError;
use crate::train::event::Event;
use crate::train::order::shuffled;
use crate::train::progress::Best;

impl Session {
    pub(super) async fn validate(
        &mut self,
        state: Box<(FoldedResNet, Evaluation)>,
    ) -> Result<Event, TrainError> {
        let (network, mut evaluation) = *state;
        match &self.features {
            Some(features) => {
                let all: Vec<usize> = (0..self.validation.len()).collect();
                let logits = network.classify(features.validation.rows(&all, &self.device));
                evaluation.add(logits, &self.validation.labels()).await?;
            }
            None => evaluation.advance(&network, &self.validation, &self.device).await?,
        }
        let (done, total) = (evaluation.done(), self.validation.len());
        if done < total {
            self.phase = Phase::Validate(Box::new((network, evaluation)));
            return Ok(Event::Validating { epoch: self.position.epoch + 1, done, total });
        }
        Ok(self.end_epoch(evaluation))
    }

    fn end_epoch(&mut self, evaluation: Evaluation) -> Event {
        let report = evaluation.report();
        let epoch = self.position.epoch + 1;
        let best = self.best.as_ref().is_none_or(|best| report.is_better_than(&best.report));
        if best {
            let guesses = evaluation.into_guesses();
            let (report, network) = (report.clone(), self.network.clone());
            self.best = Some(Best { epoch, report, guesses, network });
        }
        let tally = std::mem::take(&mut self.tally);
        let images = tally.images.max(1) as f64;
        let event = Event::Epoch {
            epoch,
            train_loss: tally.loss_sum / images,
            train_top1: tally.right as f64 / images,
            validation: report,
            best,
            seconds: self.epoch_started.elapsed().as_secs_f64(),
            images_per_second: images / tally.seconds.max(1e-9),
        };
        self.position.epoch = epoch;
        self.position.step_in_epoch = 0;
        self.order = shuffled(self.train.len(), self.config.seed, epoch);
        self.epoch_started = Instant::now();
        self.phase = self.phase_at_position();
        event
    }
}
