//! The state of a run, from its events.

use crate::charts::smoothed_series::SmoothedSeries;
use crate::progress::time_estimate::{RemainingWork, TimeEstimate};
use tunelab_core::data::task::{Task, TaskKind, first_classes};
use tunelab_core::train::event::Event;
use tunelab_l10n::Texts;

/// The phase of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// There is no run.
    #[default]
    None,
    /// Images are scaled to the input size.
    Preparing,
    /// The features of the images are computed and cached.
    Caching,
    Training,
    Validating,
    Paused,
    /// Stopped by the user before the last epoch.
    Stopped,
    Finished,
    /// Could not start, or ended with an error.
    Failed,
}

impl Phase {
    pub fn name(self, texts: Texts) -> &'static str {
        match self {
            Self::None => texts.run_phase_none(),
            Self::Preparing => texts.run_phase_preparing(),
            Self::Caching => texts.run_phase_caching(),
            Self::Training => texts.run_phase_training(),
            Self::Validating => texts.run_phase_validating(),
            Self::Paused => texts.run_phase_paused(),
            Self::Stopped => texts.run_phase_stopped(),
            Self::Finished => texts.run_phase_finished(),
            Self::Failed => texts.run_phase_failed(),
        }
    }

    /// Whether a run is in progress.
    pub fn is_active(self) -> bool {
        matches!(
            self,
            Self::Preparing | Self::Caching | Self::Training | Self::Validating | Self::Paused
        )
    }
}

/// The kind of a run's validation score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ScoreKind {
    /// Only the accuracy is measured in training too.
    #[default]
    Accuracy,
    /// Mean average precision, of labels.
    MeanAveragePrecision,
    /// R², of numbers.
    RSquared,
    /// The mean of the scores of several tasks.
    Mean,
}

impl ScoreKind {
    /// The kind of score of these tasks.
    pub fn of(tasks: &[Task]) -> Self {
        match tasks {
            [task] => match task.kind {
                TaskKind::Class { .. } => Self::Accuracy,
                TaskKind::Labels { .. } => Self::MeanAveragePrecision,
                TaskKind::Number { .. } => Self::RSquared,
            },
            _ => Self::Mean,
        }
    }

    pub fn name(self, texts: Texts) -> &'static str {
        match self {
            Self::Accuracy => texts.run_accuracy(),
            Self::MeanAveragePrecision => texts.run_map(),
            Self::RSquared => texts.run_r2(),
            Self::Mean => texts.run_score(),
        }
    }

    /// The name at the start of a line.
    pub fn heading(self, texts: Texts) -> &'static str {
        match self {
            Self::Accuracy => texts.run_accuracy_heading(),
            Self::Mean => texts.run_score_heading(),
            Self::MeanAveragePrecision | Self::RSquared => self.name(texts),
        }
    }
}

/// The metrics of an epoch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EpochMetrics {
    /// Counted from 1.
    pub epoch: u32,
    /// 0 to 1; 0 unless the score is the accuracy.
    pub train_accuracy: f64,
    pub validation_loss: f64,
    /// At most 1; see [`ScoreKind`].
    pub validation_score: f64,
    /// Whether the epoch is the best so far.
    pub is_best: bool,
}

/// The score of the final model of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FinalScore {
    pub score: f64,
    pub epoch: u32,
}

/// The state of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunLog {
    /// Increases with every change, over all runs.
    pub revision: u64,
    pub phase: Phase,
    phase_before_pause: Phase,
    /// Those of the first task.
    pub classes: Vec<String>,
    pub score_kind: ScoreKind,
    pub train_images: usize,
    pub validation_images: usize,
    pub trainable_parameters: usize,
    /// Epochs of the whole run.
    pub total_epochs: u32,
    pub steps_per_epoch: u64,
    /// The current epoch, counted from 1; 0 before the first step.
    pub epoch: u32,
    /// Finished steps.
    pub step: u64,
    /// The learning rate of the latest step.
    pub learning_rate: f64,
    /// Images that the current phase has finished, and all of them; `None` while training.
    pub images: Option<(usize, usize)>,
    /// Training loss of each step, by epochs.
    pub loss: SmoothedSeries,
    pub epochs: Vec<EpochMetrics>,
    pub final_score: Option<FinalScore>,
    has_cached_features: bool,
    time: TimeEstimate,
}

