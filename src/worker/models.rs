//! The pretrained network: the one that comes with the app, a file of the user's, or a download.
//!
//! What was fetched is kept in the browser's cache and checked against its checksum each time, so the
//! app starts without a network connection.

use std::rc::Rc;

use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, Blob, ReadableStreamDefaultReader, RequestInit, Response,
};

use super::devices;
use super::host::Host;
use super::picture_files::bytes_of;
use super::platform::{Denied, ask, global};
use super::port::{post, scope};
use super::trials::Classifier;
use tunelab_core::model::sources::{SOURCES, Source, find};
use tunelab_core::protocol::{ModelStatus, ModelSummary, Reply};
use tunelab_engine::data::transform::Normalization;
use tunelab_engine::export::trained_model::TrainedModel;
use tunelab_engine::model::weights::{PretrainedWeights, load};

const CACHE: &str = "tunelab-models";
/// Progress is told after so many bytes.
const PROGRESS_STEP: u64 = 256 * 1024;
/// A download may be so much longer than the file is known to be.
const SLACK_BYTES: u64 = 64 * 1024;
const HASHED_AT_ONCE: usize = 4096;

/// A network ready to be given a new head.
pub struct LoadedModel {
    pub weights: PretrainedWeights,
    pub normalization: Normalization,
    pub summary: ModelSummary,
}

/// Where the app's own files are. A worker that begins with a blob has no base of its own, so the
/// loader leaves it here.
pub fn base_url() -> String {
    Reflect::get(&scope(), &"tunelabBase".into())
        .ok()
        .and_then(|base| base.as_string())
        .unwrap_or_default()
}

/// Which network is asked for.
pub enum Wanted {
    /// The one that comes with the app, unless the user has brought another meanwhile.
    First,
    /// The one that comes with the app.
    Bundled,
    /// A known source to download, by its id.
    Known(String),
    /// A weights file of the user's.
    File(JsValue),
}

/// Loads a network in the place of the one there is.
///
/// # Errors
/// A message for the user; the model is as it was then.
pub async fn choose(host: &Host, wanted: Wanted) -> Result<(), String> {
    // The last choice counts.
    if !matches!(wanted, Wanted::First)
        && let Some(download) = &*host.download.borrow()
    {
        download.abort();
    }
    host.models_loading.update(|loading| loading + 1);
    let is_first = matches!(wanted, Wanted::First);
    let done = match wanted {
        Wanted::First => use_bundled(host, || host.model.borrow().is_some()).await,
        Wanted::Bundled => use_bundled(host, || false).await,
        Wanted::Known(id) => download(host, &id).await,
        Wanted::File(file) => use_file(host, &file).await,
    };
    host.models_loading.update(|loading| loading - 1);
    match &done {
        Ok(()) if !is_first => devices::measure_again(host).await,
        Ok(()) => {}
        Err(_) => host.show_model(),
    }
    done
}

async fn use_bundled(host: &Host, gives_way: impl Fn() -> bool) -> Result<(), String> {
    let source = &SOURCES[0];
    let url = format!("{}models/{}", base_url(), source.file_name);
    let bytes = bytes_of_source(source, &url, None).await?;
    if gives_way() {
        host.show_model();
        return Ok(());
    }
    use_bytes(host, &bytes, Some(source), source.title.to_string()).await
}

/// Downloads a known source, or takes it from the cache.
async fn download(host: &Host, id: &str) -> Result<(), String> {
    let source = find(id).ok_or_else(|| format!("there is no known network `{id}`"))?;
    let url = source.url.ok_or("this network comes with the app")?;
    let controller = AbortController::new().map_err(|_| "the browser cannot download files")?;
    let signal = controller.signal();
    host.download.replace(Some(controller));
    let bytes = bytes_of_source(source, url, Some(&signal)).await;
    host.download.replace(None);
    match bytes {
        Ok(bytes) => use_bytes(host, &bytes, Some(source), source.title.to_string()).await,
        // As the user wished.
        Err(_) if signal.aborted() => {
            host.show_model();
            Ok(())
        }
        Err(reason) => Err(reason),
    }
}

async fn use_file(host: &Host, file: &JsValue) -> Result<(), String> {
    let file = file.dyn_ref::<web_sys::File>().ok_or("there is no file")?;
    let title = file.name();
    post(&Reply::Model(ModelStatus::Loading { title: title.clone(), received: 0, total: 0 }));
    let blob: &Blob = file;
    let bytes = bytes_of(blob).await.map_err(|reason| reason.to_string())?;
    use_bytes(host, &bytes, None, title).await
}

/// The file of a source: from the cache, or fetched and kept.
async fn bytes_of_source(
    source: &'static Source,
    url: &str,
    signal: Option<&AbortSignal>,
) -> Result<Vec<u8>, String> {
    let loading =
        |received, total| ModelStatus::Loading { title: source.title.to_string(), received, total };
    post(&Reply::Model(loading(0, source.bytes)));
    let cache = open_cache().await;
    if let Some(cache) = &cache
        && let Some(bytes) = cached(cache, url, source).await
    {
        return Ok(bytes);
    }
    let bytes = fetch(url, signal, |received, _| {
        post(&Reply::Model(loading(received, source.bytes)));
        received <= source.bytes + SLACK_BYTES
    })
    .await?;
    source.check_sha256(&sha256(&bytes).await).map_err(|error| error.to_string())?;
    if let Some(cache) = &cache {
        keep(cache, url, &bytes).await;
    }
    Ok(bytes)
}

