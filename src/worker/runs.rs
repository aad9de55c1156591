//! Training runs: from the page's request to a trained network, on whichever device is there.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use wasm_bindgen::JsValue;
use web_time::Instant;

use super::devices::Computing;
use super::host::Host;
use super::models::LoadedModel;
use super::pictures::prepare;
use super::port::{Slices, post, post_failure, post_with};
use super::spill;
use super::trials::{Classifier, FinishedRun, Validated};
use tunelab_core::data::input::CropFraction;
use tunelab_core::device::ComputeDevice;
use tunelab_core::options::TrainConfig;
use tunelab_core::protocol::{Reply, Subject};
use tunelab_core::train::event::Event;
use tunelab_core::train::rate_finder::RateCurve;
use tunelab_engine::data::collection::to_rgba;
use tunelab_engine::data::dataset::Dataset;
use tunelab_engine::data::resize::Filter;
use tunelab_engine::data::transform::Preprocessing;
use tunelab_engine::export::trained_model::TrainedModel;
use tunelab_engine::export::trained_model::{ModelError, ModelInfo};
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::FloatFormat;
use tunelab_engine::train::checkpoint::Checkpoint;
use tunelab_engine::train::control::Control;
use tunelab_engine::train::control::RunState;
use tunelab_engine::train::error::TrainError;
use tunelab_engine::train::session::Session;
use tunelab_wire::{buffer, bytes};

/// Pictures of the current batch that the page shows, and how often.
const SHOWN: usize = 8;
const SHOW_EVERY: Duration = Duration::from_millis(700);
/// A checkpoint at the end of an epoch, where the last one is older than this.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(10);

/// One look at so many pictures takes a moment on any device, so no faster one is waited for.
const AT_ONCE: usize = 100;

/// The handle on the run under way.
#[derive(Clone)]
pub struct RunHandle {
    control: Control,
    /// Whether the page wants it stopped: it is once a checkpoint was taken.
    stopping: Rc<Cell<bool>>,
}

impl RunHandle {
    /// The run waits after its step.
    pub fn pause(&self) {
        self.control.pause();
    }

    /// The run goes on.
    pub fn resume(&self) {
        self.control.resume();
    }

    /// The run ends after its step.
    pub fn stop(&self) {
        self.stopping.set(true);
        self.control.resume();
    }
}

/// What a run was started with.
struct RunData {
    preprocessing: Preprocessing,
    train: Dataset,
    validation: Dataset,
}

/// Starts a run on the pictures as they are, or goes on with one from its checkpoint.
///
/// # Errors
/// A message for the user.
pub async fn start(
    host: &Host,
    config: TrainConfig,
    checkpoint: Option<&JsValue>,
) -> Result<(), String> {
    host.begin_run()?;
    let started = try_start(host, config, &bytes(checkpoint)).await;
    if started.is_err() {
        host.run.replace(None);
    }
    started
}

async fn try_start(host: &Host, config: TrainConfig, checkpoint: &[u8]) -> Result<(), String> {
    let Some(ground) = Ground::prepare(host, &config).await? else {
        call_off(host);
        return Ok(());
    };
    let session = if checkpoint.is_empty() {
        let begun = ground.begin(config, ground.network()?).await;
        begun.map_err(|error| error.to_string())?
    } else {
        ground.resume(checkpoint).await?
    };
    drive(host, session, &ground.data, &ground.computing).await;
    free(&ground.computing);
    Ok(())
}

/// Tries learning rates on the pictures as they are, with the choices of `config`.
///
/// # Errors
/// A message for the user.
pub async fn find_rate(host: &Host, config: TrainConfig) -> Result<(), String> {
    host.begin_run()?;
    let tried = try_rates(host, config).await;
    host.run.replace(None);
    tried
}

async fn try_rates(host: &Host, config: TrainConfig) -> Result<(), String> {
    let Some(ground) = Ground::prepare(host, &config).await? else { return Ok(()) };
    let begun = ground.begin(config, ground.network()?).await;
    let mut session = begun.map_err(|error| error.to_string())?;
    let handle = RunHandle { control: session.control(), stopping: Rc::default() };
    host.run.replace(Some(handle.clone()));
    let mut curve = RateCurve::default();
    let mut slices = Slices::begin();
    let tried = loop {
        if handle.stopping.get() {
            break Ok(());
        }
        let event = session.next_rate(&mut curve).await;
        if let Err(error) = host.believe(&ground.computing) {
            break Err(error);
        }
        match event {
            Ok(Some(Event::Rate(point))) => post(&Reply::LearningRate(point)),
            Ok(Some(_)) => {}
            Ok(None) => break Ok(()),
            Err(error) => break Err(error.to_string()),
        }
        slices.pause().await;
    };
    drop(session);
    free(&ground.computing);
    tried
}

