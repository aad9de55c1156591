//! What this program knows of the page and the worker, and how it speaks to them.

use js_sys::{Function, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::distill::Contest;
use super::message::{FromAdvanced, ToAdvanced};
use super::results::Findings;
use super::search::log::SearchLog;
use super::table::Described;
use crate::ui::parts::effect;
use crate::ui::train::estimate::measured_speed;
use crate::ui::train::form::{Form, Task};
use crate::ui::train::sheet::Sheet;
use crate::worker::wire::{pack, unpack};
use tunelab_core::protocol::{
    Collection, Command, ExtraCommand, ExtraReply, ModelStatus, Reply, Sealed, Subject,
};
use tunelab_core::train::rate_finder::RateCurve;

/// Everything the panels share. Components get it by `expect_context::<Page>()`.
#[derive(Clone, Copy)]
pub struct Page {
    send: StoredValue<Function, LocalStorage>,
    form: RwSignal<Form>,
    /// The form as the page has it.
    known: StoredValue<Form>,
    task: RwSignal<Task>,
    /// Whether the worker can take no errand, for all that the page knows.
    engaged: RwSignal<bool>,
    /// What this program has the worker do.
    pub errand: RwSignal<Option<Errand>>,
    /// What did not work, and in which errand.
    pub problem: RwSignal<Option<Problem>>,
    /// The learning rates that were tried.
    pub rates: RwSignal<RateCurve>,
    pub search: RwSignal<SearchLog>,
    /// The pictures that are there.
    pub collection: RwSignal<Collection>,
    /// Training images per second with the device in use, at 64 px, where measured.
    pub speed: RwSignal<Option<f64>>,
    /// What is known of the trained network.
    pub findings: Findings,
    /// What is known of the pictures that a table describes.
    pub described: Described,
    /// The students that learn from the trained network.
    pub contest: Contest,
}

/// What did not work.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    pub errand: Errand,
    pub message: String,
}

/// Work that this program has given the worker; it does one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    FindRate,
    Search,
    Distill,
    TryContestant,
}

impl Errand {
    /// What is going on, for those who wait for it.
    fn words(self) -> &'static str {
        match self {
            Errand::FindRate => "Learning rates are being tried.",
            Errand::Search => "Many settings are being tried.",
            Errand::Distill => "A small network is learning.",
            Errand::TryContestant => "Another network takes the place of the trained one.",
        }
    }
}

impl Page {
    /// Knows nothing yet; speaks by `send`.
    pub fn new(send: Function) -> Self {
        let page = Self {
            send: StoredValue::new_local(send),
            form: RwSignal::new(Form::default()),
            known: StoredValue::new(Form::default()),
            task: RwSignal::new(Task::default()),
            engaged: RwSignal::new(false),
            errand: RwSignal::new(None),
            problem: RwSignal::new(None),
            rates: RwSignal::new(RateCurve::default()),
            search: RwSignal::new(SearchLog::default()),
            collection: RwSignal::new(Collection::default()),
            speed: RwSignal::new(None),
            findings: Findings::default(),
            described: Described::default(),
            contest: Contest::new(),
        };
        effect(move || {
            let form = page.form.get();
            if page.known.with_value(|known| *known != form) {
                page.known.set_value(form.clone());
                page.tell(&FromAdvanced::Form(form));
            }
        });
        effect(move || {
            let words = page.errand.get().map(|errand| errand.words().to_string());
            page.tell(&FromAdvanced::Busy(words));
        });
        page
    }

    /// Puts itself, and the page's form, into the context.
    pub fn provide(self) {
        provide_context(self);
        provide_context(Sheet::new(self.form, self.task.into()));
    }

    /// Whether the worker is free for an errand.
    pub fn is_free(&self) -> bool {
        !self.engaged.get() && self.errand.with(Option::is_none)
    }

    /// Begins an errand.
    pub fn begin(&self, errand: Errand, command: &ExtraCommand) {
        self.begin_with(errand, command, &[]);
    }

    /// Begins an errand whose command has files attached.
    pub fn begin_with(&self, errand: Errand, command: &ExtraCommand, files: &[JsValue]) {
        self.problem.set(None);
        self.errand.set(Some(errand));
        self.command(Command::Extra(Sealed::of(command)), files);
    }

    /// Ends the errand under way.
    pub fn stop(&self) {
        self.command(Command::Stop, &[]);
    }

