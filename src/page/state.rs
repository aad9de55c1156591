//! What the page knows. Only the worker's replies change it; components read it and send commands.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::engine::{Engine, EngineState, Incoming};
use crate::train::distillation::Distillation;
use tunelab_core::data::skipped::SkippedFile;
use tunelab_core::data::warning::DataWarning;
use tunelab_core::metrics::prediction::Prediction as Answer;
use tunelab_core::options::{Context, TrainConfig};
use tunelab_core::protocol::{
    Caption, ClassId, Collection, Command, DeviceStatus, Mistake, ModelStatus, ModelSummary,
    Outcome, Reply, Subject,
};
use tunelab_core::train::event::Event as TrainEvent;
use tunelab_core::train::rate_finder::RateCurve;
use tunelab_presentation::train::estimate::{advise, measured_speed};
use tunelab_presentation::train::form::{Dataset, Draft, Form};
use tunelab_presentation::progress::run_log::RunLog;
use tunelab_presentation::train::search::log::SearchLog;
use tunelab_wire::bytes;

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

/// What the network says of the picture that was tried last.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    pub request: u32,
    /// One a task.
    pub answers: Vec<Answer>,
    pub seconds: f64,
}

impl Prediction {
    /// The class probabilities of the first task; none where it is another kind of task.
    pub fn probabilities(&self) -> &[f64] {
        match self.answers.first() {
            Some(Answer::Class(probabilities)) => probabilities,
            _ => &[],
        }
    }
}

/// Something that did not work, said where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub about: Subject,
    pub message: String,
}

/// Work beside training that the page has given the worker; it does one job at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    FindLearningRate,
    Search,
    Distill,
    TryContestant,
}

impl Job {
    /// What is going on, for those who wait for it.
    pub fn words(self) -> &'static str {
        match self {
            Job::FindLearningRate => "Learning rates are being tried.",
            Job::Search => "Many settings are being tried.",
            Job::Distill => "A small network is learning.",
            Job::TryContestant => "Another network takes the place of the trained one.",
        }
    }

    /// What its messages are about.
    fn subject(self) -> Subject {
        match self {
            Job::FindLearningRate => Subject::LearningRate,
            Job::Search => Subject::Search,
            Job::Distill | Job::TryContestant => Subject::Distillation,
        }
    }
}

/// Everything the page knows, as signals. Components get it by `expect_context::<State>()`.
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
    /// The run's revision when a run was last asked for: until it changes, the worker has not answered.
    asked: RwSignal<Option<u64>>,
    /// The job under way.
    pub job: RwSignal<Option<Job>>,
    /// Whether the worker has neither a run nor a job, and can take one.
    pub is_idle: Memo<bool>,
    /// The learning rates that were tested.
    pub rates: RwSignal<RateCurve>,
    pub search: RwSignal<SearchLog>,
    /// The students that learn from the trained network.
    pub distillation: Distillation,
    pub outcome: RwSignal<Option<Outcome>>,
    /// The validation pictures that the network gets most wrong.
    pub mistakes: RwSignal<Vec<(Mistake, Pixels)>>,
    /// Predicted and true numbers of the validation pictures, a list a task.
    pub predicted_numbers: RwSignal<Vec<Vec<(f64, f64)>>>,
    pub prediction: RwSignal<Option<Prediction>>,
    pub problem: RwSignal<Option<Problem>>,
    /// Why a run was interrupted that goes on by itself.
    pub interrupted: RwSignal<Option<String>>,
    /// The newest exported model: its file name and its buffer.
    pub exported: RwSignal<Option<(String, JsValue)>, LocalStorage>,
    /// What the latest run was asked for.
    config: RwSignal<Option<Box<TrainConfig>>>,
    /// The newest checkpoint of the run, kept here in case the worker breaks down.
    checkpoint: RwSignal<Option<JsValue>, LocalStorage>,
}

