//! A training run, divided into small pieces of work that the host requests one at a time.

mod segment;
mod step;
mod validation;

use burn::tensor::Device;
use web_time::Instant;

use super::control::{Control, RunState};
use super::data_loader::{DataLoader, SpillSource};
use super::learner::Learner;
use super::objective::Objective;
use super::optimizer::Optimizer;
use super::part_rates::{GradientRatios, PartRates};
use super::progress::{BestEpoch, EpochTotals, Position};
use super::sampler::BatchSampler;
use super::targets::TargetEncoder;
use super::task_weighting::TaskWeighting;
use super::teacher::Teacher;
use crate::data::batch::Batch;
use crate::data::dataset::Dataset;
use crate::eval::evaluator::Evaluator;
use crate::model::folded::FoldedResNet;
use crate::model::head::Head;
use crate::model::parameters::{count_trainable, values};
use crate::model::resnet::ResNet;
use tunelab_core::data::task::{Task, outputs};
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::{NormMode, is_running_statistic};
use tunelab_core::options::context::Context;
use tunelab_core::options::table::TrainConfig;
use tunelab_core::train::error::TrainError;
use tunelab_core::train::event::Event;
use tunelab_core::train::optimizer::{Averaging, OptimizerConfig};
use tunelab_core::train::plan::{Plan, Segment, SegmentImages};
use tunelab_core::train::schedule::Plateau;

/// The next piece of work.
enum Phase {
    Start,
    /// Cache activations of the frozen parts.
    FillCache,
    /// Measure the gradient ratio of each part.
    MeasureGradients(Box<GradientRatios>),
    Train,
    /// Recompute the batch norm statistics of the averaged network, from this batch on.
    Recalibrate {
        batch: u64,
    },
    Validate(Box<(FoldedResNet, Evaluator)>),
    Finish,
    Ended,
}

/// A training run. [`Session::next`] does the next piece of work: one optimizer step, one batch of activations, or
/// one batch of validation. The host can pause, resume or stop the run from anywhere with the session's [`Control`].
pub struct Session {
    pub(super) config: TrainConfig,
    pub(super) validation: Dataset,
    device: Device,
    plan: Plan,
    pub(super) data_loader: DataLoader,
    pub(super) learner: Learner,
    teacher: Option<Teacher>,
    /// The latest weights with a finite loss.
    last_finite: ResNet,
    batches: BatchSampler,
    control: Control,
    pub(super) position: Position,
    pub(super) totals: EpochTotals,
    pub(super) plateau: Plateau,
    /// The SWA mean with recomputed batch norm statistics, at the end of the run. Not in checkpoints: a resumed run
    /// recomputes it.
    recalibrated: Option<ResNet>,
    /// The factors on the learning rates of the parts, once measured.
    pub(super) part_rates: Option<PartRates>,
    pub(super) best: Option<BestEpoch>,
    phase: Phase,
    paused: bool,
    stopping: bool,
    started: Instant,
    epoch_started: Instant,
}

impl Session {
    /// A run on `device` that replaces the head of `pretrained`, trains on `train` and validates on `validation`.
    ///
    /// `validation` may be empty only if the strategy does not train; the run then ends without a report.
    ///
    /// # Errors
    /// An option is out of range, there are no images, or the two datasets have different tasks.
    pub fn new(
        config: TrainConfig,
        pretrained: ResNet,
        train: Dataset,
        validation: Dataset,
        device: &Device,
    ) -> Result<Self, TrainError> {
        let outputs = outputs(&train.tasks);
        let features = pretrained.architecture.feature_width();
        let autodiff = device.clone().autodiff();
        let mut network = pretrained;
        network.fc = Head::init(config.head_init, outputs, features, config.seed, &autodiff);
        let mut optimizer = Optimizer::new(config.optimizer_config());
        if config.l2_sp > 0.0 {
            let backbone =
                |name: &str| Part::of_parameter(name) < Part::Head && !is_running_statistic(name);
            optimizer = optimizer.with_pretrained(values(&network, backbone));
        }
        let mut session = Self::assemble(config, network, optimizer, train, validation, device)?;
        session.enter_segment(0);
        Ok(session)
    }

