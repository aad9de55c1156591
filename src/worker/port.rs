//! The worker's end of the line to the page, and how it lets other messages in.

use std::time::Duration;

use gloo::timers::callback::Timeout;
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::DedicatedWorkerGlobalScope;
use web_time::Instant;

use tunelab_core::protocol::{Reply, Subject};
use tunelab_wire::pack;

/// The longest that work goes on before messages of the page are looked at.
const SLICE: Duration = Duration::from_millis(30);

/// The global object of a worker.
pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Tells the page something.
pub fn post(reply: &Reply) {
    post_with(reply, &[]);
}

/// Tells the page something, with buffers that are handed over.
pub fn post_with(reply: &Reply, attachments: &[JsValue]) {
    let sent = pack(reply, attachments).map_err(|error| error.to_string()).and_then(|envelope| {
        scope()
            .post_message_with_transfer(&envelope.message, &envelope.transfer)
            .map_err(|error| format!("{error:?}"))
    });
    if let Err(error) = sent {
        log::error!("a message to the page was lost: {error}");
    }
}

/// Tells the page that something did not work.
pub fn post_failure(about: Subject, message: impl std::fmt::Display) {
    post(&Reply::Failed { about, message: message.to_string() });
}

/// Lets the browser handle other messages, from time to time.
pub struct Slices {
    begun: Instant,
}

impl Slices {
    /// Begins to work.
    pub fn begin() -> Self {
        Self { begun: Instant::now() }
    }

    /// Whether it is time to let other messages in, or out.
    pub fn is_over(&self) -> bool {
        self.begun.elapsed() > SLICE
    }

    /// Waits for other messages to be handled where it is time.
    pub async fn pause(&mut self) {
        if self.is_over() {
            sleep(Duration::ZERO).await;
            self.begun = Instant::now();
        }
    }
}

/// Waits, letting other messages in.
pub async fn sleep(duration: Duration) {
    let promise = Promise::new(&mut |resolve, _| {
        let milliseconds = u32::try_from(duration.as_millis()).unwrap_or(u32::MAX);
        Timeout::new(milliseconds, move || {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        })
        .forget();
    });
    let _ = JsFuture::from(promise).await;
}
