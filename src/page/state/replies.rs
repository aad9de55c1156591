//! How the engine's states and replies change the state of the page.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::{Job, Pixels, Prediction, Problem, State, Thumbnail};
use crate::engine::{EngineEvent, EngineState};
use tunelab_core::protocol::{ModelStatus, Reply, Subject, TrainResult};
use tunelab_core::train::event::Event as TrainEvent;
use tunelab_core::train::rate_finder::RateCurve;
use tunelab_presentation::progress::run_log::RunLog;
use tunelab_presentation::train::search::log::SearchLog;
use tunelab_wire::bytes;

impl State {
    /// Handles what the engine reports.
    pub fn handle(&self, event: EngineEvent) {
        match event {
            EngineEvent::State(state) => self.handle_engine_state(state),
            EngineEvent::Reply(reply, attachments) => self.handle_reply(*reply, &attachments),
        }
    }

    fn handle_engine_state(&self, state: EngineState) {
        if matches!(state, EngineState::Failed(_)) {
            self.run.update(RunLog::engine_stopped);
            self.import_failed.set(self.importing.with(Option::is_some));
            self.importing.set(None);
            self.requested.set(None);
            self.job.set(None);
            self.search.update(SearchLog::engine_stopped);
            // The trained and the compared models were in the worker.
            self.set_outcome(None);
            self.distillation.forget();
            self.exported.set(None);
        }
        self.engine_state.set(state);
    }

    fn handle_reply(&self, reply: Reply, attachments: &[JsValue]) {
        let attached = attachments.first();
        match reply {
            // `Engine` handles these.
            Reply::Ready | Reply::Crashed { .. } => {}
            Reply::Device(status) => self.device.set(Some(status)),
            Reply::Collection(collection) => {
                self.importing.set(None);
                // The images of a table do not change.
                let table = collection.table.as_ref().map(|table| table.class);
                self.thumbnails.update(|all| all.retain(|class, _| Some(*class) == table));
                self.search.update(|search| search.set_images(&collection));
                self.collection.set(collection);
            }
            Reply::Importing { done, total } => self.importing.set(Some((done, total))),
            Reply::ImportReport { skipped, warnings } => {
                self.skipped.set(skipped);
                self.warnings.set(warnings);
            }
            Reply::Thumbnails { class, from, captions, side } => {
                let pixels = Pixels::split(&bytes(attached), side);
                self.thumbnails.update(|all| {
                    let shown = captions.into_iter().zip(pixels).enumerate();
                    let of_class = all.entry(class).or_default();
                    of_class.extend(shown.map(|(index, (caption, pixels))| {
                        (from + index, Thumbnail { caption, pixels })
                    }));
                });
            }
            Reply::Model(status) => {
                if let ModelStatus::Ready(summary) = &status {
                    self.loaded.set(Some(summary.clone()));
                    self.search.update(|search| search.set_model(summary));
                    // The finder may have waited for this model.
                    if self.job.get_untracked() != Some(Job::FindLearningRate) {
                        self.rates.set(RateCurve::default());
                    }
                }
                self.model.set(Some(status));
            }
            Reply::Preparing { done, total } => match self.job.get_untracked() {
                None => self.run.update(|run| run.preparing(done, total)),
                Some(Job::Search) => self.search.update(|search| search.run.preparing(done, total)),
                Some(Job::Distill) => {
                    self.distillation.log.update(|log| log.preparing(done, total));
                }
                Some(Job::FindLearningRate | Job::LoadComparedModel) => {}
            },
            Reply::TrainEvents(events) => {
                // A run cannot be continued before its first step or after its end.
                let begins_or_ends = |event: &TrainEvent| {
                    matches!(
                        event,
                        TrainEvent::Started { step: 0, .. }
                            | TrainEvent::Done { stopped: false, .. }
                    )
                };
                if events.iter().any(begins_or_ends) {
                    self.checkpoint.set(None);
                }
                let now = js_sys::Date::now() / 1000.0;
                self.run.update(|run| run.apply_all(&events, now));
            }
            Reply::BatchImages { labels, side } => {
                self.batch
                    .set(labels.into_iter().zip(Pixels::split(&bytes(attached), side)).collect());
            }
            Reply::Trained(outcome) => {
                match self.job.get_untracked() {
                    Some(Job::LoadComparedModel) => self.distillation.use_requested(),
                    // A model that was loaded from a file during a distillation is not one of those compared.
                    Some(Job::Distill) => self.distillation.tried.set(None),
                    _ => self.distillation.forget(),
                }
                self.set_outcome(Some(outcome));
            }
            Reply::Mistakes { mistakes, side } => {
                let pixels = Pixels::split(&bytes(attached), side);
                self.mistakes.set(mistakes.into_iter().zip(pixels).collect());
            }
            Reply::PredictedNumbers(numbers) => self.predicted_numbers.set(numbers),
            Reply::Checkpoint => self.checkpoint.set(attached.cloned()),
            Reply::NothingTrained => self.run.update(RunLog::stop),
            Reply::Interrupted { error } => self.interrupted.set(Some(error)),
            Reply::Prediction { request, answers, seconds } => {
                self.prediction.set(Some(Prediction { request, answers, seconds }));
            }
            Reply::Exported { file_name } => {
                self.exported.set(attached.cloned().map(|buffer| (file_name, buffer)));
            }
            Reply::LearningRate(point) => self.rates.update(|rates| rates.points.push(point)),
            Reply::TrialEvents(events) => {
                let now = js_sys::Date::now() / 1000.0;
                self.search.update(|search| search.apply(&events, now));
            }
            Reply::TrialEnded { trial, rung, result } => {
                self.search.update(|search| search.end_run(trial, rung, result));
            }
            Reply::StudentProgress(progress) => {
                self.distillation.log.update(|log| log.apply(progress));
            }
            Reply::ComparisonResult(result) => {
                self.distillation.log.update(|log| log.results.push(result));
            }
            Reply::StudentFile { file_name } => {
                self.distillation.file.set(attached.cloned().map(|buffer| (file_name, buffer)));
            }
            Reply::Ended(_) => self.job.set(None),
            Reply::Failed { about, error } => {
                match about {
                    Subject::Images => self.importing.set(None),
                    // If the last model is still loaded, the worker has reported that already.
                    Subject::Model => self.model.update(|model| {
                        model.take_if(|model| matches!(model, ModelStatus::Loading { .. }));
                    }),
                    Subject::Try => self.prediction.set(None),
                    Subject::Train => self.run.update(RunLog::fail),
                    Subject::LearningRate | Subject::Search | Subject::Distillation => {
                        if self.job.get_untracked() == Some(Job::Distill) {
                            self.distillation.has_begun.set(false);
                        }
                        self.job.set(None);
                    }
                    Subject::Device => {}
                }
                self.problem.set(Some(Problem { about, error }));
            }
        }
    }

    /// Sets the trained model, and clears what was known about the last one.
    fn set_outcome(&self, outcome: Option<TrainResult>) {
        self.prediction.set(None);
        self.mistakes.set(Vec::new());
        self.predicted_numbers.set(Vec::new());
        self.outcome.set(outcome);
    }
}
