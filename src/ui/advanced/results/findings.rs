//! What the worker has said of the trained network.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::ui::state::Pixels;
use crate::worker::wire::bytes;
use tunelab_core::metrics::prediction::Prediction;
use tunelab_core::protocol::{Mistake, Outcome, Reply, Subject};

/// What is known of the network that was trained or loaded last; nothing at first.
#[derive(Clone, Copy, Default)]
pub struct Findings {
    pub outcome: RwSignal<Option<Outcome>>,
    /// The validation pictures that it gets most wrong.
    pub mistakes: RwSignal<Vec<(Mistake, Pixels)>>,
    /// Predicted and true numbers of the validation pictures, a list a task.
    pub compared: RwSignal<Vec<Vec<(f64, f64)>>>,
    /// What it says of the picture that was tried last, an answer a task.
    pub answers: RwSignal<Option<Vec<Prediction>>>,
}

impl Findings {
    /// Takes in what the worker says, as far as it is of the trained network.
    pub fn take_in(&self, reply: Reply, attachments: &[JsValue]) {
        match reply {
            Reply::Trained(outcome) => {
                self.forget();
                self.outcome.set(Some(outcome));
            }
            Reply::Mistakes { mistakes, side } => {
                let pixels = Pixels::split(&bytes(attachments.first()), side);
                self.mistakes.set(mistakes.into_iter().zip(pixels).collect());
            }
            Reply::Prediction { answers, .. } => self.answers.set(Some(answers)),
            Reply::Failed { about: Subject::Try, .. } => self.answers.set(None),
            _ => {}
        }
    }

    /// The worker had the network, and is gone.
    pub fn forget(&self) {
        self.mistakes.set(Vec::new());
        self.compared.set(Vec::new());
        self.answers.set(None);
        self.outcome.set(None);
    }
}
