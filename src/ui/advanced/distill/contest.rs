//! What the panel knows of the contest, from the worker's replies.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::ledger::Ledger;
use tunelab_core::protocol::ExtraReply;
use tunelab_core::train::student::Contestant;

/// The contest under way, or the last one.
#[derive(Clone, Copy)]
pub struct Contest {
    pub ledger: RwSignal<Ledger>,
    /// Whether one was begun since the network was there, and did not fail.
    pub begun: RwSignal<bool>,
    /// Which of them is tried in step 4, where it is one of them.
    pub tried: RwSignal<Option<Contestant>>,
    /// Which is to be.
    pub wanted: RwSignal<Contestant>,
    /// The file of the student that was taught: its name and its buffer.
    pub file: RwSignal<Option<(String, JsValue)>, LocalStorage>,
}

impl Contest {
    /// None yet.
    pub fn new() -> Self {
        Self {
            ledger: RwSignal::new(Ledger::default()),
            begun: RwSignal::new(false),
            tried: RwSignal::new(Some(Contestant::Teacher)),
            wanted: RwSignal::new(Contestant::Teacher),
            file: RwSignal::new_local(None),
        }
    }

    /// Begins; `compares` and `extra` as in [`Ledger::begin`].
    pub fn begin(&self, compares: bool, extra: usize) {
        // The large one teaches, also where a small one of the last contest is tried meanwhile.
        let tried = self.tried.get_untracked().filter(|tried| *tried == Contestant::Teacher);
        self.forget();
        self.tried.set(tried);
        self.begun.set(true);
        self.ledger.set(Ledger::begin(compares, extra));
    }

    /// Another network came in the place of the one that taught.
    pub fn forget(&self) {
        self.ledger.set(Ledger::default());
        self.begun.set(false);
        self.tried.set(Some(Contestant::Teacher));
        self.file.set(None);
    }

    /// Takes in what the worker says of it.
    pub fn take_in(&self, reply: ExtraReply, attachments: &[JsValue]) {
        match reply {
            ExtraReply::Lesson(lesson) => self.ledger.update(|ledger| ledger.follow(lesson)),
            ExtraReply::Compared(line) => self.ledger.update(|ledger| ledger.enter(line)),
            ExtraReply::Student { file_name } => {
                self.file.set(attachments.first().map(|file| (file_name, file.clone())));
            }
            _ => {}
        }
    }
}
