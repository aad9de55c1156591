//! The state of a distillation, besides its log.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use tunelab_core::train::distillation::ComparedModel;
use tunelab_presentation::train::distillation::log::DistillationLog;

/// The current or the last distillation. [`State`](super::State) keeps it up to date.
#[derive(Clone, Copy)]
pub struct Distillation {
    pub log: RwSignal<DistillationLog>,
    /// Whether a distillation of the current teacher has begun and did not fail.
    pub has_begun: RwSignal<bool>,
    /// Which of the compared models is loaded in step 4; `None` if it is another one.
    pub tried: RwSignal<Option<ComparedModel>>,
    /// Which of them was requested last.
    pub requested: RwSignal<ComparedModel>,
    /// The name and the buffer of the file of the student with teacher.
    pub file: RwSignal<Option<(String, JsValue)>, LocalStorage>,
}

impl Distillation {
    pub fn new() -> Self {
        Self {
            log: RwSignal::new(DistillationLog::default()),
            has_begun: RwSignal::new(false),
            tried: RwSignal::new(Some(ComparedModel::Teacher)),
            requested: RwSignal::new(ComparedModel::Teacher),
            file: RwSignal::new_local(None),
        }
    }

    /// Begins a distillation; for the arguments see [`DistillationLog::begin`].
    pub fn begin(&self, compare: bool, unlabeled: usize) {
        // The teacher stays the same, even if a student of the last distillation is loaded.
        let tried = self.tried.get_untracked().filter(|tried| *tried == ComparedModel::Teacher);
        self.forget();
        self.tried.set(tried);
        self.has_begun.set(true);
        self.log.set(DistillationLog::begin(compare, unlabeled));
    }

    /// Another model has replaced the teacher.
    pub fn forget(&self) {
        self.log.set(DistillationLog::default());
        self.has_begun.set(false);
        self.tried.set(Some(ComparedModel::Teacher));
        self.file.set(None);
    }

    /// The requested model is loaded.
    pub fn use_requested(&self) {
        self.tried.set(Some(self.requested.get_untracked()));
    }
}

impl Default for Distillation {
    fn default() -> Self {
        Self::new()
    }
}
