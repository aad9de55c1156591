//! What changes from one segment of a run to the next.

use web_time::Instant;

use super::Session;
use crate::error::ComputeError;
use crate::train::error::TrainError;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::{NormMode, Trainable};
use tunelab_core::train::event::Event;
use tunelab_core::train::optimizer::Averaging;

impl Session {
    /// Sets what segment `index` trains, and by which rule. The phase is the caller's to set.
    pub(super) fn enter_segment(&mut self, index: usize) {
        let segment = &self.plan.segments[index];
        let trainable = match (segment.surgical, self.part_rates) {
            (true, Some(rates)) => rates.trainable(),
            _ => segment.trainable,
        };
        self.learner.optimizer.set_config(segment.optimizer);
        let last = index + 1 == self.plan.segments.len();
        self.train_parts(trainable);
        let averages = matches!(self.config.averaging(), Averaging::Exponential { .. });
        if averages && last && self.learner.average.is_none() {
            self.learner.average = Some(self.learner.network.clone());
        }
        self.begin_to_keep();
    }

    /// Begins to keep the activations before what is trained, where the segment keeps any.
    pub(super) fn begin_to_keep(&mut self) {
        let pictures = self.segment().pictures;
        let architecture = self.learner.network.architecture;
        let boundary = self.learner.trainable().first();
        let kept = self.feed.keep(pictures, boundary, architecture, self.validation.len());
        if let Err(error) = kept {
            // Only slower.
            log::warn!("activations are not kept: {error}");
        }
    }

    pub(super) fn train_parts(&mut self, trainable: Trainable) {
        let head_only = trainable == Trainable::from(Part::Head);
        let mode = if head_only { NormMode::Frozen } else { self.config.norm_mode() };
        self.learner.train(trainable, mode);
    }

    pub(super) async fn keep_activations(&mut self) -> Result<Event, TrainError> {
        let (done, total) = match self.learner.frozen() {
            Some(frozen) => {
                match self.feed.keep_next(frozen, &self.validation, &self.device).await {
                    // Means are taken of what is kept.
                    Err(ComputeError::Spill(problem)) if self.config.trains() => {
                        self.feed.keep_none(&problem);
                        (0, 0)
                    }
                    kept => kept?,
                }
            }
            None => (0, 0),
        };
        if done == total {
            if !self.config.trains() {
                self.take_class_means()?;
                self.end_pass();
            }
            self.epoch_started = Instant::now();
        }
        self.phase = self.phase_at_position();
        Ok(Event::Features { done, total })
    }
}
