//! A training run as a loop that the host turns, one small piece of work at a time.

mod averaging;
mod class_means;
mod ends;
mod feed;
mod segment;
mod step;
mod surgery;
mod teaching;
mod trial_rate;
mod validation;

use burn::tensor::Device;
use web_time::Instant;

use super::cache::Spill;
use super::control::{Control, Wish};
use super::error::TrainError;
use super::learner::Learner;
use super::objective::Objective;
use super::optimizer::Optimizer;
use super::order::Batches;
use super::progress::{Best, Position, Tally};
use super::targets::TargetEncoder;
use super::task_weighting::TaskWeighting;
use crate::data::batch::Batch;
use crate::data::dataset::Dataset;
use crate::error::ComputeError;
use crate::eval::evaluator::Evaluation;
use crate::model::folded::FoldedResNet;
use crate::model::head::Head;
use crate::model::params::values;
use crate::model::resnet::ResNet;
use feed::Feed;
pub use surgery::PartRates;
use surgery::Surgery;
use teaching::Teacher;
use tunelab_core::data::task::{Task, outputs};
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::NormMode;
use tunelab_core::options::context::Context;
use tunelab_core::options::table::TrainConfig;
use tunelab_core::train::event::Event;
use tunelab_core::train::optimizer::{Averaging, OptimizerConfig};
use tunelab_core::train::plan::{Plan, Segment};
use tunelab_core::train::schedule::Plateau;
use validation::check_parts;

/// What the next piece of work is.
enum Phase {
    Start,
    /// The frozen parts compute the activations that are kept.
    Cache,
    /// The pull of the data on each part is measured.
    Surgery(Box<Surgery>),
    Train,
    /// The averaged network measures its norms' statistics anew, from this batch on.
    Recalibrate {
        batch: u64,
    },
    Validate(Box<(FoldedResNet, Evaluation)>),
    Finish,
    Ended,
}

/// Makes a place for the activations that memory has no room for.
pub type SpillSource = Box<dyn FnMut() -> Result<Box<dyn Spill>, ComputeError>>;

/// A training run. [`Session::next`] does the next piece of work: one optimizer step, one batch of
/// activations, one batch of validation. Between two calls the host may do anything; from anywhere it
/// may pause, resume or stop the run by the session's [`Control`].
pub struct Session {
    pub(super) config: TrainConfig,
    pub(super) validation: Dataset,
    device: Device,
    plan: Plan,
    pub(super) feed: Feed,
    pub(super) learner: Learner,
    teacher: Option<Teacher>,
    /// The newest weights whose loss was seen to be finite.
    known_good: ResNet,
    batches: Batches,
    control: Control,
    pub(super) position: Position,
    pub(super) tally: Tally,
    pub(super) plateau: Plateau,
    /// The mean over the epochs, its norms measured anew, at the end of the run. Not in a checkpoint: a
    /// resumed run makes it again.
    settled: Option<ResNet>,
    /// What each part's learning rate is multiplied with, once it is found.
    pub(super) part_rates: Option<PartRates>,
    pub(super) best: Option<Best>,
    phase: Phase,
    paused: bool,
    stopping: bool,
    started: Instant,
    epoch_started: Instant,
}