    /// A run before its first step, with this network (head included) and optimizer.
    pub(super) fn assemble(
        config: TrainConfig,
        network: ResNet,
        optimizer: Optimizer,
        train: Dataset,
        validation: Dataset,
        device: &Device,
    ) -> Result<Self, TrainError> {
        check_datasets(&train, &validation, config.trains())?;
        config.validate(&Context::of(&train.tasks, train.len()))?;

        let tasks = &train.tasks;
        let counts: Vec<_> = (0..tasks.len()).map(|task| train.counts_of(task)).collect();
        let encoder =
            TargetEncoder::new(tasks, &config.class_weights, &counts, config.label_smoothing);
        let objective =
            Objective::new(tasks, config.loss_config()).with_distillation(config.distillation());
        let weighting = TaskWeighting::new(&config.task_weights, tasks);
        let batches = BatchSampler {
            examples: train.len(),
            batch_size: config.batch_size as usize,
            min_size: if config.norm_mode() == NormMode::BatchStatistics { 2 } else { 1 },
        };
        let plan = Plan::new(&config, batches.count());
        let (dropout, clip_norm) = (config.dropout, config.clip_norm);
        let now = Instant::now();
        Ok(Self {
            data_loader: DataLoader::new(train, encoder, &config),
            last_finite: network.clone(),
            learner: Learner::new(network, optimizer, objective, weighting, dropout, clip_norm),
            teacher: None,
            device: device.clone(),
            plan,
            batches,
            control: Control::default(),
            position: Position::default(),
            totals: EpochTotals::default(),
            plateau: Plateau::default(),
            recalibrated: None,
            part_rates: None,
            best: None,
            phase: Phase::Start,
            paused: false,
            stopping: false,
            started: now,
            epoch_started: now,
            config,
            validation,
        })
    }

    /// Adds a teacher: a trained network with the same outputs, for the loss of [`TrainConfig::distillation`].
    pub fn with_teacher(self, teacher: &ResNet) -> Self {
        Self { teacher: Some(Teacher::new(teacher, self.data_loader.dataset.len())), ..self }
    }

    /// Limits the activation cache to `bytes` of memory; the rest goes to the storage that `spill` creates. The default
    /// is unlimited memory. Call it before the run starts.
    pub fn limit_cache(&mut self, bytes: u64, spill: Option<SpillSource>) {
        self.data_loader.limit_cache(bytes, spill);
        self.start_cache();
    }

    /// Whether a part of the run trains on cached activations.
    pub fn caches_activations(&self) -> bool {
        self.plan.segments.iter().any(|segment| segment.images != SegmentImages::Augmented)
    }

    /// Whether `position` is consistent and within the run.
    pub(super) fn can_reach(&self, position: Position) -> bool {
        let Position { epoch, step_in_epoch, step } = position;
        let per_epoch = self.plan.steps_per_epoch;
        epoch <= self.plan.epochs()
            && step_in_epoch <= per_epoch
            && u64::from(epoch)
                .checked_mul(per_epoch)
                .and_then(|steps| steps.checked_add(step_in_epoch))
                == Some(step)
    }

    /// Continues from the position of a checkpoint.
    pub(super) fn move_to(
        &mut self,
        position: Position,
        totals: EpochTotals,
        best: Option<BestEpoch>,
    ) {
        self.position = position;
        self.totals = totals;
        self.best = best;
        self.data_loader.begin_epoch(position.epoch);
        self.enter_segment(self.plan.index_at(position.epoch));
    }

    /// The handle by which the host pauses, resumes or stops the run.
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// The options of the run.
    pub fn config(&self) -> &TrainConfig {
        &self.config
    }

