//! A training run as a loop that the host turns, one small piece of work at a time.

use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use web_time::Instant;

use super::config::{ConfigError, TrainConfig};
use super::control::{Control, Wish};
use super::event::Event;
use super::features::FeatureCache;
use super::gradients;
use super::loss::CrossEntropy;
use super::optimizer::Optimizer;
use super::order::{Batches, shuffled};
use super::schedule::LearningRate;
use crate::data::batch::Batch;
use crate::data::dataset::{DataError, Dataset};
use crate::error::ComputeError;
use crate::eval::Report;
use crate::eval::evaluator::{Evaluation, predicted_class};
use crate::model::params::{count_trainable, read, train_from};
use crate::model::{FoldedBackbone, FoldedResNet, Head, NormMode, Part, ResNet};

/// A run could not start or go on.
#[derive(Debug, Error)]
pub enum TrainError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(transparent)]
    Compute(#[from] ComputeError),
    #[error(
        "the training images belong to {train} classes, the validation images to {validation}; both need the same classes"
    )]
    Classes { train: usize, validation: usize },
    #[error(
        "the loss became {loss} in step {step}, so training stopped with the last good weights; try a lower learning rate than {learning_rate}"
    )]
    NonFinite { step: u64, loss: f64, learning_rate: f64 },
    #[error("training was stopped before its first step, so there is nothing to keep")]
    NothingTrained,
}

/// How far a run has come. Counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Position {
    pub epoch: u32,
    /// Optimizer steps of this epoch done.
    pub step_in_epoch: u64,
    /// Optimizer steps of the run done.
    pub step: u64,
}

/// Sums over the training images of an epoch under way.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Tally {
    pub loss_sum: f64,
    pub images: usize,
    pub right: usize,
    pub seconds: f64,
}

/// The best epoch so far.
#[derive(Debug, Clone)]
pub struct Best {
    /// Counted from 1.
    pub epoch: u32,
    pub report: Report,
    pub network: ResNet,
}