async fn use_bytes(
    host: &Host,
    bytes: &[u8],
    source: Option<&'static Source>,
    title: String,
) -> Result<(), String> {
    let weights = load(bytes).map_err(|error| error.to_string())?;
    let info = TrainedModel::info_of(&weights);
    let normalization = match (&info, source) {
        (Some(info), _) => info.preprocessing.normalization,
        (None, Some(source)) => Normalization { mean: source.mean, std: source.std },
        (None, None) => Normalization::IMAGENET,
    };
    let parameters = weights.architecture.backbone_parameters() as u64;
    let summary = ModelSummary {
        source: source.map(|source| source.id.to_string()),
        title,
        architecture: weights.architecture.to_string(),
        bytes: bytes.len() as u64,
        parameters,
        dataset: source.map(|source| source.dataset.to_string()),
        classes: weights.head.as_ref().map_or(0, |head| head.classes()),
        top1_percent: source.map(|source| source.top1_percent),
        licence: source.and_then(|source| source.licence).map(str::to_string),
        input_size: source.map(|source| source.input_size),
        trained_classes: info.as_ref().map(|info| match &info.classes[..] {
            [] => info.tasks().into_iter().map(|task| task.name).collect(),
            classes => classes.to_vec(),
        }),
    };
    if info.is_some() {
        let classifier =
            Classifier::from_file(bytes.to_vec()).map_err(|error| error.to_string())?;
        host.show_outcome(classifier);
    }
    host.model.replace(Some(Rc::new(LoadedModel { weights, normalization, summary })));
    host.show_model();
    Ok(())
}

impl Host {
    /// Tells the page which network is loaded.
    pub fn show_model(&self) {
        if let Some(model) = &*self.model.borrow() {
            post(&Reply::Model(ModelStatus::Ready(model.summary.clone())));
        }
    }
}

/// Fetches a file. `progress` is told the bytes received and expected (0 where unknown), and says whether
/// to go on.
///
/// # Errors
/// A message for the user.
pub async fn fetch(
    url: &str,
    signal: Option<&AbortSignal>,
    mut progress: impl FnMut(u64, u64) -> bool,
) -> Result<Vec<u8>, String> {
    let failed = |_: JsValue| match signal {
        Some(signal) if signal.aborted() => "the download was cancelled".to_string(),
        _ => format!("{url} could not be fetched; check the connection and try again"),
    };
    let options = RequestInit::new();
    options.set_signal(signal);
    let response = scope().fetch_with_str_and_init(url, &options);
    let response: Response = JsFuture::from(response).await.map_err(failed)?.unchecked_into();
    if !response.ok() {
        return Err(format!("{url} could not be fetched: the server says {}", response.status()));
    }
    let header = response.headers().get("Content-Length").ok().flatten();
    let total = header.and_then(|length| length.parse().ok()).unwrap_or(0);
    let Some(stream) = response.body() else {
        // A browser that gives no streams gives the whole at once.
        let whole = response.array_buffer().map_err(failed)?;
        let whole = JsFuture::from(whole).await.map_err(failed)?;
        return Ok(Uint8Array::new(&whole).to_vec());
    };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let (mut bytes, mut told) = (Vec::new(), 0);
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(failed)?;
        let get = |key: &str| Reflect::get(&chunk, &key.into()).unwrap_or(JsValue::UNDEFINED);
        if get("done").is_truthy() {
            return Ok(bytes);
        }
        let piece = Uint8Array::new(&get("value"));
        let start = bytes.len();
        bytes.resize(start + piece.length() as usize, 0);
        piece.copy_to(&mut bytes[start..]);
        let received = bytes.len() as u64;
        if received >= told + PROGRESS_STEP {
            told = received;
            if !progress(received, total) {
                return Err(format!("{url} is larger than the file it should be"));
            }
        }
    }
}

/// The checksum of a file: the browser's, which is fast, or our own where it has none (an insecure address).
async fn sha256(bytes: &[u8]) -> String {
    let digest: Result<ArrayBuffer, Denied> = async {
        let subtle = global(&["crypto", "subtle"])?;
        ask(&subtle, "digest", &["SHA-256".into(), Uint8Array::from(bytes).into()]).await
    }
    .await;
    let digest = match digest {
        Ok(digest) => Uint8Array::new(&digest).to_vec(),
        Err(_) => {
            // In one piece WebKitGTK 2.50 sometimes reads out of bounds, as it optimizes the loop while
            // that is running.
            let mut hasher = Sha256::new();
            bytes.chunks(HASHED_AT_ONCE).for_each(|piece| hasher.update(piece));
            hasher.finalize().to_vec()
        }
    };
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file from the cache, if it is there and whole.
async fn cached(cache: &JsValue, url: &str, source: &Source) -> Option<Vec<u8>> {
    let found: JsValue = ask(cache, "match", &[url.into()]).await.ok()?;
    let buffer: ArrayBuffer = ask(&found, "arrayBuffer", &[]).await.ok()?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    if source.check_sha256(&sha256(&bytes).await).is_ok() {
        return Some(bytes);
    }
    log::warn!("the copy of {url} in the browser's cache was damaged; fetching it again");
    let _ = ask::<JsValue>(cache, "delete", &[url.into()]).await;
    None
}

/// Puts a file into the cache. A browser that has no room for it goes without.
async fn keep(cache: &JsValue, url: &str, bytes: &[u8]) {
    let Ok(response) = Response::new_with_opt_js_u8_array(Some(&Uint8Array::from(bytes))) else {
        return;
    };
    if let Err(error) = ask::<JsValue>(cache, "put", &[url.into(), response.into()]).await {
        log::warn!("{url} will be fetched again next time: {error}");
    }
}

/// The app's own cache, where the browser has one.
async fn open_cache() -> Option<JsValue> {
    ask(&global(&["caches"]).ok()?, "open", &[CACHE.into()]).await.ok()
}
