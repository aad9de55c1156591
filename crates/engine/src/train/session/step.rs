//! Optimizer steps, and the steps of the learning-rate range test.

use burn::tensor::Tensor;
use tunelab_core::data::augmentation::Mix;
use tunelab_core::model::part::Part;
use tunelab_core::options::values::Strategy;
use tunelab_core::train::distillation::TEACHER_VIEWS;
use tunelab_core::train::error::TrainError;
use tunelab_core::train::event::Event;
use tunelab_core::train::optimizer::Averaging;
use tunelab_core::train::rate_finder::RateCurve;
use web_time::Instant;

use super::{Phase, Session};
use crate::eval::predict::argmax;
use crate::train::control::RunState;
use crate::train::learner::{DropoutKey, Microbatch, MicrobatchOutput};
use tunelab_core::device::ComputeError;

/// Totals over a batch.
pub(super) struct BatchOutput {
    /// The loss, as optimized.
    pub loss: f64,
    /// The loss of each task; `None` if the batch has no targets for it.
    task_losses: Vec<Option<f64>>,
    /// Images whose class in the first task is known.
    labeled: usize,
    /// Correctly classified images of these.
    correct: usize,
    images: usize,
}

impl Session {
    /// Does one optimizer step.
    pub(super) async fn train_step(&mut self) -> Result<Event, TrainError> {
        let started = Instant::now();
        let before = self.learner.network.clone();
        let batch = self.accumulate_batch(self.position.step_in_epoch).await?;
        if !batch.loss.is_finite() {
            return Err(self.diverged(self.position.step + 1, batch.loss));
        }
        self.last_finite = before;

        let learning_rate = self.learning_rate();
        self.take_step(learning_rate, &batch.task_losses);
        let seconds = started.elapsed().as_secs_f64();
        self.position.step += 1;
        self.position.step_in_epoch += 1;
        self.totals.loss += batch.loss * batch.images as f64;
        self.totals.images += batch.images;
        self.totals.labeled += batch.labeled;
        self.totals.correct += batch.correct;
        self.totals.seconds += seconds;
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

    /// Restores the latest weights with a finite loss. `step` is the diverged step, counted from 1.
    pub(super) fn diverged(&mut self, step: u64, loss: f64) -> TrainError {
        self.learner.network = self.last_finite.clone();
        TrainError::NonFinite { step, loss, learning_rate: self.segment().rate.peak }
    }

    /// Accumulates the gradients of batch `batch` of the epoch, over as many microbatches as configured.
    pub(super) async fn accumulate_batch(&mut self, batch: u64) -> Result<BatchOutput, TrainError> {
        let indices = self.data_loader.indices(self.batches.range(batch));
        let images = indices.len();
        let weight_sums = self.data_loader.targets(&indices).weight_sums();
        let mut loss = self.learner.weighting.penalty();
        let mut task_losses = vec![0.0; weight_sums.len()];
        let (mut labeled, mut correct) = (0, 0);
        let sampler = self.batches;
        for range in sampler.microbatches(images, self.config.gradient_accumulation as usize) {
            let first_image = range.start;
            let part = &indices[range];
            let output = self.accumulate(part, &weight_sums, images, first_image).await?;
            loss += output.loss;
            for (sum, loss) in task_losses.iter_mut().zip(&output.task_losses) {
                *sum += loss;
            }
            let (part_labeled, part_correct) = self.count_correct(part, &output.logits);
            labeled += part_labeled;
            correct += part_correct;
        }
        let has_targets = self.learner.objective.has_targets(&weight_sums);
        let task_losses = task_losses
            .into_iter()
            .zip(has_targets)
            .map(|(loss, has)| has.then_some(loss))
            .collect();
        Ok(BatchOutput { loss, task_losses, labeled, correct, images })
    }

    /// Accumulates the gradients of one microbatch: the images at `indices`, which begin at `first_image` in a batch
    /// of `images`.
    async fn accumulate(
        &mut self,
        indices: &[usize],
        weight_sums: &[f64],
        images: usize,
        first_image: usize,
    ) -> Result<MicrobatchOutput, TrainError> {
        let epoch = self.position.epoch;
        let epoch_of_segment = epoch - self.segment().epochs.start;
        let dropout_key =
            DropoutKey { seed: self.config.seed, step: self.position.step, first_image };
        self.learner.reserve(indices.len(), self.data_loader.size())?;
        let cached = self.data_loader.cached_input(indices, epoch_of_segment, &self.device)?;
        let (input, targets, teacher) = match cached {
            Some(input) => (input, self.data_loader.targets(indices), None),
            None => {
                let view = self.augmented_view(epoch);
                let (batch, targets) = self.data_loader.batch(indices, view, self.position.step);
                let images = batch.into_tensor(&self.device);
                let teacher = self.teacher_logits(indices, view, &images).await?;
                (self.learner.input(images), targets, teacher)
            }
        };
        let microbatch = Microbatch { input, targets, weight_sums, images, teacher, dropout_key };
        Ok(self.learner.accumulate(microbatch).await?)
    }

    /// The augmented view of the images in epoch `epoch`: one of [`TEACHER_VIEWS`] if the teacher's logits are cached.
    fn augmented_view(&self, epoch: u32) -> u32 {
        match self.teacher {
            Some(_) if self.config.mix() == Mix::None => epoch % TEACHER_VIEWS,
            _ => epoch,
        }
    }

    /// The teacher's logits `[N, outputs]` for view `view` of the images at `indices`, which are `images`
    /// `[N, 3, H, W]`; `None` without a teacher. Mixed images differ in every step, so their logits are not cached.
    async fn teacher_logits(
        &mut self,
        indices: &[usize],
        view: u32,
        images: &Tensor<4>,
    ) -> Result<Option<Tensor<2>>, ComputeError> {
        let Some(teacher) = &mut self.teacher else { return Ok(None) };
        if self.config.mix() != Mix::None {
            return Ok(Some(teacher.logits(images)));
        }
        teacher.cached_logits(indices, view, images, &self.device).await.map(Some)
    }

    /// The learning rate of the next step, without layer-wise decay and the factors of the parts.
    fn learning_rate(&self) -> f64 {
        let segment = self.segment();
        segment.rate.at(self.position.step - segment.first_step) * self.plateau.scale
    }

    /// Updates the weights, the task weights and the moving average with the accumulated gradients.
    pub(super) fn take_step(&mut self, learning_rate: f64, task_losses: &[Option<f64>]) {
        let layer_decay = self.config.layer_decay;
        let segment = self.segment();
        let part_rates = self.part_rates.filter(|_| segment.surgical);
        let peak = segment.rate.peak;
        self.learner.step(|name| {
            let part = Part::of_parameter(name);
            let distance = Part::Head as i32 - part as i32;
            let factor = part_rates.map_or(1.0, |rates| rates.of(part));
            learning_rate * layer_decay.powi(distance) * factor
        });
        self.learner.weighting.step(task_losses, learning_rate / peak);
        if let Averaging::Exponential { decay } = self.config.averaging()
            && self.learner.average.is_some()
        {
            let start = u64::from(self.plan.last_segment_start()) * self.plan.steps_per_epoch;
            self.learner.update_average(warmed_up_decay(decay, self.position.step - start));
        }
    }

    /// The numbers of images whose class in the first task is known, and of those classified correctly. `logits` are
    /// `[N, outputs]`, row-major.
    fn count_correct(&self, indices: &[usize], logits: &[f32]) -> (usize, usize) {
        let classes = self.classes().len();
        if classes == 0 {
            return (0, 0);
        }
        let rows = logits.chunks_exact(logits.len() / indices.len());
        let hits = rows.zip(indices).filter_map(|(row, index)| {
            let class = self.data_loader.dataset.examples[*index].class()?;
            Some(class == argmax(&row[..classes]))
        });
        hits.fold((0, 0), |(labeled, correct), hit| (labeled + 1, correct + usize::from(hit)))
    }

    /// Learning-rate range test (Smith, 2015): trains up to the segment that [`TrainConfig::learning_rate`] applies to,
    /// then does one step per call, each with a higher rate. Returns events as [`Session::next`] does, and `None` at
    /// the end. Do not train with the session afterwards.
    ///
    /// # Errors
    /// The device failed, the run was stopped, or its strategy does not train.
    ///
    /// [`TrainConfig::learning_rate`]: tunelab_core::options::table::TrainConfig::learning_rate
    pub async fn next_rate(&mut self, curve: &mut RateCurve) -> Result<Option<Event>, TrainError> {
        if !self.config.trains() {
            return Err(TrainError::NoRate);
        }
        let first = match self.config.strategy {
            // All segments have the same rate.
            Strategy::Adaptive => 0,
            _ => self.plan.segments.len() - 1,
        };
        let prepared =
            matches!(self.phase, Phase::Train) && self.plan.index_at(self.position.epoch) >= first;
        if !prepared {
            return self.next().await;
        }
        self.control.wait_while_paused().await;
        let Some(rate) =
            curve.next_rate().filter(|_| self.control.requested() != RunState::Stopped)
        else {
            return Ok(None);
        };
        let loss = self.accumulate_batch(self.position.step_in_epoch).await?.loss;
        self.take_step(rate, &[]);
        curve.push(rate, loss);
        self.position.step += 1;
        self.position.step_in_epoch += 1;
        if self.position.step_in_epoch == self.plan.steps_per_epoch {
            self.position.step_in_epoch = 0;
            self.position.epoch += 1;
            self.data_loader.begin_epoch(self.position.epoch);
        }
        Ok(curve.points.last().copied().map(Event::Rate))
    }
}

/// The decay of the moving average at update `update`, counted from 0: low at first, so that the average soon forgets
/// the initial weights.
fn warmed_up_decay(decay: f64, update: u64) -> f64 {
    let update = update as f64;
    decay.min((1.0 + update) / (10.0 + update))
}
