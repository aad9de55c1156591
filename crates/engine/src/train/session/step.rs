//! One optimizer step.

use web_time::Instant;

use super::Session;
use crate::eval::evaluator::predicted_class;
use crate::train::error::TrainError;
use crate::train::learner::{Draw, Piece, PieceOutcome};
use tunelab_core::model::part::Part;
use tunelab_core::train::event::Event;
use tunelab_core::train::optimizer::Averaging;

/// What a whole batch told.
pub(super) struct BatchOutcome {
    /// The batch's loss, as optimized.
    pub loss: f64,
    /// Each task's own loss; none where nothing is known of the task.
    task_losses: Vec<Option<f64>>,
    /// Images of which the class is known in the first task, and how many were sorted right.
    known: usize,
    right: usize,
    images: usize,
}

impl Session {
    pub(super) async fn train_step(&mut self) -> Result<Event, TrainError> {
        let started = Instant::now();
        let before = self.learner.network.clone();
        let batch = self.gather_batch(self.position.step_in_epoch).await?;
        if !batch.loss.is_finite() {
            return Err(self.diverged(self.position.step + 1, batch.loss));
        }
        self.known_good = before;

        let learning_rate = self.learning_rate();
        self.take_step(learning_rate, &batch.task_losses);
        let seconds = started.elapsed().as_secs_f64();
        self.position.step += 1;
        self.position.step_in_epoch += 1;
        self.tally.loss_sum += batch.loss * batch.images as f64;
        self.tally.images += batch.images;
        self.tally.known += batch.known;
        self.tally.right += batch.right;
        self.tally.seconds += seconds;
        self.phase = self.phase_at_position();
        Ok(Event::Step {
            epoch: self.position.epoch + 1,
            step: self.position.step,
            total_steps: self.plan.total_steps(),
            loss: batch.loss,
            learning_rate,
            images: batch.images,
            seconds,
        })
    }

    /// Goes back to the last good weights: a loss was not finite in or after step `step`, counted from 1.
    pub(super) fn diverged(&mut self, step: u64, loss: f64) -> TrainError {
        self.learner.network = self.known_good.clone();
        TrainError::NonFinite { step, loss, learning_rate: self.segment().rate.peak }
    }

    /// Gathers the gradients of batch `batch` of the epoch, in as many pieces as was chosen.
    pub(super) async fn gather_batch(&mut self, batch: u64) -> Result<BatchOutcome, TrainError> {
        let indices = self.feed.indices(self.batches.range(batch));
        let images = indices.len();
        let totals = self.feed.targets(&indices).totals();
        let mut loss = self.learner.weighting.added();
        let mut task_losses = vec![0.0; totals.len()];
        let (mut known, mut right) = (0, 0);
        let batches = self.batches;
        for places in batches.pieces(images, self.config.gradient_accumulation as usize) {
            let first_image = places.start;
            let piece = &indices[places];
            let outcome = self.gather(piece, &totals, images, first_image).await?;
            loss += outcome.loss;
            for (sum, loss) in task_losses.iter_mut().zip(&outcome.task_losses) {
                *sum += loss;
            }
            let (piece_known, piece_right) = self.count_right(piece, &outcome.logits);
            known += piece_known;
            right += piece_right;
        }
        let told = self.learner.objective.told(&totals);
        let task_losses =
            task_losses.into_iter().zip(told).map(|(loss, told)| told.then_some(loss)).collect();
        Ok(BatchOutcome { loss, task_losses, known, right, images })
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
                let pictures = batch.into_tensor(&self.device);
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

    pub(super) fn take_step(&mut self, learning_rate: f64, task_losses: &[Option<f64>]) {
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
        if let Averaging::Exponential { decay } = self.config.averaging()
            && self.learner.average.is_some()
        {
            let start = u64::from(self.plan.last_segment_start()) * self.plan.steps_per_epoch;
            self.learner.follow(warmed_decay(decay, self.position.step - start));
        }
    }

    /// Of how many images the class is known, and how many of those were sorted right, in the first task.
    fn count_right(&self, indices: &[usize], logits: &[f32]) -> (usize, usize) {
        let classes = self.classes().len();
        if classes == 0 {
            return (0, 0);
        }
        let rows = logits.chunks_exact(logits.len() / indices.len());
        let known = rows.zip(indices).filter_map(|(row, index)| {
            let class = self.feed.dataset.examples[*index].class()?;
            Some(class == predicted_class(&row[..classes]))
        });
        known.fold((0, 0), |(known, right), hit| (known + 1, right + usize::from(hit)))
    }
}

/// The decay of a moving average in update `update`, counted from 0: shorter at first, so that the
/// start does not linger.
fn warmed_decay(decay: f64, update: u64) -> f64 {
    let update = update as f64;
    decay.min((1.0 + update) / (10.0 + update))
}