impl Session {
    /// A run that puts a new head on `pretrained` (its own head is not used) and trains it on `train`,
    /// validating on `validation`, computing on `device`.
    ///
    /// Where the strategy does not train, there may be nothing to validate on: the run then ends without a
    /// report.
    ///
    /// # Errors
    /// A choice out of range, no images, or tasks that do not match.
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
            let backbone = |name: &str| {
                Part::of_parameter(name) < Part::Head
                    && !tunelab_core::model::parameter_name::is_running_statistic(name)
            };
            optimizer = optimizer.with_anchor(values(&network, backbone));
        }
        let mut session = Self::assemble(config, network, optimizer, train, validation, device)?;
        session.enter_segment(0);
        Ok(session)
    }

    /// A run at its beginning, with this network (head included) and optimizer.
    pub(super) fn assemble(
        config: TrainConfig,
        network: ResNet,
        optimizer: Optimizer,
        train: Dataset,
        validation: Dataset,
        device: &Device,
    ) -> Result<Self, TrainError> {
        check_parts(&train, &validation, config.trains())?;
        config.validate(&Context::of(&train.tasks, train.len()))?;

        let tasks = &train.tasks;
        let counts: Vec<_> = (0..tasks.len()).map(|task| train.counts_of(task)).collect();
        let encoder =
            TargetEncoder::new(tasks, &config.class_weights, &counts, config.label_smoothing);
        let objective =
            Objective::new(tasks, config.loss_config()).with_distillation(config.distillation());
        let weighting = TaskWeighting::new(&config.task_weights, tasks);
        let batches = Batches {
            examples: train.len(),
            batch_size: config.batch_size as usize,
            smallest: if config.norm_mode() == NormMode::BatchStatistics { 2 } else { 1 },
        };
        let plan = Plan::new(&config, batches.count());
        let (dropout, clip_norm) = (config.dropout, config.clip_norm);
        let now = Instant::now();
        Ok(Self {
            feed: Feed::new(train, encoder, &config),
            known_good: network.clone(),
            learner: Learner::new(network, optimizer, objective, weighting, dropout, clip_norm),
            teacher: None,
            device: device.clone(),
            plan,
            batches,
            control: Control::default(),
            position: Position::default(),
            tally: Tally::default(),
            plateau: Plateau::default(),
            settled: None,
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

    /// The run with a teacher, a trained network with the same outputs, whose answers it learns from as
    /// [`TrainConfig::distillation`] says.
    pub fn with_teacher(self, teacher: &ResNet) -> Self {
        Self { teacher: Some(Teacher::new(teacher, self.feed.dataset.len())), ..self }
    }

    /// Keeps at most `bytes` of activations in memory, and more in what `spill` makes. Without this all
    /// are kept in memory. To be said before the run begins.
    pub fn limit_cache(&mut self, bytes: u64, spill: Option<SpillSource>) {
        self.feed.limit(bytes, spill);
        self.begin_to_keep();
    }

    /// Whether a run like this one passes through `position`.
    pub(super) fn passes(&self, position: Position) -> bool {
        let Position { epoch, step_in_epoch, step } = position;
        let per_epoch = self.plan.steps_per_epoch;
        epoch <= self.plan.epochs()
            && step_in_epoch <= per_epoch
            && u64::from(epoch)
                .checked_mul(per_epoch)
                .and_then(|steps| steps.checked_add(step_in_epoch))
                == Some(step)
    }

    /// Continues from where a checkpoint was taken.
    pub(super) fn go_to(&mut self, position: Position, tally: Tally, best: Option<Best>) {
        self.position = position;
        self.tally = tally;
        self.best = best;
        self.feed.begin_epoch(position.epoch);
        self.enter_segment(self.plan.index_at(position.epoch));
    }

    /// The handle by which the host pauses, resumes or stops the run.
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// The choices of the run.
    pub fn config(&self) -> &TrainConfig {
        &self.config
    }

    /// What is predicted, in the order of the outputs.
    pub fn tasks(&self) -> &[Task] {
        &self.feed.dataset.tasks
    }

    /// Names of the first task's classes, in the order of the logits.
    pub fn classes(&self) -> &[String] {
        self.feed.dataset.classes()
    }

    /// Whether there are weights that differ from those it started with.
    pub fn has_trained(&self) -> bool {
        self.position.step > 0 || self.best.is_some()
    }

    /// How far it has come.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Whether a checkpoint taken now continues the run: not before its first step, and not once it
    /// is stopping. What was under way (a validation, the keeping of activations) is begun again by the
    /// resumed run.
    pub fn can_be_resumed(&self) -> bool {
        let under_way = match self.phase {
            Phase::Train | Phase::Validate(_) | Phase::Recalibrate { .. } | Phase::Finish => true,
            Phase::Cache | Phase::Surgery(_) => self.position.step > 0,
            Phase::Start | Phase::Ended => false,
        };
        !self.stopping && under_way
    }

    /// The network to keep: the best epoch's, or the last good one where no epoch was finished.
    pub fn best_network(&self) -> &ResNet {
        self.best.as_ref().map_or(&self.known_good, |best| &best.network)
    }

    /// Whether the next piece of work is an optimizer step.
    pub fn is_training(&self) -> bool {
        matches!(self.phase, Phase::Train)
    }

    /// The best epoch, where one was finished.
    pub fn best(&self) -> Option<&Best> {
        self.best.as_ref()
    }

    /// The first `count` images of the next step's batch as the network will see them, but for being
    /// mixed with each other; with the class of each, where it is known.
    pub fn preview(&self, count: usize) -> (Batch, Vec<Option<usize>>) {
        let indices = self.feed.indices(self.batches.range(self.position.step_in_epoch));
        let indices = &indices[..count.min(indices.len())];
        let examples = &self.feed.dataset.examples;
        let classes = indices.iter().map(|&index| examples[index].class()).collect();
        (self.feed.augmented(indices, self.position.epoch), classes)
    }

    /// Does the next piece of work and tells what happened; `None` when the run is over. Waits,
    /// without blocking, while the run is paused.
    ///
    /// # Errors
    /// The device failed or the loss is not finite. The run is over then, and
    /// [`Session::best_network`] still holds good weights.
    pub async fn next(&mut self) -> Result<Option<Event>, TrainError> {
        if matches!(self.phase, Phase::Ended) {
            return Ok(None);
        }
        if self.control.wish() == Wish::Pause && !self.paused {
            self.paused = true;
            return Ok(Some(Event::Paused));
        }
        self.control.paused().await;
        if std::mem::take(&mut self.paused) && self.control.wish() == Wish::Run {
            return Ok(Some(Event::Resumed));
        }
        if self.control.wish() == Wish::Stop && !self.stopping {
            self.begin_stop()?;
        }
        self.work().await
    }

    async fn work(&mut self) -> Result<Option<Event>, TrainError> {
        match std::mem::replace(&mut self.phase, Phase::Ended) {
            Phase::Start => {
                self.phase = self.phase_at_position();
                Ok(Some(self.started_event()))
            }
            Phase::Cache => self.keep_activations().await.map(Some),
            Phase::Surgery(surgery) => self.examine(surgery).await.map(Some),
            Phase::Train => self.train_step().await.map(Some),
            Phase::Recalibrate { batch } => self.recalibrate(batch).map(Some),
            Phase::Validate(state) => self.validate(state).await.map(Some),
            Phase::Finish => Ok(Some(self.done_event())),
            Phase::Ended => Ok(None),
        }
    }

    /// Ends the run after what is needed to keep something: nothing where an epoch was finished, the
    /// validation of the current weights where none was.
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
        let first = if self.feed.keeps_validation() {
            self.learner.trainable().first()
        } else {
            Part::Stem
        };
        let network = FoldedResNet::after(self.validated_network(), first);
        Phase::Validate(Box::new((network, Evaluation::new(self.tasks()))))
    }

    fn phase_at_position(&self) -> Phase {
        let Position { epoch, step_in_epoch, .. } = self.position;
        if self.stopping || epoch == self.plan.epochs() || self.is_out_of_patience() {
            Phase::Finish
        } else if self.feed.must_keep_more() {
            Phase::Cache
        } else if step_in_epoch == self.plan.steps_per_epoch {
            let averages = matches!(self.config.averaging(), Averaging::Stochastic { .. });
            if averages && epoch + 1 == self.plan.epochs() && self.learner.average.is_some() {
                Phase::Recalibrate { batch: 0 }
            } else {
                self.validation_phase()
            }
        } else if self.segment().surgical && self.part_rates.is_none() {
            Phase::Surgery(Box::default())
        } else {
            Phase::Train
        }
    }

    /// Whether the validation has not become better for as many epochs as there is patience.
    fn is_out_of_patience(&self) -> bool {
        let (Some(patience), Some(best)) = (self.config.patience, &self.best) else { return false };
        let since = best.epoch.max(self.plan.last_segment_start());
        self.position.epoch >= since.saturating_add(patience)
    }

    fn segment(&self) -> &Segment {
        &self.plan.segments[self.plan.index_at(self.position.epoch)]
    }

    /// By which rule the weights move in an epoch, counted from 0.
    pub(super) fn optimizer_at(&self, epoch: u32) -> OptimizerConfig {
        self.plan.segments[self.plan.index_at(epoch)].optimizer
    }
}
