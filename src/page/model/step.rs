//! The content of step 2.

use leptos::prelude::*;

use crate::engine::Engine;
use crate::language::{text, use_texts};
use crate::model::diagram::Diagram;
use crate::model::others::OtherModels;
use crate::parts::{ProblemNotice, ProgressBar, leave};
use crate::state::State;
use crate::steps::Step;
use tunelab_core::protocol::{Command, ModelStatus, ModelSummary, Subject};
use tunelab_l10n::Texts;
use tunelab_presentation::model::{self, details, is_download, loading_progress};

/// The loaded model, and other models to load.
#[component]
pub fn ModelStep() -> impl IntoView {
    let state = expect_context::<State>();
    // The model stays loaded while another one is being loaded.
    let loaded = Memo::new(move |before: Option<&Option<ModelSummary>>| {
        state.model.with(|model| match model {
            Some(ModelStatus::Ready(summary)) => Some(summary.clone()),
            _ => before.cloned().flatten(),
        })
    });
    let is_loading = Memo::new(move |_| {
        state.model.with(|model| matches!(model, Some(ModelStatus::Loading { .. })))
    });
    view! {
        <p class="model-lead">{text(Texts::model_lead)}</p>
        {move || loaded.get().map(|model| view! { <LoadedModel model /> })}
        <Loading />
        <ProblemNotice about=Subject::Model />
        <OtherModels loaded is_loading />
    }
}

/// The details of the model, and an explanation of pretraining.
#[component]
fn LoadedModel(model: ModelSummary) -> impl IntoView {
    let texts = use_texts();
    let model = StoredValue::new(model);
    let title = move || {
        model.with_value(|model| model::title(model.source.as_deref(), &model.title, texts.get()))
    };
    let details = move || {
        let details = model.with_value(|model| details(model, texts.get())).into_iter();
        let detail = |(label, value)| {
            view! {
                <div>
                    <dt>{label}</dt>
                    <dd>{value}</dd>
                </div>
            }
        };
        details.map(detail).collect_view()
    };
    let trained_here = move || {
        let texts = texts.get();
        let classes =
            model.with_value(|model| Some(texts.quoted_list(model.trained_classes.as_ref()?)))?;
        Some(view! {
            <p class="notice good">
                {texts.model_trained_here(&classes)} " " <a href=Step::Try.href()>{texts.model_try()}</a>
            </p>
        })
    };
    view! {
        <div class="card model-loaded">
            <h3 data-testid="model-title">{title}</h3>
            {trained_here}
            <div class="model-anatomy">
                <Diagram />
                <p>{text(Texts::model_pretrained)}</p>
            </div>
            <dl class="model-details">{details}</dl>
        </div>
    }
}

/// The progress of loading a model, with a button to cancel a download.
#[component]
fn Loading() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let texts = use_texts();
    let loading = move || {
        state.model.with(|model| match model {
            Some(ModelStatus::Loading { source, title, received, total }) => {
                Some(((source.clone(), title.clone()), *received, *total))
            }
            _ => None,
        })
    };
    let model = Memo::new(move |_| loading().map(|(model, ..)| model));
    // In ms.
    let start = Memo::new(move |_| {
        model.track();
        js_sys::Date::now()
    });
    let label = Signal::derive(move || {
        let seconds = (js_sys::Date::now() - start.get()) / 1000.0;
        let ((source, title), received, total) = loading().unwrap_or_default();
        loading_progress(source.as_deref(), &title, received, total, seconds, texts.get())
    });
    let value = Signal::derive(move || {
        let (_, received, total) = loading()?;
        (total > 0 && received > 0).then(|| received as f64 / total as f64)
    });
    let can_cancel = move || {
        model.with(|model| {
            let source = model.as_ref().and_then(|(source, _)| source.as_deref());
            source.is_some_and(is_download)
        })
    };
    view! {
        <Show when=move || model.with(Option::is_some)>
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
                        {text(Texts::app_cancel)}
                    </button>
                </Show>
            </div>
        </Show>
    }
}