    /// Hands the worker a command that is no errand, with files where it takes any.
    pub fn command(&self, command: Command, files: &[JsValue]) {
        match pack(&command, files) {
            Ok(envelope) => self.post(&envelope.message),
            Err(error) => leptos::logging::warn!("a command could not be packed: {error}"),
        }
    }

    fn tell(&self, message: &FromAdvanced) {
        if let Ok(bytes) = postcard::to_allocvec(message) {
            self.post(&Uint8Array::from(bytes.as_slice()));
        }
    }

    fn post(&self, message: &JsValue) {
        if let Err(error) = self.send.with_value(|send| send.call1(&JsValue::NULL, message)) {
            leptos::logging::warn!("the page did not take a message: {error:?}");
        }
    }

    /// Takes in what the page tells, or passes on from the worker.
    pub fn take_in(&self, message: &JsValue) {
        match message.dyn_ref::<Uint8Array>() {
            Some(bytes) => match postcard::from_bytes(&bytes.to_vec()) {
                Ok(told) => self.take_in_told(told),
                Err(error) => leptos::logging::warn!("the page was not understood: {error}"),
            },
            None => match unpack::<Reply>(message) {
                Ok((reply, attachments)) => self.take_in_reply(reply, &attachments),
                Err(error) => leptos::logging::warn!("the worker was not understood: {error}"),
            },
        }
    }

    fn take_in_told(&self, told: ToAdvanced) {
        match told {
            ToAdvanced::Sheet { form, task } => {
                self.task.set(task);
                if self.form.with_untracked(|own| *own != form) {
                    self.known.set_value(form.clone());
                    self.form.set(form);
                }
            }
            ToAdvanced::Engaged(engaged) => self.engaged.set(engaged),
            ToAdvanced::WorkerLost => {
                self.errand.set(None);
                self.search.update(SearchLog::worker_lost);
                self.findings.forget();
                self.described.forget();
                self.contest.forget();
            }
        }
    }

    fn take_in_reply(&self, reply: Reply, attachments: &[JsValue]) {
        self.described.take_in(&reply, attachments);
        match reply {
            Reply::Extra(sealed) => match sealed.open() {
                Ok(reply) => self.take_in_extra(reply, attachments),
                Err(error) => leptos::logging::warn!("the worker was not understood: {error}"),
            },
            Reply::Failed { about: Subject::Extra, message } => {
                let errand = self.errand.get_untracked();
                self.problem.set(errand.map(|errand| Problem { errand, message }));
                if errand == Some(Errand::Distill) {
                    self.contest.begun.set(false);
                }
                self.errand.set(None);
            }
            Reply::Collection(collection) => {
                self.search.update(|search| search.take_in_pictures(&collection));
                self.collection.set(collection);
            }
            Reply::Model(ModelStatus::Ready(network)) => {
                self.search.update(|search| search.take_in_network(&network));
                // It may be the one that they were waiting for.
                if self.errand.get_untracked() != Some(Errand::FindRate) {
                    self.rates.set(RateCurve::default());
                }
            }
            Reply::Device(status) => self.speed.set(measured_speed(&status)),
            Reply::Preparing { done, total } => match self.errand.get_untracked() {
                Some(Errand::Search) => self.search.update(|search| search.preparing(done, total)),
                Some(Errand::Distill) => {
                    self.contest.ledger.update(|ledger| ledger.prepare(done, total));
                }
                _ => {}
            },
            reply => {
                if matches!(reply, Reply::Trained(_)) {
                    self.take_in_network();
                }
                self.findings.take_in(reply, attachments);
            }
        }
    }

    fn take_in_extra(&self, reply: ExtraReply, attachments: &[JsValue]) {
        match reply {
            ExtraReply::Rate(point) => self.rates.update(|rates| rates.points.push(point)),
            ExtraReply::Trying { events, .. } => {
                let now = js_sys::Date::now() / 1000.0;
                self.search.update(|search| search.trying(&events, now));
            }
            ExtraReply::Tried { trial, rung, result } => {
                self.search.update(|search| search.tried(trial, rung, result));
            }
            ExtraReply::Numbers(numbers) => self.findings.compared.set(numbers),
            ExtraReply::Ended => self.errand.set(None),
            reply => self.contest.take_in(reply, attachments),
        }
    }

    /// Another network is tried: one of the contest, or one that the contest knows nothing of.
    fn take_in_network(&self) {
        match self.errand.get_untracked() {
            Some(Errand::TryContestant) => {
                self.contest.tried.set(Some(self.contest.wanted.get_untracked()));
            }
            Some(Errand::Distill) => self.contest.tried.set(None),
            _ => self.contest.forget(),
        }
    }
}
