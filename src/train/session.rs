//! A training run as a loop that the host turns, one small piece of work at a time.

mod step;
mod validation;

use burn::tensor::Device;
use web_time::Instant;

use super::config::TrainConfig;
use super::control::{Control, Wish};
use super::error::TrainError;
use super::event::Event;
use super::features::FeatureCache;
use super::loss::CrossEntropy;
use super::optimizer::Optimizer;
use super::order::{Batches, shuffled};
use super::progress::{Best, Position, Tally};
use super::schedule::LearningRate;
use crate::data::batch::Batch;
use crate::data::dataset::Dataset;
use crate::eval::evaluator::Evaluation;
use crate::model::params::{count_trainable, train_from};
use crate::model::{FoldedBackbone, FoldedResNet, Head, NormMode, Part, ResNet};

/// What the next piece of work is.
enum Phase {
    Start,
    /// The frozen backbone computes every image's features.
    Features(Box<(FoldedBackbone, Features)>),
    Train,
    Validate(Box<(FoldedResNet, Evaluation)>),
    Finish,
    Ended,
}

/// The features of both parts of the data, where only the head is trained.
struct Features {
    train: FeatureCache,
    validation: FeatureCache,
}

/// A training run. [`Session::next`] does the next piece of work: one optimizer step, one batch of
/// features, one batch of validation. Between two calls the host may do anything; from anywhere it
/// may pause, resume or stop the run by the session's [`Control`].
pub struct Session {
    pub(super) config: TrainConfig,
    pub(super) train: Dataset,
    pub(super) validation: Dataset,
    device: Device,
    /// On the device with autodiff.
    pub(super) network: ResNet,
    /// The newest weights whose loss was seen to be finite.
    known_good: ResNet,
    /// What runs before the trained parts; none where the stem is trained, or features are kept.
    frozen: Option<FoldedBackbone>,
    features: Option<Features>,
    pub(super) optimizer: Optimizer,
    loss: CrossEntropy,
    rate: LearningRate,
    batches: Batches,
    control: Control,
    /// This epoch's order of the training images.
    order: Vec<usize>,
    pub(super) position: Position,
    pub(super) tally: Tally,
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
    /// # Errors
    /// A choice out of range, no images, or classes that do not match.
    pub fn new(
        config: TrainConfig,
        pretrained: ResNet,
        train: Dataset,
        validation: Dataset,
        device: &Device,
    ) -> Result<Self, TrainError> {
        let classes = train.classes.len();
        let features = pretrained.architecture.feature_width();
        let autodiff = device.clone().autodiff();
        let mut network = pretrained;
        network.fc = Head::init(config.head_init, classes, features, config.seed, &autodiff);
        let optimizer = Optimizer::new(config.optimizer);
        Self::assemble(config, network, optimizer, train, validation, device)
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
        train.validate_for_training()?;
        validation.validate_for_evaluation()?;
        if train.classes.len() != validation.classes.len() {
            return Err(TrainError::Classes {
                train: train.classes.len(),
                validation: validation.classes.len(),
            });
        }
        config.validate(train.classes.len())?;
        config.augmentation.validate()?;

        let first = config.strategy.first_trainable();
        let mut network = train_from(network, first);
        network.set_norm_mode(first, config.norm_mode());
        let loss = CrossEntropy {
            label_smoothing: config.label_smoothing,
            class_weights: config.class_weights.resolve(&train.class_counts()),
        };
        let batches = Batches {
            examples: train.len(),
            batch_size: config.batch_size,
            smallest: if config.norm_mode() == NormMode::BatchStatistics { 2 } else { 1 },
        };
        let steps_per_epoch = batches.count();
        let rate = LearningRate {
            peak: config.learning_rate,
            schedule: config.schedule,
            warmup_steps: (config.warmup_epochs * steps_per_epoch as f64).round() as u64,
            steps_per_epoch,
            total_steps: steps_per_epoch * u64::from(config.epochs),
        };
        let between = first > Part::Stem && first < Part::Head;
        let now = Instant::now();
        Ok(Self {
            frozen: between.then(|| FoldedBackbone::before(&network, first)),
            features: None,
            known_good: network.clone(),
            network,
            device: device.clone(),
            optimizer,
            loss,
            rate,
            batches,
            control: Control::default(),
            order: shuffled(train.len(), config.seed, 0),
            position: Position::default(),
            tally: Tally::default(),
            best: None,
            phase: Phase::Start,
            paused: false,
            stopping: false,
            started: now,
            epoch_started: now,
            config,
            train,
            validation,
        })
    }

