//! The page's end of the line to its second program ([`super::advanced`]): opens its panels, tells it
//! what is chosen, passes on what the worker says, and hands the worker its commands.

use std::mem::{Discriminant, discriminant};

use js_sys::{Function, Promise, Reflect, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::advanced::message::{FromAdvanced, ToAdvanced};
use super::engine::{Engine, EngineState, Incoming};
use super::train::form::Form;
use tunelab_core::protocol::{ModelStatus, Reply};

/// A handle on the line. Components get it by `expect_context::<Link>()`.
#[derive(Clone, Copy)]
pub struct Link {
    /// What the second program is told by, once it is there.
    receive: RwSignal<Option<Function>, LocalStorage>,
    /// The newest message of each kind that a panel needs which is opened later.
    kept: StoredValue<Vec<(Discriminant<Reply>, JsValue)>, LocalStorage>,
    /// What is chosen in step 3, here or there.
    pub form: RwSignal<Form>,
    /// What the second program has the worker do, in words.
    pub errand: RwSignal<Option<String>>,
}

impl Link {
    /// Nobody listens yet.
    pub fn new() -> Self {
        Self {
            receive: RwSignal::new_local(None),
            kept: StoredValue::new_local(Vec::new()),
            form: RwSignal::new(Form::default()),
            errand: RwSignal::new(None),
        }
    }

    /// Shows a panel in `place`, and loads the second program where it is not there yet (by www/boot.js).
    ///
    /// # Errors
    /// It cannot be loaded.
    pub async fn open(self, engine: Engine, place: &JsValue, panel: &str) -> Result<(), JsValue> {
        let take = Closure::<dyn Fn(JsValue)>::new(move |message| self.take(engine, &message));
        let open: Function = Reflect::get(&js_sys::global(), &"openPanel".into())?.dyn_into()?;
        let promise: Promise =
            open.call3(&JsValue::NULL, place, &panel.into(), take.as_ref())?.dyn_into()?;
        // For as long as the page lives.
        take.forget();
        let receive: Function = JsFuture::from(promise).await?.dyn_into()?;
        if self.receive.with_untracked(Option::is_none) {
            self.receive.set(Some(receive));
            self.kept.with_value(|kept| kept.iter().for_each(|(_, message)| self.send(message)));
        }
        Ok(())
    }

    /// Tells the second program something, now and, within an effect, once it is there.
    pub fn tell(&self, message: &ToAdvanced) {
        self.receive.track();
        if let Ok(bytes) = postcard::to_allocvec(message) {
            self.send(&Uint8Array::from(bytes.as_slice()));
        }
    }

    /// Passes on what the worker says, where it concerns the panels.
    pub fn pass(&self, incoming: &Incoming) {
        match incoming {
            Incoming::State(EngineState::Failed(_)) => {
                self.errand.set(None);
                self.kept.set_value(Vec::new());
                untrack(|| self.tell(&ToAdvanced::WorkerLost));
            }
            Incoming::State(_) => {}
            Incoming::Reply { reply, message, .. } => {
                if is_kept(reply) {
                    self.kept.update_value(|kept| {
                        let kind = discriminant(&**reply);
                        kept.retain(|(other, _)| *other != kind);
                        kept.push((kind, message.clone()));
                    });
                }
                if is_kept(reply) || concerns_panels(reply) {
                    self.send(message);
                }
            }
        }
    }

    fn take(&self, engine: Engine, message: &JsValue) {
        let Some(bytes) = message.dyn_ref::<Uint8Array>() else {
            return engine.send_packed(message);
        };
        match postcard::from_bytes(&bytes.to_vec()) {
            Ok(FromAdvanced::Form(form)) => {
                if self.form.with_untracked(|own| *own != form) {
                    self.form.set(form);
                }
            }
            Ok(FromAdvanced::Busy(errand)) => self.errand.set(errand),
            Err(error) => leptos::logging::warn!("a panel was not understood: {error}"),
        }
    }

    fn send(&self, message: &JsValue) {
        let Some(receive) = self.receive.get_untracked() else { return };
        if let Err(error) = receive.call1(&JsValue::NULL, message) {
            leptos::logging::warn!("the panels did not take a message: {error:?}");
        }
    }
}

/// What a panel needs to know when it is opened.
fn is_kept(reply: &Reply) -> bool {
    matches!(
        reply,
        Reply::Collection(_)
            | Reply::Model(ModelStatus::Ready(_))
            | Reply::Device(_)
            | Reply::Trained(_)
    )
}

fn concerns_panels(reply: &Reply) -> bool {
    matches!(
        reply,
        Reply::Extra(_)
            | Reply::Preparing { .. }
            | Reply::Prediction { .. }
            | Reply::Mistakes { .. }
            | Reply::Thumbnails { .. }
            | Reply::Failed { .. }
    )
}
