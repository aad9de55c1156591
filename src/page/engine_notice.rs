//! The progress of loading the engine, and recovery after it failed.

use leptos::prelude::*;

use crate::engine::EngineState;
use crate::language::{text, use_texts};
use crate::parts::{ProgressBar, leave};
use crate::recovery::Recovery;
use crate::state::State;
use tunelab_l10n::{Localize, Texts};

/// A progress bar while the engine loads, an alert after it failed, nothing while it works.
#[component]
pub fn EngineNotice() -> impl IntoView {
    let (state, texts) = (expect_context::<State>(), use_texts());
    let recovery = expect_context::<Recovery>();
    let engine = state.engine_state;
    let is_loading = Memo::new(move |_| matches!(engine.get(), EngineState::Loading { .. }));
    let label = Signal::derive(move || match engine.get() {
        EngineState::Loading { received, .. } if received > 0 => {
            texts.get().app_engine_loading_size(&texts.get().file_size(received))
        }
        _ => texts.get().app_engine_loading().to_owned(),
    });
    let value = Signal::derive(move || match engine.get() {
        EngineState::Loading { received, total } if total > 0 => {
            Some(received as f64 / total as f64)
        }
        _ => None,
    });
    let has_failed = Memo::new(move |_| matches!(engine.get(), EngineState::Failed(_)));
    let error = move || match engine.get() {
        EngineState::Failed(error) => Some(error.localize(texts.get())),
        _ => None,
    };
    let help = move || {
        let lost_import = state.import_failed.get();
        texts.get().app_engine_restart_help(lost_import, state.has_checkpoint())
    };
    let reload = move |_| {
        // If the page cannot reload itself, the user still can.
        let _ = window().location().reload();
    };
    view! {
        <Show when=move || is_loading.get()>
            <div class="engine-loading">
                <ProgressBar label value />
            </div>
        </Show>
        <Show when=move || has_failed.get()>
            <div class="notice bad engine-failed" role="alert">
                <p>
                    <strong>{text(Texts::app_engine_stopped)}</strong>
                    " "
                    {error}
                </p>
                <p>{help}</p>
                <div class="row wrap">
                    <button
                        type="button"
                        class="button primary"
                        on:click=move |event| {
                            leave(&event);
                            recovery.restart();
                        }
                    >
                        {text(Texts::app_engine_restart)}
                    </button>
                    <button type="button" class="button" on:click=reload>
                        {text(Texts::app_reload)}
                    </button>
                </div>
            </div>
        </Show>
    }
}
