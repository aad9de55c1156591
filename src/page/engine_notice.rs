//! How far the program that computes is, and the way on when it broke down.

use leptos::prelude::*;

use crate::engine::EngineState;
use crate::parts::ProgressBar;
use crate::parts::leave;
use crate::recovery::Keeper;
use crate::state::State;
use tunelab_presentation::plot::format::sentence;

const MEGABYTE: f64 = 1e6;

/// A slim line while the engine loads, an alert when it failed, nothing while it works.
#[component]
pub fn EngineNotice() -> impl IntoView {
    let state = expect_context::<State>();
    let keeper = expect_context::<Keeper>();
    let engine = state.engine_state;
    let loading = Memo::new(move |_| matches!(engine.get(), EngineState::Loading { .. }));
    let label = Signal::derive(move || match engine.get() {
        EngineState::Loading { received, .. } if received > 0 => {
            format!(
                "Loading the engine: {:.1} MB. You can begin already.",
                received as f64 / MEGABYTE
            )
        }
        _ => "Loading the engine. You can begin already.".to_string(),
    });
    let value = Signal::derive(move || match engine.get() {
        EngineState::Loading { received, total } if total > 0 => {
            Some(received as f64 / total as f64)
        }
        _ => None,
    });
    let failure = Memo::new(move |_| match engine.get() {
        EngineState::Failed(message) => Some(sentence(&message)),
        _ => None,
    });
    let broke_off = move || state.import_broke_off.get();
    let reload = move |_| {
        // A page that cannot be reloaded by itself can be by hand.
        let _ = window().location().reload();
    };
    view! {
        <Show when=move || loading.get()>
            <div class="engine-loading">
                <ProgressBar label=label value=value />
            </div>
        </Show>
        {move || {
            failure.get().map(|message| {
                view! {
                    <div class="notice bad engine-failed" role="alert">
                        <p>
                            <strong>"The engine stopped. "</strong>
                            {message}
                        </p>
                        <p>
                            "Start it again: your pictures are read again by themselves"
                            {move || if broke_off() { ", but for those it was reading" } else { "" }}
                            {move || {
                                if state.has_checkpoint() {
                                    ", and the run goes on from its last checkpoint with “Continue training”."
                                } else {
                                    ". A network that was trained and not downloaded has to be trained again."
                                }
                            }}
                        </p>
                        <div class="row wrap">
                            <button type="button" class="button primary" on:click=move |event| {
                                leave(&event);
                                keeper.restart();
                            }>
                                "Start the engine again"
                            </button>
                            <button type="button" class="button" on:click=reload>
                                "Reload the page"
                            </button>
                        </div>
                    </div>
                }
            })
        }}
    }
}