impl RunLog {
    /// Applies the events since the last call, which ended at `now` (seconds), as if they were evenly spaced.
    pub fn apply_all(&mut self, events: &[Event], now: f64) {
        let before = self.time.latest().unwrap_or(now);
        let each = (now - before) / events.len().max(1) as f64;
        for (index, event) in events.iter().enumerate() {
            self.apply(event, before + each * (index + 1) as f64);
        }
    }

    /// Applies an event of the time `now` (seconds).
    pub fn apply(&mut self, event: &Event, now: f64) {
        self.revision += 1;
        match event {
            Event::Started { .. } => self.started(event, now),
            Event::CachingActivations { done, total } => {
                let before = match self.images {
                    Some((before, _)) if self.phase == Phase::Caching => before,
                    _ => 0,
                };
                self.enter(Phase::Caching);
                self.has_cached_features = true;
                self.images = Some((*done, *total));
                self.time.features(done.saturating_sub(before), now);
            }
            Event::Step { epoch, step, loss, learning_rate, images, .. } => {
                self.enter(Phase::Training);
                self.images = None;
                self.epoch = *epoch;
                self.step = *step;
                self.learning_rate = *learning_rate;
                self.loss.push(*step as f64 / self.steps_per_epoch.max(1) as f64, *loss);
                self.time.step(*images, now);
            }
            Event::Validating { epoch, done, total } => {
                self.enter(Phase::Validating);
                self.epoch = *epoch;
                self.images = Some((*done, *total));
                self.time.validating(now);
            }
            Event::Epoch { epoch, train_top1, validation, best, .. } => {
                self.enter(Phase::Training);
                self.images = None;
                self.epoch = *epoch;
                self.time.validated(now);
                self.epochs.retain(|metrics| metrics.epoch < *epoch);
                self.epochs.push(EpochMetrics {
                    epoch: *epoch,
                    train_accuracy: *train_top1,
                    validation_loss: validation.loss,
                    validation_score: validation.score(),
                    is_best: *best,
                });
            }
            Event::Paused => {
                self.phase_before_pause = self.phase;
                self.phase = Phase::Paused;
                self.time.pause();
            }
            Event::Resumed => {
                self.phase = self.phase_before_pause;
                self.time.start(now);
            }
            Event::MeasuringGradients { .. } | Event::PartLearningRates { .. } | Event::Rate(_) => {
                self.enter(Phase::Training)
            }
            Event::Recalibrating { .. } => self.enter(Phase::Validating),
            Event::CacheDropped { .. } => {}
            Event::Done { report, best_epoch, stopped, .. } => {
                self.phase = if *stopped { Phase::Stopped } else { Phase::Finished };
                self.images = None;
                self.final_score = report
                    .as_ref()
                    .map(|report| FinalScore { score: report.score(), epoch: *best_epoch });
            }
        }
    }

    /// Clears the log, because another run was requested.
    pub fn reset(&mut self) {
        *self = Self { revision: self.revision, ..Self::default() };
    }

    /// Images are being prepared; `done` of `total` so far.
    pub fn preparing(&mut self, done: usize, total: usize) {
        self.revision += 1;
        self.enter(Phase::Preparing);
        self.images = Some((done, total));
    }

    /// The run could not start, or ended with an error.
    pub fn fail(&mut self) {
        self.revision += 1;
        self.phase = Phase::Failed;
        self.images = None;
    }

    /// The run was stopped before its first step.
    pub fn stop(&mut self) {
        self.revision += 1;
        self.phase = Phase::Stopped;
        self.images = None;
    }

