//! What the worker has said of the trained network.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::ui::state::Pixels;
use crate::worker::protocol::{Mistake, Outcome, Reply};
use crate::worker::wire::bytes;

/// What is known of the network that was trained or loaded last.
#[derive(Clone, Copy)]
pub struct Findings {
    pub outcome: RwSignal<Option<Outcome>>,
    /// The validation pictures that it gets most wrong.
    pub mistakes: RwSignal<Vec<(Mistake, Pixels)>>,
}

impl Findings {
    /// Nothing is known.
    pub fn new() -> Self {
        Self { outcome: RwSignal::new(None), mistakes: RwSignal::new(Vec::new()) }
    }

    /// Takes in what the worker says, as far as it is of the trained network.
    pub fn take_in(&self, reply: Reply, attachments: &[JsValue]) {
        match reply {
            Reply::Trained(outcome) => {
                self.mistakes.set(Vec::new());
                self.outcome.set(Some(outcome));
            }
            Reply::Mistakes { mistakes, side } => {
                let pixels = Pixels::split(&bytes(attachments.first()), side);
                self.mistakes.set(mistakes.into_iter().zip(pixels).collect());
            }
            _ => {}
        }
    }

    /// The worker had the network, and is gone.
    pub fn forget(&self) {
        self.mistakes.set(Vec::new());
        self.outcome.set(None);
    }
}
