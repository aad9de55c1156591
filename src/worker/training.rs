//! The training run of the user: from a configuration or a checkpoint to a trained model.

use std::time::Duration;

use tunelab_core::device::ComputeError;
use tunelab_core::model::weights_error::ModelError;
use tunelab_core::options::TrainConfig;
use tunelab_core::protocol::{Reply, Subject, WorkerError};
use tunelab_core::train::error::TrainError;
use tunelab_core::train::event::Event;
use tunelab_engine::data::collection::to_rgba;
use tunelab_engine::model::weights::FloatFormat;
use tunelab_engine::train::session::Session;
use tunelab_engine::trained_model::{ModelInfo, TrainedModel};
use tunelab_wire::{buffer, bytes};
use wasm_bindgen::JsValue;
use web_time::Instant;

use super::active_run::RunHandle;
use super::classifier::{Classifier, FinishedRun, Validated};
use super::messages::{EventQueue, post, post_failure, post_with};
use super::run_setup::RunSetup;
use super::state::State;

/// The number of images of the current batch that the page shows.
const PREVIEW_IMAGES: usize = 8;
/// The time between two previews of the batch.
const PREVIEW_INTERVAL: Duration = Duration::from_millis(700);
/// The least time between two checkpoints, which are taken at the end of an epoch.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(10);

/// Starts a run, or continues one if there is a checkpoint.
///
/// # Errors
/// The run cannot start. Later errors are sent to the page.
pub async fn run(
    state: &State,
    config: TrainConfig,
    checkpoint: Option<&JsValue>,
) -> Result<(), WorkerError> {
    state.run.begin()?;
    let result = prepare_and_train(state, config, &bytes(checkpoint)).await;
    // A run that was trained has ended already, and another one may have begun.
    if result.is_err() {
        state.run.end();
    }
    result
}

async fn prepare_and_train(
    state: &State,
    config: TrainConfig,
    checkpoint: &[u8],
) -> Result<(), WorkerError> {
    let Some(setup) = RunSetup::prepare(state, &config).await? else {
        state.run.end();
        post(&Reply::NothingTrained);
        return Ok(());
    };
    let session = if checkpoint.is_empty() {
        setup.start(config, setup.network()?).await?
    } else {
        setup.resume(checkpoint).await?
    };
    train(state, session, &setup).await;
    setup.device.free_memory();
    Ok(())
}

/// Trains until the run ends, fails or is stopped, and leaves the trained model.
async fn train(state: &State, mut session: Session, setup: &RunSetup) {
    let handle = state.run.start(session.control());
    let failure = advance_to_end(&mut session, setup, &handle).await.err();
    state.run.end();
    let stopped = handle.is_stopping();
    match failure {
        Some(TrainError::Compute(error)) if setup.device.is_gpu_failure(&error) => {
            gpu_failed(state, error, stopped);
        }
        Some(TrainError::NothingTrained) => post(&Reply::NothingTrained),
        Some(error) => {
            if let Err(error) = set_trained_model(state, &session, setup).await {
                log::error!("the trained model could not be saved: {error:?}");
            }
            post_failure(Subject::Train, error.into());
        }
        None => match set_trained_model(state, &session, setup).await {
            Err(ModelError::Compute(error)) if setup.device.is_gpu_failure(&error) => {
                gpu_failed(state, error, stopped);
            }
            Err(error) => post_failure(Subject::Train, error.into()),
            Ok(()) => {}
        },
    }
}

/// Trains until the run ends or is stopped. Sends events, previews and checkpoints to the page.
async fn advance_to_end(
    session: &mut Session,
    setup: &RunSetup,
    handle: &RunHandle,
) -> Result<(), TrainError> {
    let mut stopped = false;
    let mut events = EventQueue::new(Reply::TrainEvents);
    let (mut last_preview, mut last_checkpoint) = (None::<Instant>, Instant::now());
    loop {
        if handle.is_stopping() && !stopped {
            stopped = true;
            events.flush();
            if session.can_be_resumed() {
                post_checkpoint(session).await;
            }
            session.control().stop();
        }
        if last_preview.is_none_or(|shown| shown.elapsed() > PREVIEW_INTERVAL)
            && session.is_training()
        {
            post_preview(session, setup);
            last_preview = Some(Instant::now());
        }
        let event = session.next().await;
        // Checked first, because results of a failed device cannot be trusted.
        setup.device.check()?;
        let Some(event) = event? else { return Ok(()) };
        let is_epoch = matches!(event, Event::Epoch { .. });
        events.push(event);
        if is_epoch && last_checkpoint.elapsed() > CHECKPOINT_INTERVAL && session.can_be_resumed() {
            post_checkpoint(session).await;
            last_checkpoint = Instant::now();
        }
        events.pause().await;
    }
}

/// The page continues the run from its checkpoint, at once or when the user wants to.
fn gpu_failed(state: &State, error: ComputeError, stopped: bool) {
    state.devices.gpu_failed(error.into());
    if stopped {
        post_failure(Subject::Train, WorkerError::GpuFailedWhileStopping);
    } else {
        post(&Reply::Interrupted { error: WorkerError::ContinuedOnCpu });
    }
}

async fn post_checkpoint(session: &Session) {
    match session.checkpoint().await {
        Ok(checkpoint) => post_with(&Reply::Checkpoint, &[buffer(&checkpoint)]),
        Err(error) => log::warn!("the checkpoint failed: {error:?}"),
    }
}

fn post_preview(session: &Session, setup: &RunSetup) {
    let (batch, labels) = session.preview(PREVIEW_IMAGES);
    let images = batch.to_images(&setup.preprocessing.normalization);
    let pixels: Vec<u8> = images.iter().flat_map(to_rgba).collect();
    let side = batch.size().get();
    post_with(&Reply::BatchImages { labels, side }, &[buffer(&pixels)]);
}

/// Makes the best network of the run the trained model.
async fn set_trained_model(
    state: &State,
    session: &Session,
    setup: &RunSetup,
) -> Result<(), ModelError> {
    if !session.has_trained() {
        return Ok(());
    }
    let info = ModelInfo::new(session.tasks(), setup.preprocessing);
    let file = TrainedModel::to_bytes(session.best_network(), &info, FloatFormat::F32).await?;
    let mut classifier = Classifier::from_file(file)?;
    // Without a validation yet.
    let mut run = FinishedRun { report: None, best_epoch: session.position().epoch };
    if let Some(best) = session.best() {
        classifier = classifier.validated_on(Validated {
            images: setup.validation.clone(),
            class_predictions: best.class_predictions.clone(),
            predicted_numbers: best.predicted_numbers.clone(),
        });
        run = FinishedRun { report: Some(best.report.clone()), best_epoch: best.epoch };
    }
    state.trained.set(classifier.of_run(run));
    Ok(())
}
