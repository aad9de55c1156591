//! What the worker has said of the table.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::ui::state::Pixels;
use crate::worker::wire::bytes;
use tunelab_core::protocol::{Caption, Reply, TableDetails};

/// What is known of the pictures that a table describes; nothing at first.
#[derive(Clone, Copy, Default)]
pub struct Described {
    /// None where no table describes them.
    pub details: RwSignal<Option<TableDetails>>,
    /// Some of them.
    pub pictures: RwSignal<Vec<(Caption, Pixels)>>,
}

impl Described {
    /// Takes in what the worker says, as far as it is of the table.
    pub fn take_in(&self, reply: &Reply, attachments: &[JsValue]) {
        match reply {
            Reply::Collection(collection) => {
                let table = collection.table.as_ref();
                let details: Option<TableDetails> =
                    table.and_then(|table| table.details.open().ok());
                let id = |details: &TableDetails| details.pictures;
                // Those of the same table are not asked for again.
                if self
                    .details
                    .with_untracked(|old| old.as_ref().map(id) != details.as_ref().map(id))
                {
                    self.pictures.set(Vec::new());
                }
                self.details.set(details);
            }
            Reply::Thumbnails { class, pictures, side, .. } => {
                let is_ours = self.details.with_untracked(|details| {
                    details.as_ref().is_some_and(|details| details.pictures == *class)
                });
                if is_ours {
                    let pixels = Pixels::split(&bytes(attachments.first()), *side);
                    self.pictures.set(pictures.iter().cloned().zip(pixels).collect());
                }
            }
            _ => {}
        }
    }

    /// The worker had the pictures, and is gone.
    pub fn forget(&self) {
        self.pictures.set(Vec::new());
        self.details.set(None);
    }
}
