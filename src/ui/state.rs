//! What the page knows. Only the worker's replies change it; components read it and send commands.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::engine::{Engine, EngineState, Incoming};
use super::link::Link;
use super::train::run_log::RunLog;
use crate::worker::wire::bytes;
use tunelab_core::data::warning::DataWarning;
use tunelab_core::data::skipped::SkippedFile;
use tunelab_core::metrics::prediction::Prediction as Answer;
use tunelab_core::protocol::{
    Caption, ClassId, Collection, Command, DeviceStatus, ModelStatus, ModelSummary, Outcome, Reply,
    Subject, TrainRequest,
};
use tunelab_core::train::event::Event as TrainEvent;

/// A small picture: `side` x `side` px, RGBA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    pub side: u32,
    pub rgba: Arc<Vec<u8>>,
}

impl Pixels {
    /// The pictures of one buffer.
    pub fn split(rgba: &[u8], side: u32) -> Vec<Self> {
        let length = 4 * side as usize * side as usize;
        rgba.chunks_exact(length.max(1))
            .map(|pixels| Self { side, rgba: Arc::new(pixels.to_vec()) })
            .collect()
    }
}

/// A picture of the collection, shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnail {
    pub caption: Caption,
    pub pixels: Pixels,
}

/// Class probabilities of the picture that was tried last.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    pub request: u32,
    pub probabilities: Vec<f64>,
    pub seconds: f64,
}

/// Something that did not work, said where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub about: Subject,
    pub message: String,
}

/// Everything the page knows, as signals. Components get it by `expect_context::<State>()`.
#[derive(Clone, Copy)]
pub struct State {
    /// The line to the second program.
    pub link: Link,
    pub engine_state: RwSignal<EngineState>,
    pub device: RwSignal<Option<DeviceStatus>>,
    pub collection: RwSignal<Collection>,
    /// Pictures read and to be read, while an import is under way.
    pub importing: RwSignal<Option<(usize, usize)>>,
    /// Whether the worker broke down while it read pictures.
    pub import_broke_off: RwSignal<bool>,
    /// Files that the last import left out.
    pub skipped: RwSignal<Vec<SkippedFile>>,
    /// What else should be known of the last import.
    pub notices: RwSignal<Vec<DataWarning>>,
    /// Those of each class that were asked for, by their index in the class.
    pub thumbnails: RwSignal<BTreeMap<ClassId, BTreeMap<usize, Thumbnail>>>,
    pub model: RwSignal<Option<ModelStatus>>,
    /// The network that is there, also while another is on its way.
    pub loaded: RwSignal<Option<ModelSummary>>,
    pub run: RwSignal<RunLog>,
    /// Some pictures of the current batch, each with the index of its class.
    pub batch: RwSignal<Vec<(Option<usize>, Pixels)>>,
    pub outcome: RwSignal<Option<Outcome>>,
    pub prediction: RwSignal<Option<Prediction>>,
    pub problem: RwSignal<Option<Problem>>,
    /// Why a run was interrupted that goes on by itself.
    pub interrupted: RwSignal<Option<String>>,
    /// The newest exported model: its file name and its buffer.
    pub exported: RwSignal<Option<(String, JsValue)>, LocalStorage>,
    /// What the latest run was asked for.
    request: RwSignal<Option<Box<TrainRequest>>>,
    /// The newest checkpoint of the run, kept here in case the worker breaks down.
    checkpoint: RwSignal<Option<JsValue>, LocalStorage>,
}

impl State {
    /// Knows nothing yet.
    pub fn new() -> Self {
        Self {
            link: Link::new(),
            engine_state: RwSignal::new(EngineState::Loading { received: 0, total: 0 }),
            device: RwSignal::new(None),
            collection: RwSignal::new(Collection::default()),
            importing: RwSignal::new(None),
            import_broke_off: RwSignal::new(false),
            skipped: RwSignal::new(Vec::new()),
            notices: RwSignal::new(Vec::new()),
            thumbnails: RwSignal::new(BTreeMap::new()),
            model: RwSignal::new(None),
            loaded: RwSignal::new(None),
            run: RwSignal::new(RunLog::default()),
            batch: RwSignal::new(Vec::new()),
            outcome: RwSignal::new(None),
            prediction: RwSignal::new(None),
            problem: RwSignal::new(None),
            interrupted: RwSignal::new(None),
            exported: RwSignal::new_local(None),
            request: RwSignal::new(None),
            checkpoint: RwSignal::new_local(None),
        }
    }

    /// Takes in what the worker said.
    pub fn take_in(&self, incoming: Incoming) {
        self.link.pass(&incoming);
        match incoming {
            Incoming::State(state) => self.take_in_engine_state(state),
            Incoming::Reply { reply, attachments, .. } => self.take_in_reply(*reply, &attachments),
        }
    }

    /// Whether the worker is not there and has to be started again.
    pub fn is_worker_lost(&self) -> bool {
        self.engine_state.with(|state| matches!(state, EngineState::Failed(_)))
    }

