//! Starts the engine (the worker), sends it commands and passes on its replies.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Array, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, Event, MessageEvent, Url, Worker, WorkerOptions, WorkerType};

use tunelab_core::protocol::{Command, ProtocolError, Reply, WorkerError};
use tunelab_l10n::{Localize, Texts, display_in_english};
use tunelab_wire::{Envelope, pack, unpack};

/// The state of the engine.
#[derive(Debug, Clone, PartialEq)]
pub enum EngineState {
    /// Its program is being loaded; `total` is 0 where unknown. Both in bytes.
    Loading {
        received: u64,
        total: u64,
    },
    Ready,
    Failed(EngineError),
}

/// Why the engine stopped. Reasons are messages of the browser or the engine.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EngineError {
    /// The browser refused to create the worker.
    NotStarted {
        reason: String,
    },
    /// The first script of the worker is missing; the browser gives no reason.
    FileMissing,
    NotLoaded {
        reason: String,
    },
    /// It panicked, or ran out of memory.
    Crashed {
        reason: String,
    },
    /// The browser refused to deliver a message.
    MessageRefused {
        reason: String,
    },
    /// The engine itself reported that it cannot continue.
    Worker(#[from] WorkerError),
    /// A message could not be read or written.
    Protocol(#[from] ProtocolError),
}

impl Localize for EngineError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::NotStarted { reason } => texts.app_engine_not_started(reason),
            Self::FileMissing => texts.app_engine_file_missing().to_owned(),
            Self::NotLoaded { reason } => texts.app_engine_not_loaded(reason),
            Self::Crashed { reason } => texts.app_engine_crashed(reason),
            Self::MessageRefused { reason } => texts.app_engine_message_refused(reason),
            Self::Worker(error) => error.localize(texts),
            Self::Protocol(error) => error.localize(texts),
        }
    }
}

display_in_english!(EngineError);

/// An event of the engine.
pub enum EngineEvent {
    State(EngineState),
    /// A reply with its attachments.
    Reply(Box<Reply>, Vec<JsValue>),
}

type Handler = Rc<dyn Fn(EngineEvent)>;

/// A handle on the engine.
#[derive(Clone, Copy)]
pub struct Engine(StoredValue<Rc<Inner>, LocalStorage>);

struct Inner {
    handler: Handler,
    running: RefCell<Option<Running>>,
}

