//! Weights averaged over steps or epochs.

use burn::tensor::Tensor;

use super::{Phase, Session};
use crate::model::params::blend;
use crate::model::resnet::ResNet;
use crate::train::error::TrainError;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::{NormMode, Trainable};
use tunelab_core::train::event::Event;
use tunelab_core::train::optimizer::Averaging;

impl Session {
    /// The network whose validation counts: the moving average; the mean over epochs once its norms
    /// are measured, which is at the end.
    pub(super) fn validated_network(&self) -> &ResNet {
        let at_end = self.position.epoch + 1 >= self.plan.epochs();
        let validated = match self.config.averaging() {
            Averaging::Exponential { .. } => self.learner.average.as_ref(),
            Averaging::Stochastic { .. } if at_end => self.settled.as_ref(),
            _ => None,
        };
        validated.unwrap_or(&self.learner.network)
    }

    /// At the end of an epoch but the last, adds its weights to the mean over epochs, if they count.
    pub(super) fn average_epoch(&mut self) {
        let epoch = self.position.epoch;
        if let Some(number) = self.averaged_epochs(epoch)
            && epoch + 1 < self.plan.epochs()
        {
            self.learner.follow(1.0 - 1.0 / f64::from(number));
        }
    }

    /// Which of the averaged epochs `epoch` (counted from 0) is, counted from 1; `None` where it is
    /// before them.
    fn averaged_epochs(&self, epoch: u32) -> Option<u32> {
        let Averaging::Stochastic { start } = self.config.averaging() else { return None };
        let first = self.plan.last_segment_start();
        let epochs = f64::from(self.plan.epochs() - first);
        let begin = first + (start * epochs) as u32;
        (epoch >= begin).then(|| epoch - begin + 1)
    }

    /// The mean over the epochs, the one that ends among them.
    fn mean_of_epochs(&self) -> Option<ResNet> {
        let number = self.averaged_epochs(self.position.epoch)?;
        let before = self.learner.average.clone()?;
        Some(blend(before, &self.learner.network, 1.0 - 1.0 / f64::from(number)))
    }

    /// Lets the averaged network see one training batch more, so that its norms' running statistics
    /// are those of its own activations, as PyTorch's `update_bn`.
    pub(super) fn recalibrate(&mut self, batch: u64) -> Result<Event, TrainError> {
        let epoch = self.position.epoch;
        if batch == 0 {
            self.settled = self.mean_of_epochs();
        }
        let trainable = self.learner.trainable();
        let measures = !self.config.freeze_norm && trainable != Trainable::from(Part::Head);
        if let Some(average) = self.settled.as_mut().filter(|_| measures) {
            average.set_norm_mode(trainable, NormMode::BatchStatistics);
            average.set_norm_momentum(1.0 / (batch + 1) as f64);
            let indices = self.feed.indices(self.batches.range(batch));
            let images = self.feed.augmented(&indices, epoch).into_tensor(&self.device);
            let _: Tensor<2> = average.forward(images);
            average.set_norm_momentum(crate::model::norm::MOMENTUM);
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
