//! The content of step 2.

use leptos::prelude::*;

use crate::engine::Engine;
use crate::model::others::OtherModels;
use crate::model::schematic::Schematic;
use crate::parts::leave;
use crate::parts::{ProblemNotice, ProgressBar};
use crate::state::State;
use tunelab_core::protocol::{Command, ModelStatus, ModelSummary, Subject};
use tunelab_presentation::model::facts::{facts, is_download, progress};

/// The network that is loaded, and ways to another.
#[component]
pub fn ModelStep() -> impl IntoView {
    let state = expect_context::<State>();
    // It stays while another one is on its way.
    let loaded = Memo::new(move |before: Option<&Option<ModelSummary>>| {
        state.model.with(|model| match model {
            Some(ModelStatus::Ready(summary)) => Some(summary.clone()),
            _ => before.cloned().flatten(),
        })
    });
    let loading = Memo::new(move |_| {
        state.model.with(|model| matches!(model, Some(ModelStatus::Loading { .. })))
    });
    view! {
        <p class="model-lead">
            "Your classes are learned on top of a network that has learned to see. One comes with the app."
        </p>
        {move || loaded.get().map(|model| view! { <LoadedModel model /> })}
        <Loading />
        <ProblemNotice about=Subject::Model />
        <OtherModels loaded loading />
    }
}

/// What the network is, and what pretrained means.
#[component]
fn LoadedModel(model: ModelSummary) -> impl IntoView {
    let facts = facts(&model).into_iter().map(|(label, value)| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    let trained = model.trained_classes.map(|classes| {
        view! {
            <p class="notice good">
                {format!("This network was trained here before, on {}. ", classes.join(", "))}
                <a href="#try">"Try it at once"</a>
                ", or train it further on your pictures."
            </p>
        }
    });
    view! {
        <div class="card model-loaded">
            <h3 data-testid="model-title">{model.title}</h3>
            {trained}
            <div class="model-anatomy">
                <Schematic />
                <p>
                    "Pretrained means that it has already seen a great many pictures: it knows edges, textures and shapes, and only its last layer, the head, starts anew for your classes."
                </p>
            </div>
            <dl class="model-facts">{facts.collect_view()}</dl>
        </div>
    }
}

/// How far loading is; a download can be cancelled.
#[component]
fn Loading() -> impl IntoView {
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
        progress(&title, received, total, seconds)
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
