//! Transitions between the segments of a run: the trainable parts, the activation cache, class means, and the
//! learning rates of the parts.

use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::{NormMode, Trainable};
use tunelab_core::options::values::Strategy;
use tunelab_core::train::error::TrainError;
use tunelab_core::train::event::Event;
use tunelab_core::train::optimizer::Averaging;
use web_time::Instant;

use super::{Phase, Session};
use crate::eval::predict::{argmax, log_softmax};
use crate::model::head::Head;

use crate::train::few_shot::{MeanHead, class_mean_head};
use crate::train::gradients;
use crate::train::part_rates::{BATCHES, GradientRatios};
use crate::train::progress::EpochTotals;
use tunelab_core::device::ComputeError;

impl Session {
    /// Sets the trainable parts, the optimizer and the activation cache of segment `index`. The caller sets the phase.
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
        self.start_cache();
    }

    /// Starts the activation cache, if the segment has one.
    pub(super) fn start_cache(&mut self) {
        let images = self.segment().images;
        let architecture = self.learner.network.architecture;
        let boundary = self.learner.trainable().first();
        self.data_loader.start_cache(images, boundary, architecture, self.validation.len());
    }

    /// Sets the trainable parameters. Batch norm is frozen if only the head is trained.
    fn train_parts(&mut self, trainable: Trainable) {
        let head_only = trainable == Trainable::from(Part::Head);
        let mode = if head_only { NormMode::Frozen } else { self.config.norm_mode() };
        self.learner.set_trainable(trainable, mode);
    }

    /// Computes one more batch of the activation cache. After the last, a strategy that does not train sets its head.
    pub(super) async fn fill_cache(&mut self) -> Result<Event, TrainError> {
        let (done, total) = match self.learner.frozen() {
            Some(frozen) => {
                match self.data_loader.fill_cache(frozen, &self.validation, &self.device).await {
                    // Class means need the cache.
                    Err(problem) if !problem.is_of_device() && self.config.trains() => {
                        self.data_loader.drop_cache(problem);
                        (0, 0)
                    }
                    progress => progress?,
                }
            }
            None => (0, 0),
        };
        if done == total {
            if !self.config.trains() {
                self.set_class_mean_head()?;
                self.end_pass();
            }
            self.epoch_started = Instant::now();
        }
        self.phase = self.phase_at_position();
        Ok(Event::CachingActivations { done, total })
    }

    /// Sets the head to the class means of the cached features of all training images.
    fn set_class_mean_head(&mut self) -> Result<(), ComputeError> {
        let width = self.learner.network.architecture.feature_width();
        let features = self.data_loader.cached_values()?;
        let (classes, count) =
            (self.data_loader.dataset.strata(), self.data_loader.dataset.classes().len());
        let MeanHead { weight, bias } = class_mean_head(&features, width, &classes, count);
        let autodiff = self.device.clone().autodiff();
        self.learner.network.fc = Head::from_values(weight.clone(), bias.clone(), width, &autodiff);
        self.totals = train_totals(&features, &weight, &bias, &classes);
        Ok(())
    }

    /// Ends the only pass. Validation follows, if there are validation images.
    fn end_pass(&mut self) {
        self.position.step = self.plan.steps_per_epoch;
        if self.validation.is_empty() {
            self.position.epoch = 1;
            self.last_finite = self.learner.network.clone();
        } else {
            self.position.step_in_epoch = self.plan.steps_per_epoch;
        }
    }

    /// Measures the relative gradient norms on one more batch. After the last, sets the learning rates of the parts.
    pub(super) async fn measure_gradients(
        &mut self,
        mut ratios: Box<GradientRatios>,
    ) -> Result<Event, TrainError> {
        let total = BATCHES.min(self.plan.steps_per_epoch);
        let before = self.learner.network.clone();
        self.accumulate_batch(ratios.batches).await?;
        let gradients = self.learner.take_gradients();
        let gradients = gradients::by_name(&self.learner.network, gradients);
        ratios.add(&self.learner.network, &gradients).await?;
        // The forward pass updated the running statistics of batch norm.
        self.learner.network = before;
        let done = ratios.batches;
        if done < total {
            self.phase = Phase::MeasureGradients(ratios);
            return Ok(Event::MeasuringGradients { done, total });
        }
        let rates = match self.config.strategy {
            Strategy::Adaptive => ratios.rates().without_increases(),
            _ => ratios.rates(),
        };
        self.part_rates = Some(rates);
        self.train_parts(rates.trainable());
        self.phase = self.phase_at_position();
        Ok(Event::PartLearningRates { rates: rates.all() })
    }
}

/// The loss and accuracy of a linear head on its training features.
fn train_totals(features: &[f32], weight: &[f32], bias: &[f32], classes: &[usize]) -> EpochTotals {
    let width = weight.len() / bias.len();
    let mut totals = EpochTotals::default();
    for (row, &class) in features.chunks_exact(width).zip(classes) {
        let logits: Vec<f32> = weight
            .chunks_exact(width)
            .zip(bias)
            .map(|(weight, bias)| weight.iter().zip(row).map(|(w, x)| w * x).sum::<f32>() + bias)
            .collect();
        if class < logits.len() {
            totals.loss -= log_softmax(&logits)[class];
            totals.correct += usize::from(argmax(&logits) == class);
            totals.images += 1;
            totals.labeled += 1;
        }
    }
    totals
}
