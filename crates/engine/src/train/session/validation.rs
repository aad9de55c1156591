//! Validation at the end of an epoch, and weight averaging.

use burn::tensor::Tensor;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::{NormMode, Trainable};
use tunelab_core::train::error::TrainError;
use tunelab_core::train::event::Event;
use tunelab_core::train::optimizer::Averaging;
use web_time::Instant;

use super::{Phase, Session};
use crate::eval::evaluator::Evaluator;
use crate::model::folded::FoldedResNet;
use crate::model::norm::MOMENTUM;
use crate::model::parameters::blend;
use crate::model::resnet::ResNet;
use crate::train::activation_cache::Activations;

use crate::train::progress::BestEpoch;

impl Session {
    /// Evaluates one more batch of validation images. After the last, ends the epoch.
    pub(super) async fn validate(
        &mut self,
        state: Box<(FoldedResNet, Evaluator)>,
    ) -> Result<Event, TrainError> {
        let (network, mut evaluation) = *state;
        let indices = evaluation.next_batch(&self.validation);
        match self.data_loader.cached_validation(&indices, &self.device)? {
            Some(input) => {
                let logits = match input {
                    Activations::Features(features) => network.classify(features),
                    Activations::Maps(maps) => network.logits(maps),
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

    /// Records the results of the epoch and starts the next.
    ///
    /// # Errors
    /// The validation loss is not finite.
    fn end_epoch(&mut self, evaluation: Evaluator) -> Result<Event, TrainError> {
        let report = evaluation.results();
        if !report.loss.is_finite() {
            return Err(self.diverged(self.position.step, report.loss));
        }
        let epoch = self.position.epoch + 1;
        let schedule = self.segment().rate.schedule;
        self.plateau.step(&schedule, report.loss);
        let best = self.best.as_ref().is_none_or(|best| report.is_better_than(&best.report));
        if best {
            let predicted_numbers = evaluation.predicted_numbers();
            let class_predictions = evaluation.into_class_predictions();
            let (report, network) = (report.clone(), self.validated_network().clone());
            self.best =
                Some(BestEpoch { epoch, report, class_predictions, predicted_numbers, network });
        }
        let totals = std::mem::take(&mut self.totals);
        let images = totals.images.max(1) as f64;
        let event = Event::Epoch {
            epoch,
            train_loss: totals.loss / images,
            train_top1: totals.correct as f64 / totals.labeled.max(1) as f64,
            validation: report,
            best,
            seconds: self.epoch_started.elapsed().as_secs_f64(),
            images_per_second: images / totals.seconds.max(1e-9),
        };
        self.average_epoch();
        let segment = self.plan.index_at(self.position.epoch);
        self.position.epoch = epoch;
        self.position.step_in_epoch = 0;
        self.data_loader.begin_epoch(epoch);
        if epoch < self.plan.epochs() && self.plan.index_at(epoch) != segment {
            self.enter_segment(segment + 1);
        }
        self.epoch_started = Instant::now();
        self.phase = self.phase_at_position();
        Ok(event)
    }

    /// The network to validate: with EMA, the moving average; with SWA, in the last epoch, the mean over epochs.
    pub(super) fn validated_network(&self) -> &ResNet {
        let at_end = self.position.epoch + 1 >= self.plan.epochs();
        let validated = match self.config.averaging() {
            Averaging::Exponential { .. } => self.learner.average.as_ref(),
            Averaging::Stochastic { .. } if at_end => self.recalibrated.as_ref(),
            _ => None,
        };
        validated.unwrap_or(&self.learner.network)
    }

    /// With SWA, adds the weights of an epoch to the mean. [`Session::recalibrate`] adds those of the last epoch.
    fn average_epoch(&mut self) {
        let epoch = self.position.epoch;
        if let Some(number) = self.averaged_epochs(epoch)
            && epoch + 1 < self.plan.epochs()
        {
            self.learner.update_average(1.0 - 1.0 / f64::from(number));
        }
    }

    /// The number of epochs averaged by SWA up to `epoch` (counted from 0); `None` before the first.
    fn averaged_epochs(&self, epoch: u32) -> Option<u32> {
        let Averaging::Stochastic { start } = self.config.averaging() else { return None };
        let first = self.plan.last_segment_start();
        let epochs = f64::from(self.plan.epochs() - first);
        let first_averaged = first + (start * epochs) as u32;
        (epoch >= first_averaged).then(|| epoch - first_averaged + 1)
    }

    /// The SWA mean, including the weights of the current epoch.
    fn mean_of_epochs(&self) -> Option<ResNet> {
        let number = self.averaged_epochs(self.position.epoch)?;
        let before = self.learner.average.clone()?;
        Some(blend(before, &self.learner.network, 1.0 - 1.0 / f64::from(number)))
    }

    /// Recomputes the batch norm statistics of the SWA mean on one more training batch, as PyTorch's `update_bn`.
    pub(super) fn recalibrate(&mut self, batch: u64) -> Result<Event, TrainError> {
        let epoch = self.position.epoch;
        if batch == 0 {
            self.recalibrated = self.mean_of_epochs();
        }
        let trainable = self.learner.trainable();
        let has_batch_statistics =
            !self.config.freeze_norm && trainable != Trainable::from(Part::Head);
        if let Some(average) = self.recalibrated.as_mut().filter(|_| has_batch_statistics) {
            average.set_norm_mode(trainable, NormMode::BatchStatistics);
            average.set_norm_momentum(1.0 / (batch + 1) as f64);
            let indices = self.data_loader.indices(self.batches.range(batch));
            let images = self.data_loader.augmented(&indices, epoch).into_tensor(&self.device);
            let _: Tensor<2> = average.forward(images);
            average.set_norm_momentum(MOMENTUM);
        }
        let done = batch + 1;
        self.phase = if done < self.plan.steps_per_epoch {
            Phase::Recalibrate { batch: done }
        } else {
            self.validation_phase()
        };
        Ok(Event::Recalibrating { done, total: self.plan.steps_per_epoch })
    }
}
