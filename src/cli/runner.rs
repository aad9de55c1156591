//! Runs a training session: prints and records its events, and saves the model and checkpoints.

use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use super::error::CliError;
use super::output::{Output, event_json};
use super::report::summary;
use super::run_folder::RunFolder;
use tunelab_core::data::task::Task;
use tunelab_core::model::part::Part;
use tunelab_core::train::event::Event;
use tunelab_core::train::overfitting::{EpochAccuracy, overfitting_epoch};
use tunelab_engine::model::weights::FloatFormat;
use tunelab_engine::train::control::RunState;
use tunelab_engine::train::session::Session;
use tunelab_engine::trained_model::{ModelInfo, TrainedModel};

/// Runs one session.
pub struct Runner {
    pub output: Output,
    /// The time between checkpoints.
    pub checkpoint_every: Duration,
    pub info: ModelInfo,
    pub bar: Option<ProgressBar>,
    /// The accuracies of the finished epochs.
    pub epochs: Vec<EpochAccuracy>,
}

impl Runner {
    /// Runs the session to its end and returns its last event.
    ///
    /// # Errors
    /// The session failed, or its results could not be written. The files in the folder are complete.
    pub async fn run(
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
                // `--resume` continues from here: the remaining events finish the run.
                self.save_checkpoint(session, folder).await?;
            }
            let Some(event) = session.next().await? else { break };
            // The caller prints the last event, together with the path of the results.
            if !matches!(event, Event::Done { .. }) {
                self.output.event(event_json(session.tasks(), &event));
            }
            self.print(session.tasks(), &event);
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

    /// Saves the best model so far.
    ///
    /// # Errors
    /// The device failed, or the file could not be written.
    pub async fn save_model(&self, session: &Session, folder: &RunFolder) -> Result<(), CliError> {
        let network = session.best_network();
        let bytes = TrainedModel::to_bytes(network, &self.info, FloatFormat::F32).await;
        folder.save_model(&bytes.map_err(CliError::at(&folder.model_path()))?)
    }

    fn print(&mut self, tasks: &[Task], event: &Event) {
        let texts = self.output.texts;
        match event {
            Event::Started {
                train_examples, validation_examples, trainable_parameters, ..
            } => {
                self.output.line(match validation_examples {
                    0 => texts.run_data_without_validation(*train_examples, *trainable_parameters),
                    _ => {
                        texts.run_data(*train_examples, *validation_examples, *trainable_parameters)
                    }
                });
            }
            Event::MeasuringGradients { done, total } => {
                self.advance(texts.cli_measuring_gradients(), *done, *total);
            }
            Event::PartLearningRates { rates } => {
                let trained = Part::ALL.iter().zip(rates).filter(|(_, rate)| **rate > 0.0);
                let rates = trained
                    .map(|(part, rate)| format!("{} {}", part.name(), texts.percent(*rate)))
                    .collect::<Vec<_>>()
                    .join(texts.format_list_separator());
                self.line(&texts.cli_part_rates(&rates));
            }
            Event::Recalibrating { done, total } => {
                self.advance(texts.cli_recalibrating(), *done, *total);
            }
            Event::CachingActivations { done, total } => {
                self.advance(texts.run_phase_caching(), *done as u64, *total as u64);
            }
            Event::CacheDropped { problem } => match &self.bar {
                Some(bar) => bar.suspend(|| self.output.cache_dropped(problem)),
                None => self.output.cache_dropped(problem),
            },
            Event::Step { epoch, step, total_steps, loss, .. } => {
                let message = texts.cli_epoch_loss(*epoch, &texts.decimal(*loss, 3));
                self.advance(&message, *step, *total_steps);
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
                self.line(&texts.cli_epoch(
                    *epoch,
                    &texts.decimal(*train_loss, 3),
                    &texts.decimal(validation.loss, 3),
                    &summary(texts, tasks, validation),
                    &texts.speed(*images_per_second),
                    *best,
                ));
            }
            Event::Done { .. } => {
                self.clear();
                if let Some(EpochAccuracy { train, validation, .. }) =
                    overfitting_epoch(&self.epochs)
                {
                    let [train, validation] =
                        [train, validation].map(|accuracy| texts.percent(accuracy));
                    self.line(&texts.cli_overfitting(&train, &validation));
                }
            }
        }
    }

    /// Prints a line above the bar.
    fn line(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.output.line(line)),
            None => self.output.line(line),
        }
    }

    /// Updates the progress bar, or replaces it in a new phase.
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

impl Drop for Runner {
    fn drop(&mut self) {
        self.clear();
    }
}