struct Running {
    worker: Worker,
    ready: bool,
    /// Commands sent before the worker was ready.
    waiting: VecDeque<Envelope>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Engine {
    /// Starts the worker. `handler` receives all its events.
    pub fn start(handler: impl Fn(EngineEvent) + 'static) -> Self {
        let inner = Rc::new(Inner { handler: Rc::new(handler), running: RefCell::new(None) });
        inner.clone().spawn();
        Self(StoredValue::new_local(inner))
    }

    /// Sends a command without attachments.
    pub fn send(&self, command: Command) {
        self.send_with(command, &[]);
    }

    /// Sends a command with files, or with buffers, which are transferred.
    pub fn send_with(&self, command: Command, attachments: &[JsValue]) {
        let inner = self.0.get_value();
        match pack(&command, attachments) {
            Ok(envelope) => inner.post(envelope),
            Err(error) => inner.terminate(error.into()),
        }
    }

    /// Sends a command with copies of buffers, which the page keeps.
    pub fn send_copying(&self, command: Command, attachments: &[JsValue]) {
        let inner = self.0.get_value();
        match pack(&command, attachments) {
            Ok(envelope) => inner.post(Envelope { transfer: Array::new(), ..envelope }),
            Err(error) => inner.terminate(error.into()),
        }
    }

    /// Terminates the worker and starts another.
    pub fn restart(&self) {
        let inner = self.0.get_value();
        if let Some(running) = inner.running.take() {
            running.worker.terminate();
        }
        inner.spawn();
    }
}

impl Inner {
    fn spawn(self: Rc<Self>) {
        (self.handler)(EngineEvent::State(EngineState::Loading { received: 0, total: 0 }));
        let worker = match start_worker() {
            Ok(worker) => worker,
            Err(error) => {
                return self.terminate(EngineError::NotStarted { reason: format!("{error:?}") });
            }
        };
        let inner = Rc::downgrade(&self);
        let on_message = Closure::new(move |event: MessageEvent| {
            if let Some(inner) = inner.upgrade() {
                inner.receive(&event.data());
            }
        });
        let inner = Rc::downgrade(&self);
        let on_error = Closure::new(move |event: Event| {
            event.prevent_default();
            if let Some(inner) = inner.upgrade() {
                // If the first script could not be loaded, the browser gives no message.
                let message = Reflect::get(&event, &"message".into()).ok();
                inner.terminate(match message.and_then(|message| message.as_string()) {
                    Some(reason) => EngineError::Crashed { reason },
                    None => EngineError::FileMissing,
                });
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        self.running.replace(Some(Running {
            worker,
            ready: false,
            waiting: VecDeque::new(),
            _on_message: on_message,
            _on_error: on_error,
        }));
    }

    fn receive(&self, message: &JsValue) {
        // Messages of the loader (www/worker-loader.js), which come before the program runs.
        let loader =
            |key: &str| Reflect::get(message, &key.into()).ok().filter(|v| !v.is_undefined());
        if let Some(progress) = loader("loading") {
            let progress = Array::from(&progress);
            let number = |index| progress.get(index).as_f64().unwrap_or(0.0) as u64;
            let state = EngineState::Loading { received: number(0), total: number(1) };
            return (self.handler)(EngineEvent::State(state));
        }
        if let Some(problem) = loader("failed") {
            let reason = problem.as_string().unwrap_or_default();
            return self.terminate(EngineError::NotLoaded { reason });
        }
        if let Some(problem) = loader("crashed") {
            let reason = problem.as_string().unwrap_or_default();
            return self.terminate(EngineError::Crashed { reason });
        }
        match unpack::<Reply>(message) {
            Ok((Reply::Ready, _)) => self.ready(),
            Ok((Reply::Crashed { error }, _)) => self.terminate(error.into()),
            Ok((reply, attachments)) => {
                (self.handler)(EngineEvent::Reply(Box::new(reply), attachments));
            }
            Err(error) => self.terminate(error.into()),
        }
    }

    /// Reports an error, and ends the worker if it runs, because it might continue with inconsistent state.
    fn terminate(&self, error: EngineError) {
        if let Some(running) = self.running.borrow_mut().as_mut() {
            running.worker.terminate();
            // Messages that it has sent may still be on their way.
            running.worker.set_onmessage(None);
            running.ready = false;
        }
        (self.handler)(EngineEvent::State(EngineState::Failed(error)));
    }

    fn ready(&self) {
        let waiting = match self.running.borrow_mut().as_mut() {
            Some(running) => {
                running.ready = true;
                std::mem::take(&mut running.waiting)
            }
            None => VecDeque::new(),
        };
        (self.handler)(EngineEvent::State(EngineState::Ready));
        for envelope in waiting {
            self.post(envelope);
        }
    }

    fn post(&self, envelope: Envelope) {
        let posted = match self.running.borrow_mut().as_mut() {
            Some(Running { ready: true, worker, .. }) => {
                worker.post_message_with_transfer(&envelope.message, &envelope.transfer)
            }
            Some(running) => {
                running.waiting.push_back(envelope);
                Ok(())
            }
            None => Ok(()),
        };
        if let Err(error) = posted {
            self.terminate(EngineError::MessageRefused { reason: format!("{error:?}") });
        }
    }
}

/// Creates a worker whose first script is a blob of the page, so that the page's Content-Security-Policy applies to
/// it even if the server sends none. Where the service worker answers, which adds the policy to what it serves, the
/// first script is the file itself: in Firefox the service worker does not answer the requests of a worker that
/// starts from a blob, which could then not start offline.
fn start_worker() -> Result<Worker, JsValue> {
    let base = document().base_uri()?.unwrap_or_default();
    let loader = Url::new_with_base("worker-loader.js", &base)?.href();
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    if service_worker_answers() {
        return Worker::new_with_options(&loader, &options);
    }
    let source = format!("import {};", js_sys::JSON::stringify(&loader.into())?);
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&source.into()), &kind)?;
    Worker::new_with_options(&Url::create_object_url_with_blob(&blob)?, &options)
}

/// Whether the app's service worker answers this page's requests.
fn service_worker_answers() -> bool {
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into());
    let container = get(&window().navigator(), "serviceWorker");
    container.and_then(|container| get(&container, "controller")).is_ok_and(|one| one.is_object())
}
