//! Turns a session's crank from a terminal: shows its events, records them, keeps checkpoints.

use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use super::error::CliError;
use super::output::{Output, percent};
use super::report::headline;
use super::run_folder::RunFolder;
use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::model::part::Part;
use tunelab_core::train::event::Event;
use tunelab_core::train::overfitting::{EpochAccuracy, overfitting_epoch};
use tunelab_engine::model::weights::FloatFormat;
use tunelab_engine::train::control::RunState;
use tunelab_engine::train::session::Session;
use tunelab_engine::trained_model::ModelInfo;
use tunelab_engine::trained_model::TrainedModel;

/// The host of one session.
pub struct Host {
    pub output: Output,
    /// Time between two checkpoints.
    pub checkpoint_every: Duration,
    pub info: ModelInfo,
    pub bar: Option<ProgressBar>,
    /// The epochs so far.
    pub epochs: Vec<EpochAccuracy>,
}

impl Host {
    /// Runs the session to its end and returns its last event.
    ///
    /// # Errors
    /// The session failed, or its results could not be written. What is in the folder is good.
    pub async fn drive(
        &mut self,
        session: &mut Session,
        folder: &mut RunFolder,
    ) -> Result<Option<Event>, CliError> {
        let mut last_checkpoint = Instant::now();
        let mut last = None;
        let control = session.control();
        let mut stopped = false;
        loop {
            if control.requested() == RunState::Stopped && !std::mem::replace(&mut stopped, true) {
                // What follows ends the run; this is what `--resume` goes on from.
                self.save_checkpoint(session, folder).await?;
            }
            let Some(event) = session.next().await? else { break };
            // The last line of a run also tells where its results are; it is printed by the caller.
            if !matches!(event, Event::Done { .. }) {
                self.output.run_event(session.tasks(), &event);
            }
            self.show(session.tasks(), &event);
            folder.record(session.tasks(), &event)?;
            if let Event::Epoch { best: true, .. } = event {
                self.save_model(session, folder).await?;
            }
            if last_checkpoint.elapsed() >= self.checkpoint_every {
                self.save_checkpoint(session, folder).await?;
                last_checkpoint = Instant::now();
            }
            last = Some(event);
        }
        Ok(last)
    }

    async fn save_checkpoint(&self, session: &Session, folder: &RunFolder) -> Result<(), CliError> {
        if session.can_be_resumed() {
            folder.save_checkpoint(&session.checkpoint().await?)?;
        }
        Ok(())
    }

    /// Keeps the best network so far.
    ///
    /// # Errors
    /// The device failed, or the file could not be written.
    pub async fn save_model(&self, session: &Session, folder: &RunFolder) -> Result<(), CliError> {
        let network = session.best_network();
        let bytes = TrainedModel::to_bytes(network, &self.info, FloatFormat::F32).await;
        let bytes = bytes.map_err(|error| CliError::Model { path: folder.model_path(), error })?;
        folder.save_model(&bytes)
    }

    fn show(&mut self, tasks: &[Task], event: &Event) {
        match event {
            Event::Started { train_examples, validation_examples, tasks, .. } => {
                let what = match &tasks[..] {
                    [Task { kind: TaskKind::Class { classes }, .. }] => {
                        format!(" of {} classes", classes.len())
                    }
                    several => format!(
                        " for {}",
                        several.iter().map(|task| &task.name[..]).collect::<Vec<_>>().join(", ")
                    ),
                };
                self.output.line(format!(
                    "Training on {train_examples} images{what}, validating on {validation_examples}."
                ));
            }
            Event::MeasuringGradients { done, total } => self.advance("Examining", *done, *total),
            Event::PartLearningRates { rates } => {
                let names = Part::ALL.iter().zip(rates).filter(|(_, rate)| **rate > 0.0);
                let shown: Vec<String> =
                    names.map(|(part, rate)| format!("{part:?} {}", percent(*rate))).collect();
                self.say(format!("Trained, at shares of the learning rate: {}", shown.join(", ")));
            }
            Event::Recalibrating { done, total } => self.advance("Averaging", *done, *total),
            Event::CachingActivations { done, total } => {
                self.advance("Features", *done as u64, *total as u64)
            }
            Event::Step { epoch, step, total_steps, loss, .. } => {
                self.advance(&format!("Epoch {epoch}, loss {loss:.3}"), *step, *total_steps);
            }
            Event::Rate(_) | Event::Validating { .. } | Event::Paused | Event::Resumed => {}
            Event::Epoch {
                epoch,
                train_loss,
                train_top1,
                validation,
                images_per_second,
                best,
                ..
            } => {
                if let Some(report) = validation.classification() {
                    self.epochs.push(EpochAccuracy {
                        train: *train_top1,
                        validation: report.top1,
                        validation_loss: report.loss,
                    });
                }
                self.say(format!(
                    "Epoch {epoch:>3}: training loss {train_loss:.3}, validation loss {:.3}, {}{}, {images_per_second:.0} images/s",
                    validation.loss,
                    headline(tasks, validation),
                    if *best { " (best)" } else { "" },
                ));
            }
            Event::Done { .. } => {
                self.clear();
                if let Some(gap) = overfitting_epoch(&self.epochs) {
                    self.say(format!(
                        "The network knows its training images better ({}) than others ({}): more images help most; else --mixup 0.2, --augment automatic or --dropout 0.3.",
                        percent(gap.train),
                        percent(gap.validation)
                    ));
                }
            }
        }
    }

    /// Prints a line above the bar.
    fn say(&self, line: String) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.output.line(line)),
            None => self.output.line(line),
        }
    }

    /// Moves the bar of the present phase.
    fn advance(&mut self, message: &str, done: u64, total: u64) {
        if self.bar.as_ref().is_none_or(|bar| bar.length() != Some(total)) {
            self.clear();
            let bar = self.output.bar(total, message);
            bar.set_position(done.saturating_sub(1));
            bar.reset_eta();
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            bar.set_message(message.to_string());
            bar.set_position(done);
        }
    }

    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.clear();
    }
}
