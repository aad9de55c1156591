//! The page's end of the worker: starts it, sends commands, hands every reply to the state.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Array, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, Event, MessageEvent, Url, Worker, WorkerOptions, WorkerType};

use tunelab_core::protocol::{Command, Reply};
use tunelab_wire::{Envelope, WireError, pack, unpack};

/// How far the worker is.
#[derive(Debug, Clone, PartialEq)]
pub enum EngineState {
    /// Its program is being loaded; `total` bytes is 0 where unknown.
    Loading {
        received: u64,
        total: u64,
    },
    Ready,
    /// It could not be started, or not go on.
    Failed(String),
}

/// What the worker's messages become.
pub enum Incoming {
    State(EngineState),
    /// With its attachments.
    Reply(Box<Reply>, Vec<JsValue>),
}

type Handler = Rc<dyn Fn(Incoming)>;

/// A handle on the worker.
#[derive(Clone, Copy)]
pub struct Engine(StoredValue<Rc<Inner>, LocalStorage>);

struct Inner {
    handler: Handler,
    running: RefCell<Option<Running>>,
}

struct Running {
    worker: Worker,
    ready: bool,
    /// Commands given before the worker could take them.
    waiting: VecDeque<Envelope>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Engine {
    /// Starts the worker. `handler` gets everything it says.
    pub fn start(handler: impl Fn(Incoming) + 'static) -> Self {
        let inner = Rc::new(Inner { handler: Rc::new(handler), running: RefCell::new(None) });
        inner.clone().spawn();
        Self(StoredValue::new_local(inner))
    }

    /// Sends a command without attachments.
    pub fn send(&self, command: Command) {
        self.send_with(command, &[]);
    }

    /// Sends a command with files, or buffers that are handed over.
    pub fn send_with(&self, command: Command, attachments: &[JsValue]) {
        let inner = self.0.get_value();
        match pack(&command, attachments) {
            Ok(envelope) => inner.post(envelope),
            Err(error) => inner.fail(&error),
        }
    }

    /// Sends a command with buffers of which the page keeps its own copy.
    pub fn send_copying(&self, command: Command, attachments: &[JsValue]) {
        let inner = self.0.get_value();
        match pack(&command, attachments) {
            Ok(envelope) => inner.post(Envelope { transfer: Array::new(), ..envelope }),
            Err(error) => inner.fail(&error),
        }
    }

    /// Ends the worker, whatever it does, and starts another.
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
        (self.handler)(Incoming::State(EngineState::Loading { received: 0, total: 0 }));
        let worker = match start_worker() {
            Ok(worker) => worker,
            Err(error) => {
                let message = format!(
                    "the browser could not start the program that computes ({error:?}); reload the page, or use a current browser"
                );
                return (self.handler)(Incoming::State(EngineState::Failed(message)));
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
                // Where its first script could not be had, the browser gives no message.
                let message = Reflect::get(&event, &"message".into()).ok();
                inner.broke_down(match message.and_then(|message| message.as_string()) {
                    Some(message) => format!("the program that computes broke down: {message}"),
                    None => not_loaded("its first file is missing"),
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
        // The loader speaks before the program is there: see www/worker-loader.js.
        let loader =
            |key: &str| Reflect::get(message, &key.into()).ok().filter(|v| !v.is_undefined());
        if let Some(progress) = loader("loading") {
            let progress = Array::from(&progress);
            let number = |index| progress.get(index).as_f64().unwrap_or(0.0) as u64;
            let state = EngineState::Loading { received: number(0), total: number(1) };
            return (self.handler)(Incoming::State(state));
        }
        if let Some(problem) = loader("failed") {
            return self.broke_down(not_loaded(&problem.as_string().unwrap_or_default()));
        }
        if let Some(problem) = loader("crashed") {
            return self.broke_down(problem.as_string().unwrap_or_default());
        }
        match unpack::<Reply>(message) {
            Ok((Reply::Ready, _)) => self.ready(),
            Ok((Reply::Crashed { message }, _)) => self.broke_down(message),
            Ok((reply, attachments)) => {
                (self.handler)(Incoming::Reply(Box::new(reply), attachments));
            }
            Err(error) => self.fail(&error),
        }
    }

    /// What is left of the worker is not to be heard any more: it may go on with half of its state.
    fn broke_down(&self, message: String) {
        if let Some(running) = self.running.borrow_mut().as_mut() {
            running.worker.terminate();
            running.ready = false;
        }
        (self.handler)(Incoming::State(EngineState::Failed(message)));
    }

    fn ready(&self) {
        let waiting = match self.running.borrow_mut().as_mut() {
            Some(running) => {
                running.ready = true;
                std::mem::take(&mut running.waiting)
            }
            None => VecDeque::new(),
        };
        (self.handler)(Incoming::State(EngineState::Ready));
        for envelope in waiting {
            self.post(envelope);
        }
    }

    fn post(&self, envelope: Envelope) {
        let mut running = self.running.borrow_mut();
        let Some(running) = running.as_mut() else { return };
        if !running.ready {
            running.waiting.push_back(envelope);
        } else if let Err(error) =
            running.worker.post_message_with_transfer(&envelope.message, &envelope.transfer)
        {
            let message = format!("the browser refused a message ({error:?}); reload the page");
            (self.handler)(Incoming::State(EngineState::Failed(message)));
        }
    }

    fn fail(&self, error: &WireError) {
        (self.handler)(Incoming::State(EngineState::Failed(error.to_string())));
    }
}

fn not_loaded(reason: &str) -> String {
    format!(
        "the program that computes could not be loaded ({reason}); check the connection and reload the page"
    )
}

/// A worker whose first script is a blob of the page: so it lives under the page's own
/// Content-Security-Policy, also where the server sends none. Where the service worker answers, which puts
/// the policy on what it serves, its first script is the file itself: in Firefox the service worker does not
/// answer what begins with a blob, which would then not start offline.
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

/// Whether this page's requests go to the app's service worker.
fn service_worker_answers() -> bool {
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into());
    let container = get(&window().navigator(), "serviceWorker");
    container.and_then(|container| get(&container, "controller")).is_ok_and(|one| one.is_object())
}
