//! Interfaces of the browser that a worker may have to do without: an old browser lacks them, a page on an
//! insecure address is not given them, a private window refuses them, and some never answer.
//!
//! They are looked up by name, because the types of web-sys say that they are all there, and asked with a
//! time limit. Whoever asks goes on without what is not had.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use js_sys::{Array, Function, Promise, Reflect};
use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::port::{scope, sleep};

/// How long the browser may take to answer. What it is asked for takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why something cannot be had of the browser.
#[derive(Debug, Error)]
pub enum Denied {
    #[error("this browser has no {0}")]
    Missing(String),
    #[error("the browser refuses {name} ({reason})")]
    Refused { name: String, reason: String },
    #[error("the browser does not answer {0}")]
    Silent(String),
}

impl Denied {
    /// What the browser has thrown or rejected.
    pub fn refused(name: &str, error: &JsValue) -> Self {
        let message = Reflect::get(error, &"message".into()).ok();
        let message = message.and_then(|message| message.as_string());
        let reason = message.unwrap_or_else(|| format!("{error:?}"));
        Self::Refused { name: name.to_string(), reason }
    }
}

/// What is reached from the worker's global object by these names, one after another.
///
/// # Errors
/// It is not there, or may not be looked at.
pub fn global(path: &[&str]) -> Result<JsValue, Denied> {
    path.iter().try_fold(scope().into(), |object, name| member(&object, name))
}

/// Calls a method that gives a promise, and waits for what it promises.
///
/// # Errors
/// There is no such method, it refuses, it does not answer, or gives something else than a `T`.
pub async fn ask<T: JsCast>(
    object: &JsValue,
    method: &str,
    arguments: &[JsValue],
) -> Result<T, Denied> {
    ask_for(PATIENCE, object, method, arguments).await
}

/// The same with a limit of its own.
///
/// # Errors
/// As those of [`ask`].
pub async fn ask_for<T: JsCast>(
    limit: Duration,
    object: &JsValue,
    method: &str,
    arguments: &[JsValue],
) -> Result<T, Denied> {
    let refused = |error: JsValue| Denied::refused(method, &error);
    let function: Function =
        member(object, method)?.dyn_into().map_err(|_| Denied::Missing(method.to_string()))?;
    let arguments: Array = arguments.iter().collect();
    let promise = function.apply(object, &arguments).map_err(refused)?;
    // What is no promise is the answer itself.
    let answer = JsFuture::from(Promise::resolve(&promise));
    let answer = within(limit, answer)
        .await
        .ok_or_else(|| Denied::Silent(method.to_string()))?
        .map_err(refused)?;
    answer.dyn_into().map_err(refused)
}

/// Waits for work, but no longer than the limit; `None` then.
pub async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut late = pin!(async {
        sleep(limit).await;
        // The worker may have been busy meanwhile: an answer that is there already comes first.
        sleep(Duration::ZERO).await;
    });
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => late.as_mut().poll(context).map(|()| None),
    })
    .await
}

fn member(object: &JsValue, name: &str) -> Result<JsValue, Denied> {
    match Reflect::get(object, &name.into()) {
        Ok(value) if value.is_null() || value.is_undefined() => {
            Err(Denied::Missing(name.to_string()))
        }
        Ok(value) => Ok(value),
        Err(error) => Err(Denied::refused(name, &error)),
    }
}