    /// The tasks, in the order of the outputs.
    pub fn tasks(&self) -> &[Task] {
        &self.data_loader.dataset.tasks
    }

    /// Names of the first task's classes, in the order of the logits.
    pub fn classes(&self) -> &[String] {
        self.data_loader.dataset.classes()
    }

    /// Whether the weights have changed since the start.
    pub fn has_trained(&self) -> bool {
        self.position.step > 0 || self.best.is_some()
    }

    /// The position in the run.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Whether a checkpoint taken now can continue the run: not before the first step, and not once the run is
    /// stopping. A resumed run repeats a validation or the filling of the cache that was in progress.
    pub fn can_be_resumed(&self) -> bool {
        let in_progress = match self.phase {
            Phase::Train | Phase::Validate(_) | Phase::Recalibrate { .. } | Phase::Finish => true,
            Phase::FillCache | Phase::MeasureGradients(_) => self.position.step > 0,
            Phase::Start | Phase::Ended => false,
        };
        !self.stopping && in_progress
    }

    /// The network of the best epoch; before the first epoch ends, the latest network with a finite loss.
    pub fn best_network(&self) -> &ResNet {
        self.best.as_ref().map_or(&self.last_finite, |best| &best.network)
    }

    /// Whether the next piece of work is an optimizer step.
    pub fn is_training(&self) -> bool {
        matches!(self.phase, Phase::Train)
    }

    /// The best epoch, once an epoch has ended.
    pub fn best(&self) -> Option<&BestEpoch> {
        self.best.as_ref()
    }

    /// The first `count` images of the next batch, augmented but not mixed, and their classes; `None` for unlabeled
    /// images.
    pub fn preview(&self, count: usize) -> (Batch, Vec<Option<usize>>) {
        let indices = self.data_loader.indices(self.batches.range(self.position.step_in_epoch));
        let indices = &indices[..count.min(indices.len())];
        let examples = &self.data_loader.dataset.examples;
        let classes = indices.iter().map(|&index| examples[index].class()).collect();
        (self.data_loader.augmented(indices, self.position.epoch), classes)
    }

    /// Does the next piece of work and returns what happened; `None` at the end of the run. While the run is paused,
    /// it waits without blocking.
    ///
    /// # Errors
    /// The device failed or the loss is not finite. The run then ends; [`Session::best_network`] still has usable
    /// weights.
    pub async fn next(&mut self) -> Result<Option<Event>, TrainError> {
        if matches!(self.phase, Phase::Ended) {
            return Ok(None);
        }
        if self.control.requested() == RunState::Paused && !self.paused {
            self.paused = true;
            return Ok(Some(Event::Paused));
        }
        self.control.wait_while_paused().await;
        if std::mem::take(&mut self.paused) && self.control.requested() == RunState::Running {
            return Ok(Some(Event::Resumed));
        }
        if self.control.requested() == RunState::Stopped && !self.stopping {
            self.begin_stop()?;
        }
        if !matches!(self.phase, Phase::Start)
            && let Some(problem) = self.data_loader.cache_problem.take()
        {
            return Ok(Some(Event::CacheDropped { problem }));
        }
        self.work().await
    }

    async fn work(&mut self) -> Result<Option<Event>, TrainError> {
        match std::mem::replace(&mut self.phase, Phase::Ended) {
            Phase::Start => {
                self.phase = self.phase_at_position();
                Ok(Some(self.started_event()))
            }
            Phase::FillCache => self.fill_cache().await.map(Some),
            Phase::MeasureGradients(ratios) => self.measure_gradients(ratios).await.map(Some),
            Phase::Train => self.train_step().await.map(Some),
            Phase::Recalibrate { batch } => self.recalibrate(batch).map(Some),
            Phase::Validate(state) => self.validate(state).await.map(Some),
            Phase::Finish => Ok(Some(self.done_event())),
            Phase::Ended => Ok(None),
        }
    }

