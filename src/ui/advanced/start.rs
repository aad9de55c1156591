//! The program's beginning, and its one line to the page.

use std::cell::Cell;

use js_sys::{Function, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::message::{FromAdvanced, Rates, ToAdvanced};
use super::panel::Panel;
use crate::ui::parts::effect;
use crate::ui::train::form::{Form, Task};
use crate::ui::train::sheet::Sheet;

thread_local! {
    static TOLD: Cell<Option<Told>> = const { Cell::new(None) };
}

/// What the page has told.
#[derive(Clone, Copy)]
struct Told {
    form: RwSignal<Form>,
    /// The form as the page has it.
    known: StoredValue<Form>,
    task: RwSignal<Task>,
    rates: RwSignal<Rates>,
}

/// The line to the page. Components get it by `expect_context::<Page>()`.
#[derive(Clone, Copy)]
pub struct Page {
    send: StoredValue<Function, LocalStorage>,
    /// The learning rates that were tried.
    pub rates: RwSignal<Rates>,
}

impl Page {
    /// Tells the page something.
    pub fn tell(&self, message: &FromAdvanced) {
        if let Ok(bytes) = postcard::to_allocvec(message) {
            let bytes = Uint8Array::from(bytes.as_slice());
            let sent = self.send.with_value(|send| send.call1(&JsValue::NULL, &bytes));
            if let Err(error) = sent {
                leptos::logging::warn!("the page did not take a message: {error:?}");
            }
        }
    }
}

/// Shows the options in `place`, and tells the page by `send`.
pub fn start(place: HtmlElement, send: Function) {
    let mounted = leptos::mount::mount_to(place, move || {
        let told = Told {
            form: RwSignal::new(Form::default()),
            known: StoredValue::new(Form::default()),
            task: RwSignal::new(Task::default()),
            rates: RwSignal::new(Rates::default()),
        };
        TOLD.set(Some(told));
        let page = Page { send: StoredValue::new_local(send.clone()), rates: told.rates };
        provide_context(page);
        provide_context(Sheet::new(told.form, told.task.into()));
        effect(move || {
            let form = told.form.get();
            if told.known.with_value(|known| *known != form) {
                told.known.set_value(form.clone());
                page.tell(&FromAdvanced::Form(form));
            }
        });
        view! { <Panel /> }
    });
    mounted.forget();
}

/// Takes in what the page tells.
pub fn receive(bytes: &[u8]) {
    let Some(told) = TOLD.get() else { return };
    match postcard::from_bytes(bytes) {
        Ok(ToAdvanced::Sheet { form, task }) => {
            told.task.set(task);
            if told.form.with_untracked(|own| *own != form) {
                told.known.set_value(form.clone());
                told.form.set(form);
            }
        }
        Ok(ToAdvanced::Rates(rates)) => told.rates.set(rates),
        Err(error) => leptos::logging::warn!("the page was not understood: {error}"),
    }
}
