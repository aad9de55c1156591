//! What the page knows of a distillation, beside its log.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use tunelab_core::train::distillation::Contestant;
use tunelab_presentation::train::distillation::log::DistillationLog;

/// The distillation under way, or the last one. [`crate::state::State`] keeps it up to date.
#[derive(Clone, Copy)]
pub struct Distillation {
    pub log: RwSignal<DistillationLog>,
    /// Whether one was begun since the network was there, and did not fail.
    pub begun: RwSignal<bool>,
    /// Which of the compared networks is tried in step 4, where it is one of them.
    pub tried: RwSignal<Option<Contestant>>,
    /// Which is to be.
    pub wanted: RwSignal<Contestant>,
    /// The file of the student that was taught: its name and its buffer.
    pub file: RwSignal<Option<(String, JsValue)>, LocalStorage>,
}

impl Distillation {
    /// None yet.
    pub fn new() -> Self {
        Self {
            log: RwSignal::new(DistillationLog::default()),
            begun: RwSignal::new(false),
            tried: RwSignal::new(Some(Contestant::Teacher)),
            wanted: RwSignal::new(Contestant::Teacher),
            file: RwSignal::new_local(None),
        }
    }

    /// Begins; `compares` and `extra` as in [`DistillationLog::begin`].
    pub fn begin(&self, compares: bool, extra: usize) {
        // The large one teaches, also where a small one of the last distillation is tried meanwhile.
        let tried = self.tried.get_untracked().filter(|tried| *tried == Contestant::Teacher);
        self.forget();
        self.tried.set(tried);
        self.begun.set(true);
        self.log.set(DistillationLog::begin(compares, extra));
    }

    /// Another network came in the place of the one that taught.
    pub fn forget(&self) {
        self.log.set(DistillationLog::default());
        self.begun.set(false);
        self.tried.set(Some(Contestant::Teacher));
        self.file.set(None);
    }

    /// The network that was wanted is tried now.
    pub fn show_wanted(&self) {
        self.tried.set(Some(self.wanted.get_untracked()));
    }
}

impl Default for Distillation {
    fn default() -> Self {
        Self::new()
    }
}
