//! Nothing is lost when the worker breaks down: the commands that made its pictures and its network are
//! kept, and given again to the next worker.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use crate::engine::Engine;
use crate::state::State;
use tunelab_core::model::sources::SOURCES;
use tunelab_core::protocol::{Command, ModelSummary};

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
    /// The choice of a device.
    device: StoredValue<Vec<Kept>, LocalStorage>,
}

impl Keeper {
    /// Nothing kept yet.
    pub fn new(engine: Engine, state: State) -> Self {
        let [pictures, models, device] = [(); 3].map(|()| StoredValue::new_local(Vec::new()));
        Self { engine, state, pictures, models, device }
    }

    /// Sends a command and keeps it, where the next worker needs it.
    pub fn send(&self, command: Command, attachments: Vec<JsValue>) {
        self.engine.send_with(command.clone(), &attachments);
        let kept = match command {
            Command::UseBundledModel | Command::UseModelFile | Command::DownloadModel { .. } => {
                self.models
            }
            Command::ChooseDevice { .. } => {
                self.device.set_value(Vec::new());
                self.device
            }
            Command::ShowPictures { .. } | Command::CancelDownload => return,
            _ => self.pictures,
        };
        kept.update_value(|kept| kept.push((command, attachments)));
    }

    /// Starts another worker and gives it what the last one had, but for pictures over which it broke
    /// down.
    pub fn restart(&self) {
        if self.state.import_broke_off.get_untracked() {
            self.state.import_broke_off.set(false);
            self.pictures.update_value(|kept| {
                if let Some(last) = kept.iter().rposition(|(command, _)| reads_pictures(command)) {
                    kept.remove(last);
                }
            });
        }
        let model = self.models.with_value(|kept| self.model(kept).cloned());
        self.engine.restart();
        let again = |(command, attachments): &Kept| {
            self.engine.send_copying(command.clone(), attachments);
        };
        self.pictures.with_value(|kept| kept.iter().for_each(again));
        model.iter().for_each(again);
        self.device.with_value(|kept| kept.iter().for_each(again));
    }

    /// What brought the network that was there: not one that was refused or cancelled.
    fn model<'a>(&self, kept: &'a [Kept]) -> Option<&'a Kept> {
        self.state.loaded.with_untracked(|loaded| {
            let summary = loaded.as_ref()?;
            kept.iter().rev().find(|kept| gives(kept, summary))
        })
    }
}

fn reads_pictures(command: &Command) -> bool {
    matches!(
        command,
        Command::UseSample
            | Command::AddPictures { .. }
            | Command::AddFolder { .. }
            | Command::FetchCifar
    )
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