    fn take_in_engine_state(&self, state: EngineState) {
        if matches!(state, EngineState::Failed(_)) {
            self.run.update(RunLog::break_off);
            self.import_broke_off.set(self.importing.with(Option::is_some));
            self.importing.set(None);
            // The trained network was the worker's.
            self.outcome.set(None);
            self.prediction.set(None);
            self.exported.set(None);
        }
        self.engine_state.set(state);
    }

    fn take_in_reply(&self, reply: Reply, attachments: &[JsValue]) {
        let attached = attachments.first();
        match reply {
            // The engine has taken note of these, or the second program does.
            Reply::Ready | Reply::Crashed { .. } | Reply::Extra(_) | Reply::Mistakes { .. } => {}
            Reply::Failed { about: Subject::Extra, .. } => {}
            Reply::Device(status) => self.device.set(Some(status)),
            Reply::Collection(collection) => {
                self.importing.set(None);
                self.thumbnails.set(BTreeMap::new());
                self.collection.set(collection);
            }
            Reply::Importing { done, total } => self.importing.set(Some((done, total))),
            Reply::Skipped { files, notices } => {
                self.skipped.set(files);
                self.notices.set(notices);
            }
            Reply::Thumbnails { class, from, pictures, side } => {
                let pixels = Pixels::split(&bytes(attached), side);
                self.thumbnails.update(|all| {
                    let shown = pictures.into_iter().zip(pixels).enumerate();
                    let of_class = all.entry(class).or_default();
                    of_class.extend(shown.map(|(index, (caption, pixels))| {
                        (from + index, Thumbnail { caption, pixels })
                    }));
                });
            }
            Reply::Model(status) => {
                if let ModelStatus::Ready(summary) = &status {
                    self.loaded.set(Some(summary.clone()));
                }
                self.model.set(Some(status));
            }
            // An errand of the second program says so itself.
            Reply::Preparing { .. } if self.link.errand.with_untracked(Option::is_some) => {}
            Reply::Preparing { done, total } => self.run.update(|run| run.preparing(done, total)),
            Reply::Run(events) => {
                // There is nothing to go on from at the beginning, and nothing to go on with at the end.
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
            Reply::BatchPictures { labels, side } => {
                self.batch
                    .set(labels.into_iter().zip(Pixels::split(&bytes(attached), side)).collect());
            }
            Reply::Trained(outcome) => {
                self.prediction.set(None);
                self.outcome.set(Some(outcome));
            }
            Reply::Checkpoint { .. } => self.checkpoint.set(attached.cloned()),
            Reply::NothingTrained => self.run.update(RunLog::stopped_early),
            Reply::Interrupted { message } => self.interrupted.set(Some(message)),
            Reply::Prediction { request, answers, seconds } => {
                let probabilities = match answers.into_iter().next() {
                    Some(Answer::Class(probabilities)) => probabilities,
                    _ => Vec::new(),
                };
                self.prediction.set(Some(Prediction { request, probabilities, seconds }));
            }
            Reply::Exported { file_name } => {
                self.exported.set(attached.cloned().map(|buffer| (file_name, buffer)));
            }
            Reply::Failed { about, message } => {
                if about == Subject::Pictures {
                    self.importing.set(None);
                }
                if about == Subject::Model {
                    // Where the last one is still there, the worker has just said so.
                    self.model.update(|model| {
                        model.take_if(|model| matches!(model, ModelStatus::Loading { .. }));
                    });
                }
                if about == Subject::Try {
                    self.prediction.set(None);
                }
                if about == Subject::Train {
                    self.run.update(RunLog::failed);
                }
                self.problem.set(Some(Problem { about, message }));
            }
        }
    }

    /// Clears a problem that the user has seen, or that a new attempt makes stale.
    pub fn forget_problem(&self, about: Subject) {
        self.problem.update(|problem| {
            if problem.as_ref().is_some_and(|problem| problem.about == about) {
                *problem = None;
            }
        });
    }

    /// Whether a run that broke off can go on from where it was.
    pub fn has_checkpoint(&self) -> bool {
        self.checkpoint.with(Option::is_some)
    }

    /// Starts a run.
    pub fn train(&self, engine: Engine, request: TrainRequest) {
        // What the run before could be continued from is not this one's.
        self.checkpoint.set(None);
        self.run.update(RunLog::begin_anew);
        let request = Box::new(request);
        self.request.set(Some(request.clone()));
        self.forget_last_run();
        engine.send(Command::Train { request });
    }

    /// Clears what was said of the run before.
    pub fn forget_last_run(&self) {
        self.forget_problem(Subject::Train);
        self.interrupted.set(None);
        self.batch.set(Vec::new());
    }

    /// Goes on with the run from its newest checkpoint; from its beginning where there is none.
    pub fn continue_run(&self, engine: Engine) {
        let Some(request) = self.request.get_untracked() else { return };
        // Copied, not handed over: the worker may break down again.
        let checkpoint = self.checkpoint.get_untracked();
        engine.send_copying(Command::Continue { request }, checkpoint.as_slice());
    }
}

impl Default for State {
    fn default() -> Self {
        Self::new()
    }
}

/// Sends a command without attachments; the way in which components speak.
pub fn send(command: Command) {
    expect_context::<Engine>().send(command);
}
