//! Downloads, verified by their checksums and cached, so that the app also starts offline.

use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use sha2::{Digest, Sha256};
use tunelab_core::model::sources::Source;
use tunelab_core::protocol::{DownloadProblem, WorkerError};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, ReadableStreamDefaultReader, RequestInit, Response};

use super::browser::{BrowserError, call, global};
use super::messages::scope;
use super::storage::DownloadCache;

/// Bytes between two reports of progress.
const PROGRESS_STEP: u64 = 256 * 1024;
/// Bytes by which a download may exceed the recorded length.
const TOLERANCE: u64 = 64 * 1024;
/// Bytes that are hashed at a time.
const HASH_CHUNK: usize = 4096;

/// The folder of the app's files. The loader sets it, because a worker that is started from a blob has no base URL.
pub fn base_url() -> String {
    Reflect::get(&scope(), &"tunelabBase".into())
        .ok()
        .and_then(|base| base.as_string())
        .unwrap_or_default()
}

/// The verified file of a source, from the cache or downloaded from `url`. `on_progress` gets the bytes received.
///
/// # Errors
/// The download fails, or is another file.
pub async fn source_file(
    source: &Source,
    url: &str,
    signal: Option<&AbortSignal>,
    mut on_progress: impl FnMut(u64),
) -> Result<Vec<u8>, WorkerError> {
    let cache = DownloadCache::open().await;
    if let Some(cache) = &cache
        && let Some(bytes) = cache.find(url).await
    {
        if source.check_sha256(&sha256(&bytes).await).is_ok() {
            return Ok(bytes);
        }
        log::warn!("{url} is damaged in the cache, so it is downloaded again");
        cache.remove(url).await;
    }
    let bytes = fetch(url, signal, |received, _| {
        on_progress(received);
        received <= source.bytes + TOLERANCE
    })
    .await?;
    source.check_sha256(&sha256(&bytes).await).map_err(|error| {
        let (found, expected) = (error.found, error.expected.to_owned());
        failure(url, DownloadProblem::Checksum { found, expected })
    })?;
    if let Some(cache) = &cache {
        cache.insert(url, &bytes).await;
    }
    Ok(bytes)
}

/// Downloads a file. `on_progress` gets the bytes received and in total (0 if unknown), and returns whether to
/// continue; a file is too large if it does not.
///
/// # Errors
/// The download fails.
pub async fn fetch(
    url: &str,
    signal: Option<&AbortSignal>,
    mut on_progress: impl FnMut(u64, u64) -> bool,
) -> Result<Vec<u8>, WorkerError> {
    let failed = |_: JsValue| failure(url, DownloadProblem::Unreachable);
    let options = RequestInit::new();
    options.set_signal(signal);
    let response = scope().fetch_with_str_and_init(url, &options);
    let response: Response = JsFuture::from(response).await.map_err(failed)?.unchecked_into();
    if !response.ok() {
        return Err(failure(url, DownloadProblem::Status(response.status())));
    }
    let header = response.headers().get("Content-Length").ok().flatten();
    let total = header.and_then(|length| length.parse().ok()).unwrap_or(0);
    let Some(stream) = response.body() else {
        // A browser without streams returns the file as a whole.
        let whole = response.array_buffer().map_err(failed)?;
        let whole = JsFuture::from(whole).await.map_err(failed)?;
        return Ok(Uint8Array::new(&whole).to_vec());
    };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let (mut bytes, mut reported) = (Vec::new(), 0);
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(failed)?;
        let get = |key: &str| Reflect::get(&chunk, &key.into()).unwrap_or(JsValue::UNDEFINED);
        if get("done").is_truthy() {
            return Ok(bytes);
        }
        let value = Uint8Array::new(&get("value"));
        let start = bytes.len();
        bytes.resize(start + value.length() as usize, 0);
        value.copy_to(&mut bytes[start..]);
        let received = bytes.len() as u64;
        if received >= reported + PROGRESS_STEP {
            reported = received;
            if !on_progress(received, total) {
                return Err(failure(url, DownloadProblem::TooLarge));
            }
        }
    }
}

fn failure(url: &str, problem: DownloadProblem) -> WorkerError {
    WorkerError::Download { url: url.to_owned(), problem }
}

/// The SHA-256 of a file in hex, computed by the browser, or here on an insecure page, where the browser does not.
async fn sha256(bytes: &[u8]) -> String {
    let digest: Result<ArrayBuffer, BrowserError> = async {
        let subtle = global(&["crypto", "subtle"])?;
        call(&subtle, "digest", &["SHA-256".into(), Uint8Array::from(bytes).into()]).await
    }
    .await;
    let digest = match digest {
        Ok(digest) => Uint8Array::new(&digest).to_vec(),
        Err(_) => {
            // Hashed at once, WebKitGTK 2.50 sometimes reads out of bounds, because it optimizes the loop while
            // the loop is running.
            let mut hasher = Sha256::new();
            bytes.chunks(HASH_CHUNK).for_each(|chunk| hasher.update(chunk));
            hasher.finalize().to_vec()
        }
    };
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