/// The next event of a session that nothing is continued from.
///
/// # Errors
/// A message for the user.
pub async fn next_event(
    host: &Host,
    session: &mut Session,
    computing: &Computing,
) -> Result<Option<Event>, String> {
    let event = session.next().await;
    host.believe(computing)?;
    event.map_err(|error| error.to_string())
}

/// What a run needed is free for the next, of whatever sizes that may be.
pub fn free(computing: &Computing) {
    if computing.check().is_ok() {
        computing.device.memory_cleanup();
    }
}

/// What runs begin with: the pictures as they are, prepared, the network, and what computes.
pub struct Ground {
    model: Rc<LoadedModel>,
    data: RunData,
    pub computing: Computing,
}

impl Ground {
    /// Prepares what a run with these choices begins with; none where the user stopped it before it was
    /// there.
    ///
    /// # Errors
    /// A message for the user.
    pub async fn prepare(host: &Host, config: &TrainConfig) -> Result<Option<Ground>, String> {
        post(&Reply::Preparing { done: 0, total: 0 });
        host.wait_for_model().await;
        let model = host.model.borrow().clone();
        let model = model.ok_or("there is no pretrained network; choose one first")?;
        let preprocessing = Preprocessing {
            size: config.size,
            fit: config.fit,
            crop_fraction: CropFraction::new(config.crop_fraction)
                .map_err(|error| error.to_string())?,
            normalization: model.normalization,
            filter: Filter::default(),
        };
        prepare(host, &preprocessing).await;
        if host.is_run_stopping() {
            return Ok(None);
        }
        let (train, validation) = {
            let pictures = host.pictures.borrow();
            pictures.limited_datasets(
                &preprocessing,
                config.validation_share,
                config.per_class,
                config.seed,
            )
        };
        let looks_once = !config.trains();
        if validation.is_empty() && !train.is_empty() && !looks_once {
            return Err("no pictures are left to check the network with; add some more".into());
        }
        let data = RunData { preprocessing, train, validation };
        if !looks_once || data.train.len() > AT_ONCE {
            host.wait_for_devices(|| host.is_run_stopping()).await;
        }
        if host.is_run_stopping() {
            return Ok(None);
        }
        Ok(Some(Ground { model, data, computing: host.computing() }))
    }

    /// The pretrained network, on the device.
    ///
    /// # Errors
    /// A message for the user.
    pub fn network(&self) -> Result<ResNet, String> {
        let network = ResNet::from_pretrained(&self.model.weights, &self.computing.device);
        network.map_err(|error| error.to_string())
    }

    /// A run from its beginning.
    ///
    /// # Errors
    /// As those of [`Session::new`].
    pub async fn begin(&self, config: TrainConfig, network: ResNet) -> Result<Session, TrainError> {
        let (train, validation) = (self.data.train.clone(), self.data.validation.clone());
        let session = Session::new(config, network, train, validation, &self.computing.device)?;
        Ok(with_room(session).await)
    }

    async fn resume(&self, checkpoint: &[u8]) -> Result<Session, String> {
        let (train, validation) = (self.data.train.clone(), self.data.validation.clone());
        let checkpoint = Checkpoint::parse(checkpoint).map_err(|error| error.to_string())?;
        let session = Session::resume(&checkpoint, train, validation, &self.computing.device);
        Ok(with_room(session.map_err(|error| error.to_string())?).await)
    }
}

/// The session with room for what it keeps beside memory.
async fn with_room(mut session: Session) -> Session {
    if session.config().cache_views > 0 {
        session.limit_cache(spill::MEMORY, spill::source().await);
    }
    session
}

/// Stopped before it began.
fn call_off(host: &Host) {
    host.run.replace(None);
    post(&Reply::NothingTrained);
}

