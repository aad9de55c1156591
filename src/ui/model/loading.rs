//! A network on its way.

use leptos::prelude::*;

use super::choices::is_download;
use super::facts;
use crate::ui::engine::Engine;
use crate::ui::parts::{ProgressBar, Show, leave};
use crate::ui::state::State;
use tunelab_core::protocol::{Command, ModelStatus};

/// How far loading is; a download can be cancelled.
#[component]
pub fn Loading() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let loading = move || {
        state.model.with(|model| match model {
            Some(ModelStatus::Loading { title, received, total }) => {
                Some((title.clone(), *received, *total))
            }
            _ => None,
        })
    };
    let title = Memo::new(move |_| loading().map(|(title, ..)| title));
    // When it began, in ms.
    let begun = Memo::new(move |_| {
        title.track();
        js_sys::Date::now()
    });
    let label = Signal::derive(move || {
        let seconds = (js_sys::Date::now() - begun.get()) / 1000.0;
        let (title, received, total) = loading().unwrap_or_default();
        facts::progress(&title, received, total, seconds)
    });
    let value = Signal::derive(move || {
        let (_, received, total) = loading()?;
        (total > 0 && received > 0).then(|| received as f64 / total as f64)
    });
    let can_cancel = move || title.with(|title| title.as_deref().is_some_and(is_download));
    view! {
        <Show when=move || title.with(Option::is_some)>
            <div class="model-loading">
                <ProgressBar label value />
                <Show when=can_cancel>
                    <button
                        type="button"
                        class="button"
                        on:click=move |event| {
                            leave(&event);
                            engine.send(Command::CancelDownload);
                        }
                    >
                        "Cancel"
                    </button>
                </Show>
            </div>
        </Show>
    }
}
