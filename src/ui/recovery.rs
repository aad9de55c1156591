//! Nothing is lost when the worker breaks down: the commands that made its pictures and its network are
//! kept, and given again to the next worker.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use super::engine::Engine;
use super::state::State;
use crate::model::weights::sources::SOURCES;
use crate::worker::protocol::{Command, ModelStatus, ModelSummary};

/// A command with its files. A file is a handle: its bytes stay where they are.
type Kept = (Command, Vec<JsValue>);

/// Sends commands about pictures and the network, and keeps them for the next worker. Components get it
/// by `expect_context::<Keeper>()`.
#[derive(Clone, Copy)]
pub struct Keeper {
    engine: Engine,
    state: State,
    /// All of them, also those that a later one made pointless: pictures are named by ids that count on.
    pictures: StoredValue<Vec<Kept>, LocalStorage>,
    models: StoredValue<Vec<Kept>, LocalStorage>,
}

impl Keeper {
    /// Nothing kept yet.
    pub fn new(engine: Engine, state: State) -> Self {
        let (pictures, models) =
            (StoredValue::new_local(Vec::new()), StoredValue::new_local(Vec::new()));
        Self { engine, state, pictures, models }
    }

    /// Sends a command and keeps it, where the next worker needs it.
    pub fn send(&self, command: Command, attachments: Vec<JsValue>) {
        self.engine.send_with(command.clone(), &attachments);
        let kept = match command {
            Command::UseBundledModel | Command::UseModelFile | Command::DownloadModel { .. } => {
                self.models
            }
            Command::ShowPictures { .. } | Command::CancelDownload => return,
            _ => self.pictures,
        };
        kept.update_value(|kept| kept.push((command, attachments)));
    }

    /// Starts another worker and gives it what the last one had.
    pub fn restart(&self) {
        let model = self.models.with_value(|kept| self.model(kept).cloned());
        self.engine.restart();
        let again = |(command, attachments): &Kept| {
            self.engine.send_copying(command.clone(), attachments);
        };
        self.pictures.with_value(|kept| kept.iter().for_each(again));
        model.iter().for_each(again);
    }

    /// What brought the network that was there: not one that was refused or cancelled.
    fn model<'a>(&self, kept: &'a [Kept]) -> Option<&'a Kept> {
        self.state.model.with_untracked(|model| match model {
            Some(ModelStatus::Ready(summary)) => {
                kept.iter().rev().find(|kept| gives(kept, summary))
            }
            _ => kept.last(),
        })
    }
}

/// Whether a command gives this network.
fn gives((command, attachments): &Kept, summary: &ModelSummary) -> bool {
    match command {
        Command::UseBundledModel => summary.source.as_deref() == Some(SOURCES[0].id),
        Command::DownloadModel { source } => summary.source.as_ref() == Some(source),
        Command::UseModelFile => {
            let file = attachments.first().and_then(|file| file.dyn_ref::<File>());
            summary.source.is_none() && file.is_some_and(|file| file.name() == summary.title)
        }
        _ => false,
    }
}
