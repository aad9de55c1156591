//! Loads the pretrained model: the included one, a download, or a file of the user.

use tunelab_core::model::sources::{Source, bundled, find};
use tunelab_core::protocol::{DownloadProblem, ModelStatus, ModelSummary, Reply, WorkerError};
use tunelab_engine::data::transform::Normalization;
use tunelab_engine::model::weights::load;
use tunelab_engine::trained_model::TrainedModel;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, AbortSignal, Blob, File};

use super::classifier::Classifier;
use super::device_selection;
use super::download::{base_url, source_file};
use super::files::read_bytes;
use super::messages::post;
use super::state::{PretrainedModel, State};

/// The model to load.
pub enum ModelChoice {
    /// The included one, unless the user has loaded another one meanwhile.
    Initial,
    /// The included one.
    Bundled,
    /// A source, by its id.
    Source(String),
    /// A weights file of the user.
    File(Option<JsValue>),
}

/// Loads a model in place of the current one. Cancels an earlier download.
///
/// # Errors
/// It cannot be loaded. The current model stays then.
pub async fn load_model(state: &State, choice: ModelChoice) -> Result<(), WorkerError> {
    let is_initial = matches!(choice, ModelChoice::Initial);
    if !is_initial {
        state.pretrained.cancel_download();
    }
    state.pretrained.begin_loading();
    let loaded = match choice {
        ModelChoice::Initial => use_bundled(state, || state.pretrained.get().is_some()).await,
        ModelChoice::Bundled => use_bundled(state, || false).await,
        ModelChoice::Source(id) => download(state, &id).await,
        ModelChoice::File(file) => use_file(state, file.as_ref()).await,
    };
    state.pretrained.end_loading();
    match &loaded {
        Ok(()) if !is_initial => device_selection::measure_again(state).await,
        Ok(()) => {}
        Err(_) => state.pretrained.post_status(),
    }
    loaded
}

async fn use_bundled(state: &State, is_superseded: impl Fn() -> bool) -> Result<(), WorkerError> {
    let source = bundled();
    let url = format!("{}models/{}", base_url(), source.file_name);
    let bytes = fetch_source(source, &url, None).await?;
    if is_superseded() {
        state.pretrained.post_status();
        return Ok(());
    }
    use_bytes(state, &bytes, Some(source), source.title.to_owned())
}

/// Downloads a source, or takes it from the cache. If it is cancelled, whoever cancelled it tells the page what
/// follows.
async fn download(state: &State, id: &str) -> Result<(), WorkerError> {
    let source = find(id).and_then(|source| Some((source, source.url?)));
    let (source, url) = source.ok_or_else(|| WorkerError::UnknownModel { id: id.to_owned() })?;
    let controller = AbortController::new().map_err(|_| WorkerError::Download {
        url: url.to_owned(),
        problem: DownloadProblem::Unsupported,
    })?;
    let signal = controller.signal();
    state.pretrained.set_download(Some(controller));
    let bytes = fetch_source(source, url, Some(&signal)).await;
    if signal.aborted() {
        // The slot may have the controller of a later download. The page has the status of the model, or shows the
        // progress of another one.
        return Ok(());
    }
    state.pretrained.set_download(None);
    use_bytes(state, &bytes?, Some(source), source.title.to_owned())
}

async fn use_file(state: &State, file: Option<&JsValue>) -> Result<(), WorkerError> {
    let file = file.and_then(|file| file.dyn_ref::<File>()).ok_or(WorkerError::NoFile)?;
    let title = file.name();
    let status = ModelStatus::Loading { source: None, title: title.clone(), received: 0, total: 0 };
    post(&Reply::Model(status));
    let blob: &Blob = file;
    let bytes = read_bytes(blob).await?;
    use_bytes(state, &bytes, None, title)
}

async fn fetch_source(
    source: &Source,
    url: &str,
    signal: Option<&AbortSignal>,
) -> Result<Vec<u8>, WorkerError> {
    let report = |received| {
        if signal.is_some_and(AbortSignal::aborted) {
            return;
        }
        let (id, title) = (Some(source.id.to_owned()), source.title.to_owned());
        let status = ModelStatus::Loading { source: id, title, received, total: source.bytes };
        post(&Reply::Model(status));
    };
    report(0);
    source_file(source, url, signal, report).await
}

fn use_bytes(
    state: &State,
    bytes: &[u8],
    source: Option<&Source>,
    title: String,
) -> Result<(), WorkerError> {
    let weights = load(bytes)?;
    let info = TrainedModel::info_of(&weights);
    let normalization = match (&info, source) {
        (Some(info), _) => info.preprocessing.normalization,
        (None, Some(source)) => Normalization { mean: source.mean, std: source.std },
        (None, None) => Normalization::IMAGENET,
    };
    let summary = ModelSummary {
        source: source.map(|source| source.id.to_owned()),
        title,
        architecture: weights.architecture.to_string(),
        bytes: bytes.len() as u64,
        parameters: weights.architecture.backbone_parameters() as u64,
        dataset: source.map(|source| source.dataset.to_owned()),
        classes: weights.head.as_ref().map_or(0, |head| head.classes()),
        top1_percent: source.map(|source| source.top1_percent),
        license: source.and_then(|source| source.license).map(str::to_owned),
        input_size: source.map(|source| source.input_size),
        trained_classes: info.as_ref().map(|info| match &info.classes[..] {
            [] => info.tasks().into_iter().map(|task| task.name).collect(),
            classes => classes.to_vec(),
        }),
    };
    if info.is_some() {
        state.trained.set(Classifier::from_file(bytes.to_vec())?);
    }
    state.pretrained.set(PretrainedModel { weights, normalization, summary });
    Ok(())
}