/// What the next piece of work is.
enum Phase {
    Start,
    /// The frozen backbone computes every image's features.
    Features(Box<FoldedBackbone>),
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
        let width = network.architecture.feature_width();
        let now = Instant::now();
        Ok(Self {
            frozen: between.then(|| FoldedBackbone::before(&network, first)),
            features: (first == Part::Head).then(|| Features {
                train: FeatureCache::new(width),
                validation: FeatureCache::new(width),
            }),
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

    /// Whether a checkpoint taken now would be complete: not while features are computed or the
    /// epoch is being validated, which a resumed run does again anyway.
    pub fn at_step_boundary(&self) -> bool {
        matches!(self.phase, Phase::Train | Phase::Finish)
    }

    /// The network to keep: the best epoch's, or the last good one where no epoch was finished.
    pub fn best_network(&self) -> &ResNet {
        self.best.as_ref().map_or(&self.known_good, |best| &best.network)
    }

    /// The best epoch's report, where one was finished.
    pub fn best_report(&self) -> Option<&Report> {
        self.best.as_ref().map(|best| &best.report)
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
                self.phase = match &self.features {
                    Some(_) => {
                        let backbone = FoldedBackbone::before(&self.network, Part::Head);
                        Phase::Features(Box::new(backbone))
                    }
                    None => self.phase_at_position(),
                };
                Ok(Some(self.started_event()))
            }
            Phase::Features(backbone) => self.compute_features(backbone).await.map(Some),
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
        backbone: Box<FoldedBackbone>,
    ) -> Result<Event, TrainError> {
        let total = self.train.len() + self.validation.len();
        let Some(features) = &mut self.features else {
            unreachable!("only a run that keeps features is in this phase");
        };
        let (cache, dataset) = if features.train.done() < self.train.len() {
            (&mut features.train, &self.train)
        } else {
            (&mut features.validation, &self.validation)
        };
        cache.advance(&backbone, dataset, &self.device).await?;
        let done = features.train.done() + features.validation.done();
        self.phase = if done < total {
            Phase::Features(backbone)
        } else {
            self.epoch_started = Instant::now();
            self.phase_at_position()
        };
        Ok(Event::Features { done, total })
    }

    async fn train_step(&mut self) -> Result<Event, TrainError> {
        let started = Instant::now();
        let indices = self.order[self.batches.range(self.position.step_in_epoch)].to_vec();
        let labels: Vec<usize> =
            indices.iter().map(|&index| self.train.examples[index].label).collect();
        let denominator = self.loss.denominator(&labels);
        let before = self.network.clone();

        let mut accumulator = GradientsAccumulator::new();
        let (mut loss, mut right) = (0.0, 0);
        for piece in indices.chunks(indices.len().div_ceil(self.config.accumulation)) {
            let (logits, labels) = self.forward(piece);
            let [n, classes] = logits.dims();
            let piece_loss = self.loss.forward(logits.clone(), &labels, denominator);
            let gradients = GradientsParams::from_grads(piece_loss.backward(), &self.network);
            accumulator.accumulate(&self.network, gradients);

            // One read for both: each costs a round trip to the device.
            let read_back = Tensor::cat(vec![logits.reshape([n * classes]), piece_loss], 0);
            let values = read(read_back.without_autodiff()).await?;
            loss += f64::from(values[n * classes]);
            let rows = values[..n * classes].chunks_exact(classes);
            right +=
                rows.zip(&labels).filter(|(row, label)| predicted_class(row) == **label).count();
        }

        let learning_rate = self.rate.at(self.position.step);
        if !loss.is_finite() {
            self.network = self.known_good.clone();
            return Err(TrainError::NonFinite {
                step: self.position.step + 1,
                loss,
                learning_rate,
            });
        }
        self.known_good = before;

        let mut gradients = accumulator.grads();
        if let Some(max_norm) = self.config.clip_norm {
            gradients = gradients::clip(&self.network, gradients, max_norm);
        }
        let network = self.network.clone();
        self.network = self.optimizer.step(network, gradients, |_| learning_rate);

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
            total_steps: self.rate.total_steps,
            loss,
            learning_rate,
            images: indices.len(),
            seconds,
        })
    }

    /// The logits of the training images at `indices`, tracked by autodiff, and their labels.
    fn forward(&mut self, indices: &[usize]) -> (Tensor<2>, Vec<usize>) {
        if let Some(features) = &self.features {
            let rows = features.train.rows(indices, &self.device).autodiff();
            let labels = indices.iter().map(|&index| self.train.examples[index].label).collect();
            return (self.network.fc.forward(rows), labels);
        }
        let batch = Batch::augmented(
            &self.train,
            indices,
            &self.config.augmentation,
            self.config.seed,
            self.position.epoch,
        );
        let labels = batch.labels.clone();
        let images = batch.into_images(&self.device);
        let input = match &self.frozen {
            Some(frozen) => frozen.activations(images),
            None => images,
        };
        let first = self.config.strategy.first_trainable();
        (self.network.forward_from(first, input.autodiff()), labels)
    }

    async fn validate(
        &mut self,
        state: Box<(FoldedResNet, Evaluation)>,
    ) -> Result<Event, TrainError> {
        let (network, mut evaluation) = *state;
        match &self.features {
            Some(features) => {
                let all: Vec<usize> = (0..self.validation.len()).collect();
                let logits = network.classify(features.validation.rows(&all, &self.device));
                evaluation.add(logits, &self.validation.labels()).await?;
            }
            None => evaluation.advance(&network, &self.validation, &self.device).await?,
        }
        let (done, total) = (evaluation.done(), self.validation.len());
        if done < total {
            self.phase = Phase::Validate(Box::new((network, evaluation)));
            return Ok(Event::Validating { epoch: self.position.epoch + 1, done, total });
        }
        Ok(self.end_epoch(evaluation.report()))
    }

    fn end_epoch(&mut self, report: Report) -> Event {
        let epoch = self.position.epoch + 1;
        let best = self.best.as_ref().is_none_or(|best| report.is_better_than(&best.report));
        if best {
            self.best = Some(Best { epoch, report: report.clone(), network: self.network.clone() });
        }
        let tally = std::mem::take(&mut self.tally);
        let images = tally.images.max(1) as f64;
        let event = Event::Epoch {
            epoch,
            train_loss: tally.loss_sum / images,
            train_top1: tally.right as f64 / images,
            validation: report,
            best,
            seconds: self.epoch_started.elapsed().as_secs_f64(),
            images_per_second: images / tally.seconds.max(1e-9),
        };
        self.position.epoch = epoch;
        self.position.step_in_epoch = 0;
        self.order = shuffled(self.train.len(), self.config.seed, epoch);
        self.epoch_started = Instant::now();
        self.phase = self.phase_at_position();
        event
    }
}
