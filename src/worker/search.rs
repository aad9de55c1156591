//! The learning-rate range test, and the trials of a hyperparameter search.

use tunelab_core::options::{Choices, Context, TrainConfig};
use tunelab_core::protocol::{Reply, WorkerError};
use tunelab_core::search::state::{Job, Search};
use tunelab_core::search::trial::RunResult;
use tunelab_core::train::error::TrainError;
use tunelab_core::train::event::Event;
use tunelab_core::train::rate_finder::RateCurve;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::search::train_trial;

use super::messages::{EventQueue, TimeSlice, post};
use super::run_setup::RunSetup;
use super::state::State;

/// Runs a learning-rate range test until it ends or is stopped.
///
/// # Errors
/// It cannot start or continue.
pub async fn find_learning_rate(state: &State, config: TrainConfig) -> Result<(), WorkerError> {
    state.run.begin()?;
    let result = test_rates(state, config).await;
    state.run.end();
    result
}

async fn test_rates(state: &State, config: TrainConfig) -> Result<(), WorkerError> {
    let Some(setup) = RunSetup::prepare(state, &config).await? else { return Ok(()) };
    let mut session = setup.start(config, setup.network()?).await?;
    let handle = state.run.start(session.control());
    let mut curve = RateCurve::default();
    let mut slice = TimeSlice::start();
    while !handle.is_stopping() {
        let event = session.next_rate(&mut curve).await;
        state.devices.verify(&setup.device)?;
        match event? {
            Some(Event::Rate(point)) => post(&Reply::LearningRate(point)),
            Some(_) => {}
            None => break,
        }
        slice.pause().await;
    }
    drop(session);
    setup.device.free_memory();
    Ok(())
}

/// Starts a search, or continues one, until it ends or is stopped. The trial that is being trained then has no
/// result, so it is trained again when the search is continued.
///
/// # Errors
/// The search cannot continue. The results reported before remain valid.
pub async fn search(
    state: &State,
    choices: &Choices,
    context: &Context,
    search: Search,
) -> Result<(), WorkerError> {
    state.run.begin()?;
    let result = run_trials(state, choices, context, search).await;
    state.run.end();
    result
}

async fn run_trials(
    state: &State,
    choices: &Choices,
    context: &Context,
    mut search: Search,
) -> Result<(), WorkerError> {
    let config = choices.resolve(context).config;
    let Some(setup) = RunSetup::prepare(state, &config).await? else { return Ok(()) };
    let network = setup.network()?;
    while let Some(job) = search.next() {
        let epochs = (job.epochs, search.epochs());
        let config = job.candidate.config(choices, context, epochs, search.seed());
        let result = run_trial(state, &setup, config, network.clone()).await;
        // Checked first, because results of a failed device cannot be trusted.
        let result = setup.device.check().map_err(TrainError::from).and(result);
        setup.device.free_memory();
        match result {
            Ok(Some(result)) => {
                let Job { trial, rung, .. } = job;
                search.report(trial, rung, result.clone())?;
                post(&Reply::TrialEnded { trial, rung, result });
            }
            Ok(None) => break,
            Err(TrainError::Compute(error)) if setup.device.is_gpu_failure(&error) => {
                state.devices.gpu_failed(error.into());
                return Err(WorkerError::GpuFailedInSearch);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// The result of one run; `None` if the user stopped it.
async fn run_trial(
    state: &State,
    setup: &RunSetup,
    config: TrainConfig,
    network: ResNet,
) -> Result<Option<RunResult>, TrainError> {
    let session = setup.start(config, network).await?;
    let mut events = EventQueue::new(Reply::TrialEvents);
    train_trial(session, async |event: &Event| {
        setup.device.check()?;
        events.push(event.clone());
        events.pause().await;
        Ok(!state.run.is_stopping())
    })
    .await
}
