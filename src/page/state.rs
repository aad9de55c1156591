//! The state of the page.
//!
//! What the engine reports changes it in one place ([`replies`]). Components read it and send commands. They write only
//!
//! - `form`, which is what the user chooses;
//! - with a command, what the command begins (a run, a search, a distillation) or makes obsolete (earlier answers and
//!   messages);
//! - `exported`, to release the file once it is saved.

mod distillation;
mod replies;

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use self::distillation::Distillation;
use crate::engine::{Engine, EngineState};
use tunelab_core::data::skipped::SkippedFile;
use tunelab_core::data::warning::DataWarning;
use tunelab_core::metrics::prediction::Prediction as Answer;
use tunelab_core::options::{Context, TrainConfig};
use tunelab_core::protocol::{
    ClassId, CollectionSummary, Command, DeviceStatus, ImageCaption, Mistake, ModelStatus,
    ModelSummary, Subject, TrainResult, WorkerError,
};
use tunelab_core::train::rate_finder::RateCurve;
use tunelab_presentation::progress::run_log::RunLog;
use tunelab_presentation::train::estimate::{advise, measured_speed};
use tunelab_presentation::train::form::{Dataset, Draft, Form};
use tunelab_presentation::train::search::log::SearchLog;

/// A small image of `side` × `side` px, RGBA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    pub side: u32,
    pub rgba: Arc<Vec<u8>>,
}

impl Pixels {
    /// Splits a buffer into its images.
    pub fn split(rgba: &[u8], side: u32) -> Vec<Self> {
        let length = 4 * side as usize * side as usize;
        rgba.chunks_exact(length.max(1))
            .map(|pixels| Self { side, rgba: Arc::new(pixels.to_vec()) })
            .collect()
    }
}

/// An image of the collection with its pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Thumbnail {
    pub caption: ImageCaption,
    pub pixels: Pixels,
}

/// The predictions for the image that was tried last.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    pub request: u32,
    /// One per task.
    pub answers: Vec<Answer>,
    pub seconds: f64,
}

impl Prediction {
    /// The class probabilities of the first task; empty if it is not a classification.
    pub fn probabilities(&self) -> &[f64] {
        match self.answers.first() {
            Some(Answer::Class(probabilities)) => probabilities,
            _ => &[],
        }
    }
}

/// A command that failed, shown in the part of the page it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    pub about: Subject,
    pub error: WorkerError,
}

/// Work other than training. The worker does one job at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    FindLearningRate,
    Search,
    Distill,
    LoadComparedModel,
}

impl Job {
    /// The subject of the job's messages.
    fn subject(self) -> Subject {
        match self {
            Job::FindLearningRate => Subject::LearningRate,
            Job::Search => Subject::Search,
            Job::Distill | Job::LoadComparedModel => Subject::Distillation,
        }
    }
}

/// The state as signals. Components get it by `expect_context::<State>()`.
#[derive(Clone, Copy)]
pub struct State {
    /// What is chosen in step 3.
    pub form: RwSignal<Form>,
    /// The collection as far as options depend on it, with the strategy that suits it and the device.
    pub dataset: Memo<Dataset>,
    /// The form, resolved for the dataset.
    pub draft: Memo<Draft>,
    pub engine_state: RwSignal<EngineState>,
    pub device: RwSignal<Option<DeviceStatus>>,
    pub collection: RwSignal<CollectionSummary>,
    /// Images (or bytes of a download) that are done and in total, while an import is in progress.
    pub importing: RwSignal<Option<(usize, usize)>>,
    /// Whether the engine failed during an import.
    pub import_failed: RwSignal<bool>,
    /// Files that the last import skipped.
    pub skipped: RwSignal<Vec<SkippedFile>>,
    /// Warnings of the last import.
    pub warnings: RwSignal<Vec<DataWarning>>,
    /// The requested thumbnails of each class, by their index in the class.
    pub thumbnails: RwSignal<BTreeMap<ClassId, BTreeMap<usize, Thumbnail>>>,
    pub model: RwSignal<Option<ModelStatus>>,
    /// The loaded model, also while another one is being loaded.
    pub loaded: RwSignal<Option<ModelSummary>>,
    pub run: RwSignal<RunLog>,
    /// Some images of the current batch, each with the index of its class.
    pub batch: RwSignal<Vec<(Option<usize>, Pixels)>>,
    /// The run's revision when a run was last requested. Until it changes, the worker has not answered.
    requested: RwSignal<Option<u64>>,
    /// The job in progress.
    pub job: RwSignal<Option<Job>>,
    /// Whether the worker has neither a run nor a job.
    pub is_idle: Memo<bool>,
    /// The learning rates that the finder has tested.
    pub rates: RwSignal<RateCurve>,
    pub search: RwSignal<SearchLog>,
    pub distillation: Distillation,
    pub outcome: RwSignal<Option<TrainResult>>,
    /// The worst mistakes on the validation images.
    pub mistakes: RwSignal<Vec<(Mistake, Pixels)>>,
    /// Predicted and true numbers of the validation images, a list per task.
    pub predicted_numbers: RwSignal<Vec<Vec<(f64, f64)>>>,
    pub prediction: RwSignal<Option<Prediction>>,
    pub problem: RwSignal<Option<Problem>>,
    /// Why a run was interrupted that continues by itself.
    pub interrupted: RwSignal<Option<WorkerError>>,
    /// The file name and the buffer of the exported model, until it is saved.
    pub exported: RwSignal<Option<(String, JsValue)>, LocalStorage>,
    /// The configuration of the latest run.
    config: RwSignal<Option<Box<TrainConfig>>>,
    /// The latest checkpoint of the run, which outlives a failure of the engine.
    checkpoint: RwSignal<Option<JsValue>, LocalStorage>,
}

