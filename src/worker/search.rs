//! A search: run after run on the same pictures, each with other settings.

use super::host::Host;
use super::port::{Slices, post};
use super::runs::{Ground, free};
use tunelab_core::device::ComputeDevice;
use tunelab_core::options::{Choices, Context, TrainConfig};
use tunelab_core::protocol::Reply;
use tunelab_core::search::state::{Job, Search};
use tunelab_core::search::trial::RunResult;
use tunelab_core::train::event::Event;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::search::try_out;
use tunelab_engine::train::error::TrainError;

/// Begins a search on the pictures as they are, or goes on with one, until it is over or stopped. The run
/// that is stopped has no result, and so is made again when the search goes on.
///
/// # Errors
/// A message for the user. What was told until then counts.
pub async fn run(
    host: &Host,
    choices: &Choices,
    context: &Context,
    search: Search,
) -> Result<(), String> {
    host.begin_run()?;
    let searched = try_all(host, choices, context, search).await;
    host.run.replace(None);
    searched
}

async fn try_all(
    host: &Host,
    choices: &Choices,
    context: &Context,
    mut search: Search,
) -> Result<(), String> {
    let prepared = choices.resolve(context).config;
    let Some(ground) = Ground::prepare(host, &prepared).await? else { return Ok(()) };
    let network = ground.network()?;
    while let Some(job) = search.next() {
        let epochs = (job.epochs, search.epochs());
        let config = job.candidate.config(choices, context, epochs, search.seed());
        let tried = try_one(host, &ground, config, network.clone()).await;
        // First: what a broken device says is not to be believed.
        let tried = ground.computing.check().map_err(TrainError::from).and(tried);
        free(&ground.computing);
        let on_gpu = ground.computing.kind == ComputeDevice::Wgpu;
        match tried {
            Ok(Some(result)) => {
                let Job { trial, rung, .. } = job;
                let report = search.report(trial, rung, result.clone());
                report.map_err(|error| error.to_string())?;
                post(&Reply::TrialEnded { trial, rung, result });
            }
            Ok(None) => break,
            Err(TrainError::Compute(error)) if on_gpu && error.is_of_device() => {
                host.gpu_failed(&error.to_string());
                return Err("the graphics card broke down; go on, and the processor does".into());
            }
            Err(error) => return Err(error.to_string()),
        }
    }
    Ok(())
}

/// One run, and what happens in it; none where the user stopped it.
async fn try_one(
    host: &Host,
    ground: &Ground,
    config: TrainConfig,
    network: ResNet,
) -> Result<Option<RunResult>, TrainError> {
    let session = ground.begin(config, network).await?;
    let mut slices = Slices::begin();
    // Steps of a head take less than a millisecond: a message each would flood the page.
    let mut news = Vec::new();
    try_out(session, async |event: &Event| {
        ground.computing.check()?;
        news.push(event.clone());
        if !event.is_progress() || slices.is_over() {
            post(&Reply::TrialEvents(std::mem::take(&mut news)));
        }
        slices.pause().await;
        Ok(!host.is_run_stopping())
    })
    .await
}
