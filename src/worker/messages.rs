//! Messages to the page, and yielding to messages from it.

use std::time::Duration;

use gloo::timers::callback::Timeout;
use js_sys::Promise;
use tunelab_core::protocol::{Reply, Subject, WorkerError};
use tunelab_core::train::event::Event;
use tunelab_wire::pack;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::DedicatedWorkerGlobalScope;
use web_time::Instant;

/// Maximum time between two checks for messages from the page.
const TIME_SLICE: Duration = Duration::from_millis(30);

/// The interval at which a wait for other work looks again.
pub const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// The global object of the worker.
pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Sends a message to the page.
pub fn post(reply: &Reply) {
    post_with(reply, &[]);
}

/// Sends a message with attachments, of which buffers are transferred.
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

/// Reports to the page that a command failed.
pub fn post_failure(about: Subject, error: WorkerError) {
    post(&Reply::Failed { about, error });
}

/// Lets the browser handle other messages from time to time during long work.
pub struct TimeSlice {
    started: Instant,
}

impl TimeSlice {
    pub fn start() -> Self {
        Self { started: Instant::now() }
    }

    /// Whether other messages should be handled now.
    pub fn is_over(&self) -> bool {
        self.started.elapsed() > TIME_SLICE
    }

    /// If the time slice is over, waits until other messages are handled and starts another one.
    pub async fn pause(&mut self) {
        if self.is_over() {
            sleep(Duration::ZERO).await;
            self.started = Instant::now();
        }
    }
}

/// Events that are sent to the page together, because steps of a head take less than a millisecond each.
pub struct EventQueue {
    reply: fn(Vec<Event>) -> Reply,
    events: Vec<Event>,
    slice: TimeSlice,
}

impl EventQueue {
    pub fn new(reply: fn(Vec<Event>) -> Reply) -> Self {
        Self { reply, events: Vec::new(), slice: TimeSlice::start() }
    }

    /// Adds an event. Sends all events if this one reports more than progress, or if it is time.
    pub fn push(&mut self, event: Event) {
        let is_progress = event.is_progress();
        self.events.push(event);
        if !is_progress || self.slice.is_over() {
            self.flush();
        }
    }

    /// Sends all events.
    pub fn flush(&mut self) {
        if !self.events.is_empty() {
            post(&(self.reply)(std::mem::take(&mut self.events)));
        }
    }

    /// Lets other messages be handled if it is time.
    pub async fn pause(&mut self) {
        self.slice.pause().await;
    }
}

impl Drop for EventQueue {
    fn drop(&mut self) {
        self.flush();
    }
}

/// Waits while other messages are handled.
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
