//! Browser interfaces that a worker may not have: an old browser lacks them, an insecure page may not use them, a
//! private window refuses them, and some never answer.
//!
//! They are looked up by name, because web-sys assumes that they exist, and called with a time limit. The callers
//! can do without them.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use js_sys::{Array, Function, Promise, Reflect};
use tunelab_core::gpu::GpuError;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::messages::{scope, sleep};

/// The time limit of calls that take milliseconds.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Why an interface cannot be used. Written to the log only.
#[derive(Debug)]
pub enum BrowserError {
    /// The browser does not have it.
    Missing { name: String },
    /// The browser refuses it, with a message.
    Refused { name: String, reason: String },
    /// The browser does not answer in time.
    NoAnswer { name: String },
}

impl BrowserError {
    /// From an exception or a rejected promise.
    pub fn refused(name: &str, error: &JsValue) -> Self {
        let message = Reflect::get(error, &"message".into()).ok();
        let message = message.and_then(|message| message.as_string());
        let reason = message.unwrap_or_else(|| format!("{error:?}"));
        Self::Refused { name: name.to_owned(), reason }
    }
}

impl From<BrowserError> for GpuError {
    fn from(error: BrowserError) -> Self {
        match error {
            BrowserError::Missing { .. } => Self::NotOffered,
            BrowserError::Refused { reason, .. } => Self::Refused { problem: reason },
            BrowserError::NoAnswer { .. } => Self::NoAnswer,
        }
    }
}

/// The object that is reached from the worker's global object by these names, one after another.
///
/// # Errors
/// It does not exist, or may not be used.
pub fn global(path: &[&str]) -> Result<JsValue, BrowserError> {
    path.iter().try_fold(scope().into(), |object, name| member(&object, name))
}

/// Calls an asynchronous method and waits for its result, a `T`.
///
/// # Errors
/// There is no such method, it fails, it does not answer in time, or its result is no `T`.
pub async fn call<T: JsCast>(
    object: &JsValue,
    method: &str,
    arguments: &[JsValue],
) -> Result<T, BrowserError> {
    call_within(TIMEOUT, object, method, arguments).await
}

/// [`call`] with another time limit.
///
/// # Errors
/// As [`call`].
pub async fn call_within<T: JsCast>(
    limit: Duration,
    object: &JsValue,
    method: &str,
    arguments: &[JsValue],
) -> Result<T, BrowserError> {
    let refused = |error: JsValue| BrowserError::refused(method, &error);
    let name = || method.to_owned();
    let function: Function =
        member(object, method)?.dyn_into().map_err(|_| BrowserError::Missing { name: name() })?;
    let arguments: Array = arguments.iter().collect();
    let result = function.apply(object, &arguments).map_err(refused)?;
    // A result that is not a promise can be awaited too.
    let result = JsFuture::from(Promise::resolve(&result));
    let result = within(limit, result)
        .await
        .ok_or_else(|| BrowserError::NoAnswer { name: name() })?
        .map_err(refused)?;
    result.dyn_into().map_err(refused)
}

/// Waits for work until the time limit. Returns `None` after it.
pub async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut timeout = pin!(async {
        sleep(limit).await;
        // The worker may have been busy: a result that is there already counts.
        sleep(Duration::ZERO).await;
    });
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => timeout.as_mut().poll(context).map(|()| None),
    })
    .await
}

fn member(object: &JsValue, name: &str) -> Result<JsValue, BrowserError> {
    match Reflect::get(object, &name.into()) {
        Ok(value) if value.is_null() || value.is_undefined() => {
            Err(BrowserError::Missing { name: name.to_owned() })
        }
        Ok(value) => Ok(value),
        Err(error) => Err(BrowserError::refused(name, &error)),
    }
}
