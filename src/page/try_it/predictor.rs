//! Sends images to the model and receives its predictions.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{File, Url};

use crate::engine::Engine;
use crate::state::{Prediction, State};
use tunelab_core::protocol::{Command, FrameSize, Subject};

/// Predicts images. Components of step 4 get it by `expect_context::<Predictor>()`.
#[derive(Clone, Copy)]
pub struct Predictor {
    state: State,
    engine: Engine,
    latest: RwSignal<u32>,
    /// The request that has no answer yet.
    pending: RwSignal<Option<u32>>,
    /// The address, within the page, and the name of the chosen image.
    pub image: RwSignal<Option<(String, String)>>,
}

impl Predictor {
    pub fn new() -> Self {
        let state = expect_context::<State>();
        let predictor = Self {
            state,
            engine: expect_context::<Engine>(),
            latest: RwSignal::new(0),
            pending: RwSignal::new(None),
            image: RwSignal::new(None),
        };
        Effect::new(move || {
            let answered = state.prediction.with(|answer| answer.as_ref().map(|one| one.request));
            let failed = state.problem.with(|problem| {
                problem.as_ref().is_some_and(|problem| problem.about == Subject::Try)
            });
            let pending = predictor.pending.get_untracked();
            if failed && pending.is_some() {
                // The browser cannot show what the engine could not read.
                predictor.forget_image();
            }
            if failed || (answered.is_some() && answered == pending) {
                predictor.pending.set(None);
            }
        });
        // Another model has not seen the image.
        Effect::new(move || {
            state.outcome.track();
            untrack(|| predictor.forget_image());
        });
        on_cleanup(move || predictor.release());
        predictor
    }

    /// Shows an image file and predicts it.
    pub fn predict_file(&self, file: &File) {
        self.forget_image();
        // The last prediction does not belong to the new image.
        self.state.prediction.set(None);
        if let Ok(address) = Url::create_object_url_with_blob(file) {
            self.image.set(Some((address, file.name())));
        }
        self.send(None, file.into());
    }

    /// Predicts the pixels of a camera frame (RGBA).
    pub fn predict_frame(&self, size: FrameSize, pixels: JsValue) {
        self.send(Some(size), pixels);
    }

    /// Removes the chosen image.
    pub fn forget_image(&self) {
        self.release();
        self.image.set(None);
    }

    /// Whether a prediction is pending.
    pub fn is_pending(&self) -> bool {
        self.pending.with(Option::is_some)
    }

    /// The last prediction. With the camera, it stays until the next one arrives.
    pub fn prediction(&self) -> Option<Prediction> {
        self.state.prediction.get()
    }

    fn send(&self, frame: Option<FrameSize>, attachment: JsValue) {
        self.state.forget_problem(Subject::Try);
        let request = self.latest.get_untracked().wrapping_add(1);
        self.latest.set(request);
        self.pending.set(Some(request));
        self.engine.send_with(Command::Predict { request, frame }, &[attachment]);
    }

    fn release(&self) {
        let image = self.image.try_get_untracked().flatten();
        if let Some((address, _)) = image {
            let _ = Url::revoke_object_url(&address);
        }
    }
}