impl State {
    pub fn new() -> Self {
        let engine_state = RwSignal::new(EngineState::Loading { received: 0, total: 0 });
        let run = RwSignal::new(RunLog::default());
        let (requested, job) = (RwSignal::new(None), RwSignal::new(None));
        let is_idle = Memo::new(move |_| {
            job.with(Option::is_none)
                && !has_failed(engine_state)
                && !run.with(|run| is_requested_or_active(run, requested.get()))
        });
        let form = RwSignal::new(Form::default());
        let (collection, device) =
            (RwSignal::new(CollectionSummary::default()), RwSignal::new(None::<DeviceStatus>));
        let dataset = Memo::new(move |_| {
            let dataset = collection.with(|collection| Dataset::from(collection));
            let speed = device.with(|device| device.as_ref().and_then(measured_speed));
            let advised = Some(form.with(|form| advise(form, &dataset, speed)));
            Dataset { context: Context { advised, ..dataset.context }, ..dataset }
        });
        let draft = Memo::new(move |_| form.with(|form| form.draft(&dataset.get())));
        Self {
            form,
            dataset,
            draft,
            engine_state,
            device,
            collection,
            importing: RwSignal::new(None),
            import_failed: RwSignal::new(false),
            skipped: RwSignal::new(Vec::new()),
            warnings: RwSignal::new(Vec::new()),
            thumbnails: RwSignal::new(BTreeMap::new()),
            model: RwSignal::new(None),
            loaded: RwSignal::new(None),
            run,
            requested,
            job,
            is_idle,
            rates: RwSignal::new(RateCurve::default()),
            search: RwSignal::new(SearchLog::default()),
            distillation: Distillation::new(),
            batch: RwSignal::new(Vec::new()),
            outcome: RwSignal::new(None),
            mistakes: RwSignal::new(Vec::new()),
            predicted_numbers: RwSignal::new(Vec::new()),
            prediction: RwSignal::new(None),
            problem: RwSignal::new(None),
            interrupted: RwSignal::new(None),
            exported: RwSignal::new_local(None),
            config: RwSignal::new(None),
            checkpoint: RwSignal::new_local(None),
        }
    }

    /// Whether the engine has failed and has to be restarted.
    pub fn has_engine_failed(&self) -> bool {
        has_failed(self.engine_state)
    }

    /// Whether a run is requested or in progress.
    pub fn is_training(&self, run: &RunLog) -> bool {
        !self.has_engine_failed() && is_requested_or_active(run, self.requested.get())
    }

    /// Clears a problem that the user dismissed, or that a new attempt makes obsolete.
    pub fn forget_problem(&self, about: Subject) {
        self.problem.update(|problem| {
            if problem.as_ref().is_some_and(|problem| problem.about == about) {
                *problem = None;
            }
        });
    }

    /// Whether an interrupted run can be resumed.
    pub fn has_checkpoint(&self) -> bool {
        self.checkpoint.with(Option::is_some)
    }

    /// Starts a run.
    pub fn train(&self, engine: Engine, config: TrainConfig) {
        // The last run cannot be continued any more.
        self.checkpoint.set(None);
        self.run.update(RunLog::reset);
        self.note_request();
        let config = Box::new(config);
        self.config.set(Some(config.clone()));
        self.forget_last_run();
        engine.send(Command::Train { config });
    }

    /// Clears the messages and images of the last run.
    pub fn forget_last_run(&self) {
        self.forget_problem(Subject::Train);
        self.interrupted.set(None);
        self.batch.set(Vec::new());
    }

    /// Continues the run from its latest checkpoint, or from the start if there is none.
    pub fn continue_run(&self, engine: Engine) {
        let Some(config) = self.config.get_untracked() else { return };
        self.note_request();
        // Copied, not transferred: the engine may fail again.
        let checkpoint = self.checkpoint.get_untracked();
        engine.send_copying(Command::Continue { config }, checkpoint.as_slice());
    }

    fn note_request(&self) {
        self.requested.set(Some(self.run.with_untracked(|run| run.revision)));
    }

    /// Starts a job. `files` are the attachments of its command.
    pub fn begin(&self, engine: Engine, job: Job, command: Command, files: &[JsValue]) {
        self.forget_problem(job.subject());
        self.job.set(Some(job));
        engine.send_with(command, files);
    }
}

fn has_failed(engine: RwSignal<EngineState>) -> bool {
    engine.with(|state| matches!(state, EngineState::Failed(_)))
}

fn is_requested_or_active(run: &RunLog, requested: Option<u64>) -> bool {
    requested == Some(run.revision) || run.phase.is_active()
}

impl Default for State {
    fn default() -> Self {
        Self::new()
    }
}

/// Sends a command without attachments from a component.
pub fn send(command: Command) {
    expect_context::<Engine>().send(command);
}
