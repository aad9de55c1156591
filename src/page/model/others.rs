//! Other models: from a file, downloaded, or the included one.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{DataTransfer, File};

use crate::engine::EngineState;
use crate::language::{text, use_texts};
use crate::parts::{DropZone, FileButton, leave};
use crate::recovery::Recovery;
use crate::state::State;
use tunelab_core::model::sources::{Source, bundled};
use tunelab_core::protocol::{Command, ModelSummary, Subject};
use tunelab_l10n::Texts;
use tunelab_presentation::model::{downloads, manual_downloads, offer};

/// Ways to replace the `loaded` model.
#[component]
pub fn OtherModels(loaded: Memo<Option<ModelSummary>>, is_loading: Memo<bool>) -> impl IntoView {
    let (state, recovery) = (expect_context::<State>(), expect_context::<Recovery>());
    let send = move |command: Command, files: Vec<JsValue>| {
        state.forget_problem(Subject::Model);
        recovery.send(command, files);
    };
    let use_file = move |file: Option<File>| {
        if let Some(file) = file {
            send(Command::UseModelFile, vec![file.into()]);
        }
    };
    let source =
        Memo::new(move |_| loaded.with(|model| model.as_ref().and_then(|one| one.source.clone())));
    let is_ready = move || state.engine_state.with(|engine| matches!(engine, EngineState::Ready));
    let can_use_included =
        move || is_ready() && !is_loading.get() && source.get().as_deref() != Some(bundled().id);
    let download = move |model: &'static Source| {
        if !is_loading.get_untracked() {
            send(Command::DownloadModel { source: model.id.into() }, Vec::new());
        }
    };
    let texts = use_texts();
    let offers = downloads().map(move |model| {
        let is_loaded = move || source.get().as_deref() == Some(model.id);
        view! {
            <li class="model-offer">
                <Offer model />
                <Show
                    when=move || !is_loaded()
                    fallback=|| view! { <span class="badge">{text(Texts::model_in_use)}</span> }
                >
                    <button
                        type="button"
                        class="button"
                        aria-label=move || texts.get().model_download_named(model.title)
                        aria-disabled=move || is_loading.get().then_some("true")
                        on:click=move |_| download(model)
                    >
                        {text(Texts::model_download)}
                    </button>
                </Show>
            </li>
        }
    });
    let links = manual_downloads().map(|(model, url)| {
        view! {
            <li class="model-offer">
                <Offer model />
                <a href=url target="_blank" rel="noopener noreferrer">
                    {model.file_name}
                </a>
            </li>
        }
    });
    view! {
        <Show when=can_use_included>
            <div>
                <button
                    type="button"
                    class="button"
                    on:click=move |event| {
                        leave(&event);
                        send(Command::UseBundledModel, Vec::new());
                    }
                >
                    {text(Texts::model_use_included)}
                </button>
            </div>
        </Show>
        <details class="model-others">
            <summary>{text(Texts::model_use_another)}</summary>
            <div class="stack">
                <p>{text(Texts::model_others_about)}</p>
                <DropZone
                    class="model-file"
                    on_drop=move |data: DataTransfer| {
                        use_file(data.files().and_then(|files| files.get(0)));
                    }
                >
                    <FileButton
                        text=text(Texts::model_choose_file)
                        accept=".safetensors,.pth,.pt,.ckpt,.bin,.tar"
                        on_files=move |files| use_file(files.into_iter().next())
                    />
                    <p class="hint">{text(Texts::model_file_hint)}</p>
                </DropZone>
                <h3>{text(Texts::model_downloads)}</h3>
                <p class="hint">{text(Texts::model_downloads_about)}</p>
                <ul class="model-offers" role="list">
                    {offers.collect_view()}
                </ul>
                <h3>{text(Texts::model_manual_downloads)}</h3>
                <p class="hint">{text(Texts::model_manual_about)}</p>
                <ul class="model-offers" role="list">
                    {links.collect_view()}
                </ul>
            </div>
        </details>
    }
}

/// A model's title, and a line about it.
#[component]
fn Offer(model: &'static Source) -> impl IntoView {
    let texts = use_texts();
    view! {
        <div class="model-offer-words">
            <strong>{model.title}</strong>
            <span class="hint">{move || offer(model, texts.get())}</span>
        </div>
    }
}