/// Turns the session until it ends, and leaves what it made.
async fn drive(host: &Host, mut session: Session, data: &RunData, computing: &Computing) {
    let handle = RunHandle { control: session.control(), stopping: Rc::default() };
    // What was wished for while the pictures were prepared.
    match host.run.replace(Some(handle.clone())) {
        Some(early) if early.stopping.get() => handle.stop(),
        Some(early) if early.control.requested() == RunState::Paused => handle.pause(),
        _ => {}
    }
    let mut stopped = false;
    let mut slices = Slices::begin();
    // Steps of a head take less than a millisecond: a message each would flood the page.
    let mut news = Vec::new();
    let (mut last_shown, mut last_checkpoint) = (None::<Instant>, Instant::now());
    let failure = loop {
        if handle.stopping.get() && !stopped {
            stopped = true;
            tell(&mut news);
            if session.can_be_resumed() {
                send_checkpoint(&session).await;
            }
            session.control().stop();
        }
        if last_shown.is_none_or(|shown| shown.elapsed() > SHOW_EVERY) && session.is_training() {
            show_batch(&session, data);
            last_shown = Some(Instant::now());
        }
        let event = session.next().await;
        // First: what a broken device says is not to be believed.
        if let Err(error) = computing.check() {
            break Some(TrainError::from(error));
        }
        match event {
            Ok(Some(event)) => {
                let epoch_ended = matches!(event, Event::Epoch { .. });
                let is_progress = event.is_progress();
                news.push(event);
                if !is_progress || slices.is_over() {
                    tell(&mut news);
                }
                let due = epoch_ended && last_checkpoint.elapsed() > CHECKPOINT_EVERY;
                if due && session.can_be_resumed() {
                    send_checkpoint(&session).await;
                    last_checkpoint = Instant::now();
                }
            }
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
        slices.pause().await;
    };
    tell(&mut news);
    host.run.replace(None);
    let on_gpu = computing.kind == ComputeDevice::Wgpu;
    // Also where the wish came while the last piece of work failed.
    let stopped = handle.stopping.get();
    match failure {
        Some(TrainError::Compute(error)) if on_gpu && error.is_of_device() => {
            gpu_broke_down(host, &error, stopped)
        }
        Some(TrainError::NothingTrained) => post(&Reply::NothingTrained),
        Some(error) => {
            if let Err(error) = keep_network(host, &session, data).await {
                log::error!("the network could not be kept: {error}");
            }
            post_failure(Subject::Train, error);
        }
        None => match keep_network(host, &session, data).await {
            Err(error) if on_gpu => gpu_broke_down(host, &error, stopped),
            Err(error) => post_failure(Subject::Train, error),
            Ok(()) => {}
        },
    }
}

/// The page has the checkpoint to go on from: by itself, or when the user wants to.
fn gpu_broke_down(host: &Host, error: &dyn std::error::Error, stopped: bool) {
    host.gpu_failed(&error.to_string());
    if stopped {
        post_failure(Subject::Train, "the graphics card broke down as the run was stopped");
    } else {
        post(&Reply::Interrupted {
            message: "The graphics card broke down. The run goes on with the processor.".into(),
        });
    }
}

/// Tells the page what happened in the run.
fn tell(news: &mut Vec<Event>) {
    if !news.is_empty() {
        post(&Reply::Run(std::mem::take(news)));
    }
}

async fn send_checkpoint(session: &Session) {
    match session.checkpoint().await {
        Ok(checkpoint) => {
            let epoch = session.position().epoch;
            post_with(&Reply::Checkpoint { epoch }, &[buffer(&checkpoint)]);
        }
        Err(error) => log::warn!("no checkpoint could be taken: {error}"),
    }
}

fn show_batch(session: &Session, data: &RunData) {
    let (batch, labels) = session.preview(SHOWN);
    let pictures = batch.to_images(&data.preprocessing.normalization);
    let pixels: Vec<u8> = pictures.iter().flat_map(to_rgba).collect();
    let side = batch.size().get();
    post_with(&Reply::BatchPictures { labels, side }, &[buffer(&pixels)]);
}

/// Makes the best network the one that is tried.
async fn keep_network(host: &Host, session: &Session, data: &RunData) -> Result<(), ModelError> {
    if !session.has_trained() {
        return Ok(());
    }
    let info = ModelInfo::new(session.tasks(), data.preprocessing);
    let file = TrainedModel::to_bytes(session.best_network(), &info, FloatFormat::F32).await?;
    let mut classifier = Classifier::from_file(file)?;
    // Nothing was checked, or not yet.
    let mut run = FinishedRun { report: None, best_epoch: session.position().epoch };
    if let Some(best) = session.best() {
        classifier = classifier.validated_on(Validated {
            pictures: data.validation.clone(),
            class_predictions: best.class_predictions.clone(),
            predicted_numbers: best.predicted_numbers.clone(),
        });
        run = FinishedRun { report: Some(best.report.clone()), best_epoch: best.epoch };
    }
    host.show_outcome(classifier.of_run(run));
    Ok(())
}

impl Host {
    /// Whether the page wants the run stopped.
    pub fn is_run_stopping(&self) -> bool {
        self.run.borrow().as_ref().is_some_and(|run| run.stopping.get())
    }

    /// Whether what was computed is to be believed; a GPU that broke down is not used any more.
    ///
    /// # Errors
    /// The browser complained about the device's work.
    pub fn believe(&self, computing: &Computing) -> Result<(), String> {
        computing.check().map_err(|error| {
            self.gpu_failed(&error.to_string());
            error.to_string()
        })
    }

    /// Takes the place of the run under way, so that there is one at a time.
    ///
    /// # Errors
    /// There is one.
    pub fn begin_run(&self) -> Result<(), String> {
        if self.run.borrow().is_some() {
            return Err("a run is under way; stop it first".into());
        }
        let handle = RunHandle { control: Control::default(), stopping: Rc::default() };
        self.run.replace(Some(handle));
        Ok(())
    }
}
