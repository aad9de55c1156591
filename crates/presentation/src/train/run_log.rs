//! What the page remembers of a run.

use crate::plot::curve::Curve;
use crate::train::time_left::{Remaining, Stopwatch};
use tunelab_core::data::task::{Task, TaskKind, first_classes};
use tunelab_core::train::event::Event;

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// There is no run.
    #[default]
    None,
    /// The pictures are brought to the network's size.
    Preparing,
    /// The frozen network computes what it sees in every picture.
    Looking,
    Training,
    /// The validation pictures are classified.
    Checking,
    Paused,
    /// Ended before its last epoch, as asked.
    Stopped,
    Finished,
    /// Could not start, or broke off.
    Failed,
}

impl Phase {
    /// What it is called on the page.
    pub fn words(self) -> &'static str {
        match self {
            Self::None => "Not started",
            Self::Preparing => "Preparing pictures",
            Self::Looking => "Looking at the pictures",
            Self::Training => "Training",
            Self::Checking => "Checking",
            Self::Paused => "Paused",
            Self::Stopped => "Stopped",
            Self::Finished => "Finished",
            Self::Failed => "Failed",
        }
    }

    /// Whether a run is under way.
    pub fn is_active(self) -> bool {
        matches!(
            self,
            Self::Preparing | Self::Looking | Self::Training | Self::Checking | Self::Paused
        )
    }
}

/// What is said by the share that a check gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Measure {
    /// Pictures sorted right. Only this one is measured in training too.
    #[default]
    Accuracy,
    /// Of labels.
    Precision,
    /// Of numbers.
    Explained,
    /// The mean over several tasks.
    Score,
}

impl Measure {
    /// How tasks are measured.
    pub fn of(tasks: &[Task]) -> Self {
        match tasks {
            [task] => match task.kind {
                TaskKind::Class { .. } => Self::Accuracy,
                TaskKind::Labels { .. } => Self::Precision,
                TaskKind::Number { .. } => Self::Explained,
            },
            _ => Self::Score,
        }
    }

    /// Over its chart.
    pub fn title(self) -> &'static str {
        if self == Self::Accuracy { "Accuracy" } else { "Score" }
    }

    /// What it is called on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::Precision => "precision (mAP)",
            Self::Explained => "share explained (R²)",
            Self::Score => "score",
        }
    }
}

/// An epoch's figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EpochFigures {
    /// Counted from 1.
    pub epoch: u32,
    pub train_top1: f64,
    pub validation_loss: f64,
    pub validation_top1: f64,
    /// Whether it was the best so far.
    pub best: bool,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ending {
    pub top1: f64,
    pub best_epoch: u32,
}

/// A run as the page shows it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunLog {
    /// Raised with everything taken in, over all runs.
    pub revision: u64,
    pub phase: Phase,
    /// What it was doing when it was paused.
    before_pause: Phase,
    /// Those of the first task.
    pub classes: Vec<String>,
    pub measure: Measure,
    pub train_examples: usize,
    pub validation_examples: usize,
    pub trainable_parameters: usize,
    /// Epochs of the whole run.
    pub planned_epochs: u32,
    pub steps_per_epoch: u64,
    /// The present epoch, counted from 1; 0 before the first step.
    pub epoch: u32,
    /// Steps done.
    pub step: u64,
    /// Learning rate of the latest step.
    pub learning_rate: f64,
    /// Images done and to be done, of the phase before or after the steps.
    pub images: Option<(usize, usize)>,
    /// Training loss of the steps, along the epochs.
    pub loss: Curve,
    pub epochs: Vec<EpochFigures>,
    pub ending: Option<Ending>,
    looked: bool,
    watch: Stopwatch,
}

impl RunLog {
    /// Takes in what happened since the last time, up to `now` (seconds), evenly as far as is known.
    pub fn apply_all(&mut self, events: &[Event], now: f64) {
        let before = self.watch.latest().unwrap_or(now);
        let each = (now - before) / events.len().max(1) as f64;
        for (index, event) in events.iter().enumerate() {
            self.apply(event, before + each * (index + 1) as f64);
        }
    }

    /// Takes in what happened at `now` (seconds).
    pub fn apply(&mut self, event: &Event, now: f64) {
        self.revision += 1;
        match event {
            Event::Started { .. } => self.started(event, now),
            Event::CachingActivations { done, total } => {
                let before = match self.images {
                    Some((before, _)) if self.phase == Phase::Looking => before,
                    _ => 0,
                };
                self.go_on(Phase::Looking);
                self.looked = true;
                self.images = Some((*done, *total));
                self.watch.features(done.saturating_sub(before), now);
            }
            Event::Step { epoch, step, loss, learning_rate, images, .. } => {
                self.go_on(Phase::Training);
                self.images = None;
                self.epoch = *epoch;
                self.step = *step;
                self.learning_rate = *learning_rate;
                self.loss.push(*step as f64 / self.steps_per_epoch.max(1) as f64, *loss);
                self.watch.step(*images, now);
            }
            Event::Validating { epoch, done, total } => {
                self.go_on(Phase::Checking);
                self.epoch = *epoch;
                self.images = Some((*done, *total));
                self.watch.validating(now);
            }
            Event::Epoch { epoch, train_top1, validation, best, .. } => {
                self.go_on(Phase::Training);
                self.images = None;
                self.epoch = *epoch;
                self.watch.validated(now);
                self.epochs.retain(|figures| figures.epoch < *epoch);
                self.epochs.push(EpochFigures {
                    epoch: *epoch,
                    train_top1: *train_top1,
                    validation_loss: validation.loss,
                    validation_top1: validation.score(),
                    best: *best,
                });
            }
            Event::Paused => {
                self.before_pause = self.phase;
                self.phase = Phase::Paused;
                self.watch.pause();
            }
            Event::Resumed => {
                self.phase = self.before_pause;
                self.watch.start(now);
            }
            Event::MeasuringGradients { .. } | Event::PartLearningRates { .. } | Event::Rate(_) => {
                self.go_on(Phase::Training)
            }
            Event::Recalibrating { .. } => self.go_on(Phase::Checking),
            Event::Done { report, best_epoch, stopped, .. } => {
                self.phase = if *stopped { Phase::Stopped } else { Phase::Finished };
                self.images = None;
                self.ending = report
                    .as_ref()
                    .map(|report| Ending { top1: report.score(), best_epoch: *best_epoch });
            }
        }
    }

