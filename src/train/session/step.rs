//! One optimizer step.

use web_time::Instant;

use super::Session;
use crate::eval::evaluator::predicted_class;
use crate::model::Part;
use crate::train::config::Averaging;
use crate::train::error::TrainError;
use crate::train::event::Event;
use crate::train::learner::{Draw, Piece, PieceOutcome};

impl Session {
    pub(super) async fn train_step(&mut self) -> Result<Event, TrainError> {
        let started = Instant::now();
        let indices = self.feed.indices(self.batches.range(self.position.step_in_epoch));
        let before = self.learner.network.clone();

        let totals = self.feed.targets(&indices).totals();
        let piece_size = indices.len().div_ceil(self.config.accumulation);
        let mut loss = self.learner.weighting.added();
        let mut task_losses = vec![0.0; totals.len()];
        let mut right = 0;
        for (number, piece) in indices.chunks(piece_size).enumerate() {
            let first_image = number * piece_size;
            let outcome = self.gather(piece, &totals, indices.len(), first_image).await?;
            loss += outcome.loss;
            for (sum, loss) in task_losses.iter_mut().zip(&outcome.task_losses) {
                *sum += loss;
            }
            right += self.count_right(piece, &outcome.logits);
        }

        let learning_rate = self.learning_rate();
        if !loss.is_finite() {
            self.learner.network = self.known_good.clone();
            return Err(TrainError::NonFinite {
                step: self.position.step + 1,
                loss,
                learning_rate,
            });
        }
        self.known_good = before;

        self.take_step(learning_rate, &task_losses);
        let seconds = started.elapsed().as_secs_f64();
        self.position.step += 1;
        self.position.step_in_epoch += 1;
        self.tally.loss_sum += loss * indices.len() as f64;
        self.tally.images += indices.len();
        self.tally.right += right;
        self.tally.seconds += seconds;
        self.phase = self.phase_at_position();
        Ok(Event::Step {
            epoch: self.position.epoch + 1,
            step: self.position.step,
            total_steps: self.plan.total_steps(),
            loss,
            learning_rate,
            images: indices.len(),
            seconds,
        })
    }

    /// Gathers the gradients of batch `batch` of the epoch, in one piece.
    pub(super) async fn gather_batch(&mut self, batch: u64) -> Result<PieceOutcome, TrainError> {
        let indices = self.feed.indices(self.batches.range(batch));
        let totals = self.feed.targets(&indices).totals();
        self.gather(&indices, &totals, indices.len(), 0).await
    }

    /// Gathers the gradients of some images of a batch of `images`, of which theirs begin at
    /// `first_image`.
    async fn gather(
        &mut self,
        indices: &[usize],
        totals: &[f64],
        images: usize,
        first_image: usize,
    ) -> Result<PieceOutcome, TrainError> {
        let epoch = self.position.epoch;
        let of_segment = epoch - self.segment().epochs.start;
        let draw = Draw { seed: self.config.seed, step: self.position.step, first_image };
        let kept = self.feed.kept_input(indices, of_segment, &self.device)?;
        let (input, targets, teacher) = match kept {
            Some(input) => (input, self.feed.targets(indices), None),
            None => {
                let epoch = self.taught_view(epoch);
                let (batch, targets) = self.feed.batch(indices, epoch, self.position.step);
                let pictures = batch.into_images(&self.device);
                let teacher = self.teach(indices, epoch, &pictures).await?;
                (self.learner.input(pictures), targets, teacher)
            }
        };
        let piece = Piece { input, targets, totals, images, teacher, draw };
        Ok(self.learner.gather(piece).await?)
    }

    /// The learning rate of the next step where it is highest.
    fn learning_rate(&self) -> f64 {
        let segment = self.segment();
        segment.rate.at(self.position.step - segment.first_step) * self.plateau.scale
    }

    pub(super) fn take_step(&mut self, learning_rate: f64, task_losses: &[f64]) {
        let layer_decay = self.config.layer_decay;
        let segment = self.segment();
        let surgical = self.part_rates.filter(|_| segment.surgical);
        let peak = segment.rate.peak;
        self.learner.step(|name| {
            let part = Part::of_parameter(name);
            let distance = Part::Head as i32 - part as i32;
            let measured = surgical.map_or(1.0, |rates| rates.of(part));
            learning_rate * layer_decay.powi(distance) * measured
        });
        self.learner.weighting.step(task_losses, learning_rate / peak);
        if let Averaging::Exponential { decay } = self.config.averaging
            && self.learner.average.is_some()
        {
            let start = u64::from(self.plan.last_segment_start()) * self.plan.steps_per_epoch;
            self.learner.follow(warmed_decay(decay, self.position.step - start));
        }
    }

    /// How many images were sorted right, in the first task.
    fn count_right(&self, indices: &[usize], logits: &[f32]) -> usize {
        let classes = self.classes().len();
        if classes == 0 {
            return 0;
        }
        let rows = logits.chunks_exact(logits.len() / indices.len());
        rows.zip(indices)
            .filter(|(row, index)| {
                let class = self.feed.dataset.examples[**index].class();
                class == Some(predicted_class(&row[..classes]))
            })
            .count()
    }
}

/// The decay of a moving average in update `update`, counted from 0: shorter at first, so that the
/// start does not linger.
fn warmed_decay(decay: f64, update: u64) -> f64 {
    let update = update as f64;
    decay.min((1.0 + update) / (10.0 + update))
}