    /// Whether a run like this one passes through `position`.
    pub(super) fn passes(&self, position: Position) -> bool {
        let Position { epoch, step_in_epoch, step } = position;
        let per_epoch = self.rate.steps_per_epoch;
        epoch <= self.config.epochs
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
        self.order = shuffled(self.train.len(), self.config.seed, position.epoch);
    }

    /// The handle by which the host pauses, resumes or stops the run.
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// The choices of the run.
    pub fn config(&self) -> &TrainConfig {
        &self.config
    }

    /// Names of the classes, in the order of the logits.
    pub fn classes(&self) -> &[String] {
        &self.train.classes
    }

    /// Whether there are weights that differ from those it started with.
    pub fn has_trained(&self) -> bool {
        self.position.step > 0
    }

    /// How far it has come.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Whether a checkpoint taken now continues the run: not before its first step, and not once it
    /// is stopping. A validation under way is begun again by the resumed run.
    pub fn can_be_resumed(&self) -> bool {
        !self.stopping && matches!(self.phase, Phase::Train | Phase::Validate(_) | Phase::Finish)
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

    /// The first `count` images of the next step's batch as the network will see them.
    pub fn preview(&self, count: usize) -> Batch {
        let indices = &self.order[self.batches.range(self.position.step_in_epoch)];
        let indices = &indices[..count.min(indices.len())];
        self.batch(indices)
    }

    /// The training images at `indices` as this epoch sees them.
    fn batch(&self, indices: &[usize]) -> Batch {
        let TrainConfig { augmentation, seed, .. } = &self.config;
        Batch::augmented(&self.train, indices, augmentation, *seed, self.position.epoch)
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
                self.phase = if self.config.strategy.first_trainable() == Part::Head {
                    let backbone = FoldedBackbone::before(&self.network, Part::Head);
                    let width = self.network.architecture.feature_width();
                    let (train, validation) = (FeatureCache::new(width), FeatureCache::new(width));
                    Phase::Features(Box::new((backbone, Features { train, validation })))
                } else {
                    self.phase_at_position()
                };
                Ok(Some(self.started_event()))
            }
            Phase::Features(state) => self.compute_features(state).await.map(Some),
            Phase::Train => self.train_step().await.map(Some),
            Phase::Validate(state) => self.validate(state).await.map(Some),
            Phase::Finish => Ok(self.done_event()),
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
            None => self.validation_phase(),
        };
        Ok(())
    }

    fn validation_phase(&self) -> Phase {
        let evaluation = Evaluation::new(self.train.classes.len());
        Phase::Validate(Box::new((FoldedResNet::new(&self.network), evaluation)))
    }

    fn phase_at_position(&self) -> Phase {
        if self.stopping || self.position.epoch == self.config.epochs {
            Phase::Finish
        } else if self.position.step_in_epoch == self.rate.steps_per_epoch {
            self.validation_phase()
        } else {
            Phase::Train
        }
    }

    fn started_event(&self) -> Event {
        Event::Started {
            classes: self.train.classes.clone(),
            train_examples: self.train.len(),
            validation_examples: self.validation.len(),
            trainable_parameters: count_trainable(
                &self.network,
                self.config.strategy.first_trainable(),
            ),
            epochs: self.config.epochs,
            steps_per_epoch: self.rate.steps_per_epoch,
            step: self.position.step,
        }
    }

    fn done_event(&self) -> Option<Event> {
        let best = self.best.as_ref()?;
        Some(Event::Done {
            top1: best.report.top1,
            loss: best.report.loss,
            macro_f1: best.report.macro_f1,
            seconds: self.started.elapsed().as_secs_f64(),
            best_epoch: best.epoch,
            stopped: self.stopping,
        })
    }

    async fn compute_features(
        &mut self,
        mut state: Box<(FoldedBackbone, Features)>,
    ) -> Result<Event, TrainError> {
        let (backbone, Features { train, validation }) = &mut *state;
        let total = self.train.len() + self.validation.len();
        if train.done() < self.train.len() {
            train.advance(backbone, &self.train, &self.device).await?;
        } else {
            validation.advance(backbone, &self.validation, &self.device).await?;
        }
        let done = train.done() + validation.done();
        if done < total {
            self.phase = Phase::Features(state);
        } else {
            self.features = Some(state.1);
            self.epoch_started = Instant::now();
            self.phase = self.phase_at_position();
        }
        Ok(Event::Features { done, total })
    }
}
