//! What is being shown to the network.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{File, Url};

use crate::engine::Engine;
use crate::state::{Prediction, State};
use tunelab_core::protocol::{Command, FrameSize, Subject};

/// Pictures on their way to the network and back. Components get it by `expect_context::<Trial>()`.
#[derive(Clone, Copy)]
pub struct Trial {
    state: State,
    engine: Engine,
    latest: RwSignal<u32>,
    /// The request without an answer yet.
    pending: RwSignal<Option<u32>>,
    /// The chosen picture: its address in this page, and its name.
    pub picture: RwSignal<Option<(String, String)>>,
}

impl Trial {
    /// Of the state and engine in the context.
    pub fn new() -> Self {
        let state = expect_context::<State>();
        let trial = Self {
            state,
            engine: expect_context::<Engine>(),
            latest: RwSignal::new(0),
            pending: RwSignal::new(None),
            picture: RwSignal::new(None),
        };
        Effect::new(move || {
            let answered = state.prediction.with(|answer| answer.as_ref().map(|one| one.request));
            let failed = state.problem.with(|problem| {
                problem.as_ref().is_some_and(|problem| problem.about == Subject::Try)
            });
            let pending = trial.pending.get_untracked();
            if failed && pending.is_some() {
                // What could not be read cannot be shown either.
                trial.forget_picture();
            }
            if failed || (answered.is_some() && answered == pending) {
                trial.pending.set(None);
            }
        });
        // A picture is not shown beside a network that has not seen it.
        Effect::new(move || {
            state.outcome.track();
            untrack(|| trial.forget_picture());
        });
        on_cleanup(move || trial.release());
        trial
    }

    /// Shows a picture file to the network.
    pub fn show_file(&self, file: &File) {
        self.forget_picture();
        // Not beside the new picture.
        self.state.prediction.set(None);
        if let Ok(address) = Url::create_object_url_with_blob(file) {
            self.picture.set(Some((address, file.name())));
        }
        self.send(None, file.into());
    }

    /// Shows pixels to the network.
    pub fn show_frame(&self, size: FrameSize, pixels: JsValue) {
        self.send(Some(size), pixels);
    }

    /// Nothing chosen any more.
    pub fn forget_picture(&self) {
        self.release();
        self.picture.set(None);
    }

    /// Whether an answer is awaited.
    pub fn is_waiting(&self) -> bool {
        self.pending.with(Option::is_some)
    }

    /// The answer to what was shown last; with the camera, the one before it until that is there.
    pub fn answer(&self) -> Option<Prediction> {
        self.state.prediction.get()
    }

    fn send(&self, frame: Option<FrameSize>, attached: JsValue) {
        self.state.forget_problem(Subject::Try);
        let request = self.latest.get_untracked().wrapping_add(1);
        self.latest.set(request);
        self.pending.set(Some(request));
        self.engine.send_with(Command::Predict { request, frame }, &[attached]);
    }

    fn release(&self) {
        let address = self.picture.try_get_untracked().flatten();
        if let Some((address, _)) = address {
            let _ = Url::revoke_object_url(&address);
        }
    }
}