    /// Another run was asked for: nothing of this one is shown any more.
    pub fn begin_anew(&mut self) {
        *self = Self { revision: self.revision, ..Self::default() };
    }

    /// Pictures are being prepared.
    pub fn preparing(&mut self, done: usize, total: usize) {
        self.revision += 1;
        self.go_on(Phase::Preparing);
        self.images = Some((done, total));
    }

    /// The run could not start, or broke off.
    pub fn failed(&mut self) {
        self.revision += 1;
        self.phase = Phase::Failed;
        self.images = None;
    }

    /// The run was stopped before its first step.
    pub fn stopped_early(&mut self) {
        self.revision += 1;
        self.phase = Phase::Stopped;
        self.images = None;
    }

    /// The program that computes broke down; what was under way is over.
    pub fn break_off(&mut self) {
        if self.phase.is_active() {
            self.failed();
        }
    }

    /// Seconds to the end of the run; none while that cannot be known.
    pub fn time_left(&self) -> Option<f64> {
        let phase = if self.phase == Phase::Paused { self.before_pause } else { self.phase };
        if !matches!(phase, Phase::Looking | Phase::Training | Phase::Checking) {
            return None;
        }
        let epochs_left = self.planned_epochs.saturating_sub(self.epochs.len() as u32);
        let mut remaining = Remaining {
            features: 0,
            steps: self.total_steps().saturating_sub(self.step),
            validations: f64::from(epochs_left),
            validation_images: self.validation_examples,
            kept_features: self.looked,
        };
        match (phase, self.images) {
            (Phase::Looking, Some((done, total))) => {
                remaining.features = total.saturating_sub(done);
            }
            (Phase::Checking, Some((done, total))) => {
                remaining.validations -= done as f64 / total.max(1) as f64;
            }
            _ => {}
        }
        self.watch.left(&remaining)
    }

    /// Images per second, as it is now.
    pub fn images_per_second(&self) -> Option<f64> {
        self.watch.images_per_second()
    }

    /// Steps of the whole run.
    pub fn total_steps(&self) -> u64 {
        self.steps_per_epoch * u64::from(self.planned_epochs)
    }

    /// How much is done of what is under way, 0 to 1; none where that is not known.
    pub fn progress(&self) -> Option<f64> {
        let share = |done: f64, total: f64| (total > 0.0).then(|| (done / total).min(1.0));
        let phase = if self.phase == Phase::Paused { self.before_pause } else { self.phase };
        match (phase, self.images) {
            (Phase::Preparing | Phase::Looking, Some((done, total))) => {
                share(done as f64, total as f64)
            }
            (Phase::Preparing | Phase::Looking, None) => None,
            (Phase::Finished, _) => Some(1.0),
            _ => share(self.step as f64, self.total_steps() as f64),
        }
    }

    /// The best epoch so far.
    pub fn best(&self) -> Option<&EpochFigures> {
        self.epochs.iter().rev().find(|figures| figures.best)
    }

    /// Work goes on, whatever was said before.
    fn go_on(&mut self, phase: Phase) {
        self.phase = phase;
        self.ending = None;
    }

    fn started(&mut self, event: &Event, now: f64) {
        let Event::Started {
            tasks,
            train_examples,
            validation_examples,
            trainable_parameters,
            epochs,
            steps_per_epoch,
            step,
        } = event
        else {
            return;
        };
        let classes = first_classes(tasks);
        let same = self.classes == classes
            && self.planned_epochs == *epochs
            && self.steps_per_epoch == *steps_per_epoch;
        let per_epoch = (*steps_per_epoch).max(1);
        let revision = self.revision;
        if *step > 0 && same {
            // A run that goes on from a checkpoint repeats what came after it.
            self.loss.cut(*step as f64 / per_epoch as f64 + 1e-9);
            self.epochs.retain(|figures| u64::from(figures.epoch) * per_epoch <= *step);
        } else {
            // Smooth enough for the whole run's width, and quick enough to be seen moving.
            let steps = steps_per_epoch.saturating_mul(u64::from(*epochs));
            let loss = Curve::smoothed_over((steps as f64 / 50.0).clamp(10.0, 200.0));
            *self = Self { loss, ..Self::default() };
        }
        self.revision = revision;
        self.classes = classes.to_vec();
        self.measure = Measure::of(tasks);
        self.train_examples = *train_examples;
        self.validation_examples = *validation_examples;
        self.trainable_parameters = *trainable_parameters;
        self.planned_epochs = *epochs;
        self.steps_per_epoch = *steps_per_epoch;
        self.step = *step;
        if *step > 0 {
            let epoch = (*step / per_epoch).saturating_add(1).min(u64::from(*epochs));
            self.epoch = u32::try_from(epoch).unwrap_or(*epochs);
        }
        self.go_on(Phase::Training);
        self.images = None;
        self.looked = false;
        self.watch = Stopwatch::default();
        self.watch.start(now);
    }
}

#[cfg(test)]
#[path = "run_log_tests.rs"]
mod tests;
