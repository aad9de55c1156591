//! A session that tries learning rates instead of training.

use super::{Phase, Session};
use crate::train::control::Wish;
use crate::train::error::TrainError;
use tunelab_core::options::values::Strategy;
use tunelab_core::train::event::Event;
use tunelab_core::train::rate_finder::RateCurve;

impl Session {
    /// Turns the session until it is about to train what its learning rate is for, and then tries rates,
    /// a step a call. What happened is told as in [`Session::next`]; `None` when the try is over. Such a
    /// session is not for training afterwards.
    ///
    /// # Errors
    /// The device failed, the run was stopped, or its strategy does not train.
    pub async fn next_rate(&mut self, curve: &mut RateCurve) -> Result<Option<Event>, TrainError> {
        if !self.config.trains() {
            return Err(TrainError::NoRate);
        }
        let first = match self.config.strategy {
            // One rate for all of it.
            Strategy::Adaptive => 0,
            _ => self.plan.segments.len() - 1,
        };
        let prepared =
            matches!(self.phase, Phase::Train) && self.plan.index_at(self.position.epoch) >= first;
        if !prepared {
            return self.next().await;
        }
        self.control.paused().await;
        let Some(rate) = curve.next_rate().filter(|_| self.control.wish() != Wish::Stop) else {
            return Ok(None);
        };
        let loss = self.gather_batch(self.position.step_in_epoch).await?.loss;
        self.take_step(rate, &[]);
        curve.push(rate, loss);
        self.position.step += 1;
        self.position.step_in_epoch += 1;
        if self.position.step_in_epoch == self.plan.steps_per_epoch {
            self.position.step_in_epoch = 0;
            self.position.epoch += 1;
            self.feed.begin_epoch(self.position.epoch);
        }
        Ok(curve.points.last().copied().map(Event::Rate))
    }
}