    /// Ends the run: immediately if an epoch has ended, otherwise after validating the current weights.
    fn begin_stop(&mut self) -> Result<(), TrainError> {
        self.stopping = true;
        self.phase = match self.best {
            Some(_) => Phase::Finish,
            None if self.position.step == 0 => {
                self.phase = Phase::Ended;
                return Err(TrainError::NothingTrained);
            }
            None if self.validation.is_empty() => Phase::Finish,
            None => self.validation_phase(),
        };
        Ok(())
    }

    fn validation_phase(&self) -> Phase {
        let first = if self.data_loader.caches_validation() {
            self.learner.trainable().first()
        } else {
            Part::Stem
        };
        let network = FoldedResNet::after(self.validated_network(), first);
        Phase::Validate(Box::new((network, Evaluator::new(self.tasks()))))
    }

    fn phase_at_position(&self) -> Phase {
        let Position { epoch, step_in_epoch, .. } = self.position;
        if self.stopping || epoch == self.plan.epochs() || self.patience_is_exhausted() {
            Phase::Finish
        } else if self.data_loader.is_filling_cache() {
            Phase::FillCache
        } else if step_in_epoch == self.plan.steps_per_epoch {
            let averages = matches!(self.config.averaging(), Averaging::Stochastic { .. });
            if averages && epoch + 1 == self.plan.epochs() && self.learner.average.is_some() {
                Phase::Recalibrate { batch: 0 }
            } else {
                self.validation_phase()
            }
        } else if self.segment().surgical && self.part_rates.is_none() {
            Phase::MeasureGradients(Box::default())
        } else {
            Phase::Train
        }
    }

    /// Early stopping: whether validation has not improved for [`TrainConfig::patience`] epochs.
    fn patience_is_exhausted(&self) -> bool {
        let (Some(patience), Some(best)) = (self.config.patience, &self.best) else { return false };
        let since = best.epoch.max(self.plan.last_segment_start());
        self.position.epoch >= since.saturating_add(patience)
    }

    fn segment(&self) -> &Segment {
        &self.plan.segments[self.plan.index_at(self.position.epoch)]
    }

    /// The optimizer of an epoch, counted from 0.
    pub(super) fn optimizer_at(&self, epoch: u32) -> OptimizerConfig {
        self.plan.segments[self.plan.index_at(epoch)].optimizer
    }

    fn started_event(&self) -> Event {
        let last = self.plan.segments.last();
        let trainable = last.map_or(self.learner.trainable(), |segment| segment.trainable);
        let trains = self.config.trains();
        Event::Started {
            tasks: self.tasks().to_vec(),
            train_examples: self.data_loader.dataset.len(),
            validation_examples: self.validation.len(),
            trainable_parameters: count_trainable(&self.learner.network, trainable),
            epochs: self.plan.epochs(),
            steps_per_epoch: if trains { self.plan.steps_per_epoch } else { 0 },
            step: self.position.step,
        }
    }

    fn done_event(&self) -> Event {
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

/// Checks the datasets; `validation` may be empty only if the strategy does not train.
fn check_datasets(train: &Dataset, validation: &Dataset, trains: bool) -> Result<(), TrainError> {
    train.validate_for_training()?;
    match validation.is_empty() {
        false => validation.validate_for_evaluation()?,
        true if trains => return Err(TrainError::NothingToValidate),
        true => {}
    }
    if same_outputs(&train.tasks, &validation.tasks) { Ok(()) } else { Err(TrainError::Tasks) }
}

/// Whether the tasks are equal, except for the standardization of numbers.
fn same_outputs(train: &[Task], validation: &[Task]) -> bool {
    use tunelab_core::data::task::TaskKind::Number;
    train.len() == validation.len()
        && train.iter().zip(validation).all(|(a, b)| {
            a.name == b.name
                && match (&a.kind, &b.kind) {
                    (Number { .. }, Number { .. }) => true,
                    (a, b) => a == b,
                }
        })
}