    /// The engine stopped, and with it the current run.
    pub fn engine_stopped(&mut self) {
        if self.phase.is_active() {
            self.fail();
        }
    }

    /// Seconds to the end of the run; `None` while too little is known.
    pub fn seconds_left(&self) -> Option<f64> {
        let phase = if self.phase == Phase::Paused { self.phase_before_pause } else { self.phase };
        if !matches!(phase, Phase::Caching | Phase::Training | Phase::Validating) {
            return None;
        }
        let epochs_left = self.total_epochs.saturating_sub(self.epochs.len() as u32);
        let mut remaining = RemainingWork {
            features: 0,
            steps: self.total_steps().saturating_sub(self.step),
            validations: f64::from(epochs_left),
            validation_images: self.validation_images,
            has_cached_features: self.has_cached_features,
        };
        match (phase, self.images) {
            (Phase::Caching, Some((done, total))) => {
                remaining.features = total.saturating_sub(done);
            }
            (Phase::Validating, Some((done, total))) => {
                remaining.validations -= done as f64 / total.max(1) as f64;
            }
            _ => {}
        }
        self.time.seconds_left(&remaining)
    }

    /// The current speed.
    pub fn images_per_second(&self) -> Option<f64> {
        self.time.images_per_second()
    }

    /// Steps of the whole run.
    pub fn total_steps(&self) -> u64 {
        self.steps_per_epoch * u64::from(self.total_epochs)
    }

    /// The progress of the run, or of its preparation, 0 to 1; `None` if unknown.
    pub fn progress(&self) -> Option<f64> {
        let share = |done: f64, total: f64| (total > 0.0).then(|| (done / total).min(1.0));
        let phase = if self.phase == Phase::Paused { self.phase_before_pause } else { self.phase };
        match (phase, self.images) {
            (Phase::Preparing | Phase::Caching, Some((done, total))) => {
                share(done as f64, total as f64)
            }
            (Phase::Preparing | Phase::Caching, None) => None,
            (Phase::Finished, _) => Some(1.0),
            _ => share(self.step as f64, self.total_steps() as f64),
        }
    }

    /// The best epoch so far.
    pub fn best(&self) -> Option<&EpochMetrics> {
        self.epochs.iter().rev().find(|metrics| metrics.is_best)
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.final_score = None;
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
            && self.total_epochs == *epochs
            && self.steps_per_epoch == *steps_per_epoch;
        let per_epoch = (*steps_per_epoch).max(1);
        let revision = self.revision;
        if *step > 0 && same {
            // A run that continues from a checkpoint repeats the epochs and steps after it.
            self.loss.truncate(*step as f64 / per_epoch as f64 + 1e-9);
            self.epochs.retain(|metrics| u64::from(metrics.epoch) * per_epoch <= *step);
        } else {
            // Smooth at the width of a chart, but not too slow.
            let steps = steps_per_epoch.saturating_mul(u64::from(*epochs));
            let loss = SmoothedSeries::smoothed_over((steps as f64 / 50.0).clamp(10.0, 200.0));
            *self = Self { loss, ..Self::default() };
        }
        self.revision = revision;
        self.classes = classes.to_vec();
        self.score_kind = ScoreKind::of(tasks);
        self.train_images = *train_examples;
        self.validation_images = *validation_examples;
        self.trainable_parameters = *trainable_parameters;
        self.total_epochs = *epochs;
        self.steps_per_epoch = *steps_per_epoch;
        self.step = *step;
        if *step > 0 {
            let epoch = (*step / per_epoch).saturating_add(1).min(u64::from(*epochs));
            self.epoch = u32::try_from(epoch).unwrap_or(*epochs);
        }
        self.enter(Phase::Training);
        self.images = None;
        self.has_cached_features = false;
        self.time = TimeEstimate::default();
        self.time.start(now);
    }
}

#[cfg(test)]
mod tests;
