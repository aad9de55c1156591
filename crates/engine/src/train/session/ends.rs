//! What a session tells at its beginning and at its end.

use super::Session;
use crate::model::params::count_trainable;
use tunelab_core::train::event::Event;

impl Session {
    pub(super) fn started_event(&self) -> Event {
        let last = self.plan.segments.last();
        let trainable = last.map_or(self.learner.trainable(), |segment| segment.trainable);
        let trains = self.config.trains();
        Event::Started {
            tasks: self.tasks().to_vec(),
            train_examples: self.feed.dataset.len(),
            validation_examples: self.validation.len(),
            trainable_parameters: count_trainable(&self.learner.network, trainable),
            epochs: self.plan.epochs(),
            steps_per_epoch: if trains { self.plan.steps_per_epoch } else { 0 },
            step: self.position.step,
        }
    }

    pub(super) fn done_event(&self) -> Event {
        let best = self.best.as_ref();
        Event::Done {
            report: best.map(|best| best.report.clone()),
            seconds: self.started.elapsed().as_secs_f64(),
            best_epoch: best.map_or(self.position.epoch, |best| best.epoch),
            stopped: self.stopping,
            early: !self.stopping && self.position.epoch < self.plan.epochs(),
        }
    }
}
