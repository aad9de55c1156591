//! Recovery after the engine failed: the commands that loaded images and the model are recorded and sent again to
//! the next worker, so that nothing is lost.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use crate::engine::Engine;
use crate::state::State;
use tunelab_core::model::sources::bundled;
use tunelab_core::protocol::{Command, ModelSummary};

/// A command with its files, which are handles: their bytes stay where they are.
type Recorded = (Command, Vec<JsValue>);

/// Sends commands about images, the model and the device, and records them for the next worker. Components get it
/// by `expect_context::<Recovery>()`.
#[derive(Clone, Copy)]
pub struct Recovery {
    engine: Engine,
    state: State,
    /// All commands about images, even if a later one made them obsolete: later commands refer to images by ids,
    /// which the worker counts up.
    images: StoredValue<Vec<Recorded>, LocalStorage>,
    models: StoredValue<Vec<Recorded>, LocalStorage>,
    /// The last choice of a device.
    device: StoredValue<Vec<Recorded>, LocalStorage>,
    /// The last choice of the number of threads.
    threads: StoredValue<Vec<Recorded>, LocalStorage>,
}

impl Recovery {
    /// Nothing is recorded yet.
    pub fn new(engine: Engine, state: State) -> Self {
        let [images, models, device, threads] =
            [(); 4].map(|()| StoredValue::new_local(Vec::new()));
        Self { engine, state, images, models, device, threads }
    }

    /// Sends a command, and records it if the next worker needs it.
    pub fn send(&self, command: Command, attachments: Vec<JsValue>) {
        self.engine.send_with(command.clone(), &attachments);
        let record = match command {
            Command::UseBundledModel | Command::UseModelFile | Command::DownloadModel { .. } => {
                self.models
            }
            Command::ChooseDevice { .. } => {
                self.device.set_value(Vec::new());
                self.device
            }
            Command::ChooseThreads { .. } => {
                self.threads.set_value(Vec::new());
                self.threads
            }
            Command::LoadThumbnails { .. } | Command::CancelDownload => return,
            _ => self.images,
        };
        record.update_value(|commands| commands.push((command, attachments)));
    }

    /// Starts another worker and loads what the last one had, except images on which it failed.
    pub fn restart(&self) {
        if self.state.import_failed.get_untracked() {
            self.state.import_failed.set(false);
            self.images.update_value(|commands| {
                let last = commands.iter().rposition(|(command, _)| is_import(command));
                if let Some(last) = last {
                    commands.remove(last);
                }
            });
        }
        let model = self.models.with_value(|commands| self.loaded_model(commands).cloned());
        self.engine.restart();
        let resend = |(command, attachments): &Recorded| {
            self.engine.send_copying(command.clone(), attachments);
        };
        self.images.with_value(|commands| commands.iter().for_each(resend));
        model.iter().for_each(resend);
        for choice in [self.device, self.threads] {
            choice.with_value(|commands| commands.iter().for_each(resend));
        }
    }

    /// The command that loaded the current model, not one that failed or was cancelled.
    fn loaded_model<'a>(&self, commands: &'a [Recorded]) -> Option<&'a Recorded> {
        self.state.loaded.with_untracked(|loaded| {
            let summary = loaded.as_ref()?;
            commands.iter().rev().find(|command| loads(command, summary))
        })
    }
}

fn is_import(command: &Command) -> bool {
    matches!(
        command,
        Command::UseSample
            | Command::AddImages { .. }
            | Command::AddFolder { .. }
            | Command::FetchCifar
    )
}

/// Whether a command loads this model.
fn loads((command, attachments): &Recorded, summary: &ModelSummary) -> bool {
    match command {
        Command::UseBundledModel => summary.source.as_deref() == Some(bundled().id),
        Command::DownloadModel { source } => summary.source.as_ref() == Some(source),
        Command::UseModelFile => {
            let file = attachments.first().and_then(|file| file.dyn_ref::<File>());
            // Other files may have its name.
            let is_loaded =
                |file: &File| file.name() == summary.title && file.size() == summary.bytes as f64;
            summary.source.is_none() && file.is_some_and(is_loaded)
        }
        _ => false,
    }
}