impl State {
    /// Knows nothing yet.
    pub fn new() -> Self {
        let engine_state = RwSignal::new(EngineState::Loading { received: 0, total: 0 });
        let run = RwSignal::new(RunLog::default());
        let (asked, job) = (RwSignal::new(None), RwSignal::new(None));
        let is_idle = Memo::new(move |_| {
            job.with(Option::is_none)
                && !is_lost(engine_state)
                && !run.with(|run| is_asked_or_active(run, asked.get()))
        });
        let form = RwSignal::new(Form::default());
        let (collection, device) =
            (RwSignal::new(Collection::default()), RwSignal::new(None::<DeviceStatus>));
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
            import_broke_off: RwSignal::new(false),
            skipped: RwSignal::new(Vec::new()),
            notices: RwSignal::new(Vec::new()),
            thumbnails: RwSignal::new(BTreeMap::new()),
            model: RwSignal::new(None),
            loaded: RwSignal::new(None),
            run,
            asked,
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

    /// Takes in what the worker said.
    pub fn take_in(&self, incoming: Incoming) {
        match incoming {
            Incoming::State(state) => self.take_in_engine_state(state),
            Incoming::Reply(reply, attachments) => self.take_in_reply(*reply, &attachments),
        }
    }

    /// Whether the worker is not there and has to be started again.
    pub fn is_worker_lost(&self) -> bool {
        is_lost(self.engine_state)
    }

    /// Whether a run is asked for or under way, as far as `run` knows.
    pub fn is_training(&self, run: &RunLog) -> bool {
        !self.is_worker_lost() && is_asked_or_active(run, self.asked.get())
    }

    fn take_in_engine_state(&self, state: EngineState) {
        if matches!(state, EngineState::Failed(_)) {
            self.run.update(RunLog::engine_stopped);
            self.import_broke_off.set(self.importing.with(Option::is_some));
            self.importing.set(None);
            self.asked.set(None);
            self.job.set(None);
            self.search.update(SearchLog::engine_stopped);
            // The trained network was the worker's, and those that were compared with it.
            self.set_outcome(None);
            self.distillation.forget();
            self.exported.set(None);
        }
        self.engine_state.set(state);
    }

    fn take_in_reply(&self, reply: Reply, attachments: &[JsValue]) {
        let attached = attachments.first();
        match reply {
            // The engine has taken note of these.
            Reply::Ready | Reply::Crashed { .. } => {}
            Reply::Device(status) => self.device.set(Some(status)),
            Reply::Collection(collection) => {
                self.importing.set(None);
                // The pictures of a table stay the same as long as the table is there.
                let table = collection.table.as_ref().map(|table| table.class);
                self.thumbnails.update(|all| all.retain(|class, _| Some(*class) == table));
                self.search.update(|search| search.set_images(&collection));
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
                    self.search.update(|search| search.set_model(summary));
                    // It may be the one that they were waiting for.
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
                Some(Job::FindLearningRate | Job::TryContestant) => {}
            },
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
                match self.job.get_untracked() {
                    Some(Job::TryContestant) => self.distillation.show_wanted(),
                    // It was loaded from a file while students learn, and is none of those that are compared.
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
            Reply::Checkpoint { .. } => self.checkpoint.set(attached.cloned()),
            Reply::NothingTrained => self.run.update(RunLog::stop),
            Reply::Interrupted { message } => self.interrupted.set(Some(message)),
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
            Reply::ContestantResult(result) => {
                self.distillation.log.update(|log| log.results.push(result));
            }
            Reply::StudentFile { file_name } => {
                self.distillation.file.set(attached.cloned().map(|buffer| (file_name, buffer)));
            }
            Reply::Ended(_) => self.job.set(None),
            Reply::Failed { about, message } => {
                match about {
                    Subject::Pictures => self.importing.set(None),
                    // Where the last one is still there, the worker has just said so.
                    Subject::Model => self.model.update(|model| {
                        model.take_if(|model| matches!(model, ModelStatus::Loading { .. }));
                    }),
                    Subject::Try => self.prediction.set(None),
                    Subject::Train => self.run.update(RunLog::fail),
                    Subject::LearningRate | Subject::Search | Subject::Distillation => {
                        if self.job.get_untracked() == Some(Job::Distill) {
                            self.distillation.begun.set(false);
                        }
                        self.job.set(None);
                    }
                    Subject::Device => {}
                }
                self.problem.set(Some(Problem { about, message }));
            }
        }
    }

    /// Another trained network, or none: what was known of the last one is not of this one.
    fn set_outcome(&self, outcome: Option<Outcome>) {
        self.prediction.set(None);
        self.mistakes.set(Vec::new());
        self.predicted_numbers.set(Vec::new());
        self.outcome.set(outcome);
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
    pub fn train(&self, engine: Engine, config: TrainConfig) {
        // What the run before could be continued from is not this one's.
        self.checkpoint.set(None);
        self.run.update(RunLog::reset);
        self.ask();
        let config = Box::new(config);
        self.config.set(Some(config.clone()));
        self.forget_last_run();
        engine.send(Command::Train { config });
    }

    /// Clears what was said of the run before.
    pub fn forget_last_run(&self) {
        self.forget_problem(Subject::Train);
        self.interrupted.set(None);
        self.batch.set(Vec::new());
    }

    /// Goes on with the run from its newest checkpoint; from its beginning where there is none.
    pub fn continue_run(&self, engine: Engine) {
        let Some(config) = self.config.get_untracked() else { return };
        self.ask();
        // Copied, not handed over: the worker may break down again.
        let checkpoint = self.checkpoint.get_untracked();
        engine.send_copying(Command::Continue { config }, checkpoint.as_slice());
    }

    fn ask(&self) {
        self.asked.set(Some(self.run.with_untracked(|run| run.revision)));
    }

    /// Gives the worker a job, with files where its command takes any.
    pub fn begin(&self, engine: Engine, job: Job, command: Command, files: &[JsValue]) {
        self.forget_problem(job.subject());
        self.job.set(Some(job));
        engine.send_with(command, files);
    }
}

fn is_lost(engine: RwSignal<EngineState>) -> bool {
    engine.with(|state| matches!(state, EngineState::Failed(_)))
}

fn is_asked_or_active(run: &RunLog, asked: Option<u64>) -> bool {
    asked == Some(run.revision) || run.phase.is_active()
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
