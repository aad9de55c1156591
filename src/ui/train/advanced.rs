//! The way to every other option of the engine: a second program, loaded when it is asked for, so that
//! the page stays small.

use js_sys::{Function, Promise, Reflect, Uint8Array};
use leptos::ev::Event;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::desk::Desk;
use crate::ui::advanced::message::{FromAdvanced, ToAdvanced};
use crate::ui::parts::{Show, effect, leave};

/// How far the second program is.
#[derive(Debug, Clone, PartialEq)]
enum Loading {
    NotYet,
    Under,
    Done,
    Failed,
}

/// The options, folded away.
#[component]
pub fn Advanced() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let touched = Memo::new(move |_| desk.form.with(|form| form.is_touched()));
    let place = NodeRef::<Div>::new();
    let loading = RwSignal::new(Loading::NotYet);
    let receive = StoredValue::new_local(None::<Function>);
    let load = move || {
        let Some(place) = place.get_untracked() else { return };
        loading.set(Loading::Under);
        let take =
            Closure::<dyn Fn(Uint8Array)>::new(
                move |bytes: Uint8Array| match postcard::from_bytes(&bytes.to_vec()) {
                    Ok(FromAdvanced::Form(form)) => {
                        if desk.form.with_untracked(|own| *own != form) {
                            desk.form.set(form);
                        }
                    }
                    Ok(FromAdvanced::FindRate) => desk.find_rate(),
                    Ok(FromAdvanced::StopFinding) => desk.stop_finding(),
                    Err(error) => leptos::logging::warn!("the options could not be read: {error}"),
                },
            );
        spawn_local(async move {
            let opened = open(&place, take.as_ref().unchecked_ref()).await;
            // For as long as the page lives.
            take.forget();
            match opened {
                Ok(function) => {
                    receive.set_value(Some(function));
                    loading.set(Loading::Done);
                }
                Err(error) => {
                    leptos::logging::warn!("the options could not be loaded: {error:?}");
                    loading.set(Loading::Failed);
                }
            }
        });
    };
    let tell = move |message: &ToAdvanced| {
        let function = receive.with_value(Clone::clone);
        if let (Some(function), Ok(bytes)) = (function, postcard::to_allocvec(message)) {
            let bytes = Uint8Array::from(bytes.as_slice());
            if let Err(error) = function.call1(&JsValue::NULL, &bytes) {
                leptos::logging::warn!("the options did not take a message: {error:?}");
            }
        }
    };
    effect(move || {
        if loading.get() == Loading::Done {
            tell(&ToAdvanced::Sheet { form: desk.form.get(), task: desk.task.get() });
        }
    });
    effect(move || {
        let rates = desk.state.rates.get();
        if loading.get() == Loading::Done {
            tell(&ToAdvanced::Rates(rates));
        }
    });
    view! {
        <details
            class="train-advanced"
            id="train-advanced"
            on:toggle=move |_: Event| {
                if matches!(loading.get_untracked(), Loading::NotYet | Loading::Failed) {
                    load();
                }
            }
        >
            <summary>
                "Advanced"
                <Show when=move || touched.get()>
                    <span class="badge">"changed"</span>
                </Show>
            </summary>
            <div class="train-advanced-body stack" node_ref=place></div>
            <Show when=move || loading.get() == Loading::Under>
                <p role="status">"Loading the options…"</p>
            </Show>
            <Show when=move || loading.get() == Loading::Failed>
                <p role="alert">
                    "The options could not be loaded. Check the connection, then close and open this again."
                </p>
            </Show>
        </details>
        <Show when=move || touched.get()>
            <p>
                <button
                    type="button"
                    class="button quiet"
                    on:click=move |event| {
                        leave(&event);
                        desk.form.update(|form| form.reset());
                    }
                >
                    "Back to the recommended settings"
                </button>
            </p>
        </Show>
    }
}

/// Loads the second program into `place` (by www/boot.js). It calls `send` with what it has to say, and
/// what is returned with what it is told.
async fn open(place: &JsValue, send: &Function) -> Result<Function, JsValue> {
    let open: Function = Reflect::get(&js_sys::global(), &"openAdvanced".into())?.dyn_into()?;
    let promise: Promise = open.call2(&JsValue::NULL, place, send)?.dyn_into()?;
    JsFuture::from(promise).await?.dyn_into()
}
