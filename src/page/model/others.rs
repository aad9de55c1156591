//! Other networks: a file, a download, the built-in one again.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{DataTransfer, File};

use crate::engine::EngineState;
use crate::parts::leave;
use crate::parts::{DropZone, FileButton};
use crate::recovery::Keeper;
use crate::state::State;
use tunelab_core::model::sources::{SOURCES, Source};
use tunelab_core::protocol::{Command, ModelSummary, Subject};
use tunelab_presentation::model::facts::{by_hand, downloads, file_size};

/// Ways to another network. `loaded` is the one that is there.
#[component]
pub fn OtherModels(loaded: Memo<Option<ModelSummary>>, loading: Memo<bool>) -> impl IntoView {
    let (state, keeper) = (expect_context::<State>(), expect_context::<Keeper>());
    let send = move |command: Command, files: Vec<JsValue>| {
        state.forget_problem(Subject::Model);
        keeper.send(command, files);
    };
    let use_file = move |file: Option<File>| {
        if let Some(file) = file {
            send(Command::UseModelFile, vec![file.into()]);
        }
    };
    let source = move || loaded.with(|model| model.as_ref().and_then(|model| model.source.clone()));
    let is_ready = move || state.engine_state.with(|engine| matches!(engine, EngineState::Ready));
    let can_go_back =
        move || is_ready() && !loading.get() && source().as_deref() != Some(SOURCES[0].id);
    let offers = downloads().map(move |choice| {
        let is_loaded = move || source().as_deref() == Some(choice.id);
        let download = move |_| {
            if !loading.get_untracked() {
                send(Command::DownloadModel { source: choice.id.into() }, Vec::new());
            }
        };
        view! {
            <li class="model-offer">
                <Offer choice />
                <Show
                    when=move || !is_loaded()
                    fallback=|| view! { <span class="badge">"In use"</span> }
                >
                    <button
                        type="button"
                        class="button"
                        aria-label=format!("Download {}", choice.title)
                        aria-disabled=move || loading.get().then_some("true")
                        on:click=download
                    >
                        "Download"
                    </button>
                </Show>
            </li>
        }
    });
    let links = by_hand().map(|(choice, url)| {
        view! {
            <li class="model-offer">
                <Offer choice />
                <a href=url target="_blank" rel="noopener noreferrer">
                    {choice.file_name}
                </a>
            </li>
        }
    });
    view! {
        <Show when=can_go_back>
            <div>
                <button
                    type="button"
                    class="button"
                    on:click=move |event| {
                        leave(&event);
                        send(Command::UseBundledModel, Vec::new());
                    }
                >
                    "Use the built-in network"
                </button>
            </div>
        </Show>
        <details class="model-others">
            <summary>"Use another network"</summary>
            <div class="stack">
                <p>
                    "The built-in network is quick and small. Networks trained on ImageNet know more, at 224 px, and train several times slower."
                </p>
                <DropZone
                    class="model-file"
                    on_drop=move |data: DataTransfer| {
                        use_file(data.files().and_then(|files| files.get(0)));
                    }
                >
                    <FileButton
                        text="Choose a weights file"
                        accept=".safetensors,.pth,.pt,.ckpt,.bin,.tar"
                        on_files=move |files| use_file(files.into_iter().next())
                    />
                    <p class="hint">
                        "Or drop one here: a .safetensors, .pth, .pt or .ckpt file of a ResNet, also one that you trained and downloaded here before."
                    </p>
                </DropZone>
                <h3>"To download"</h3>
                <p class="hint">
                    "From Hugging Face. The site learns that you ask for this file, and nothing else. The file is checked, and kept in this browser for the next time."
                </p>
                <ul class="model-offers" role="list">
                    {offers.collect_view()}
                </ul>
                <h3>"To download by hand"</h3>
                <p class="hint">
                    "PyTorch's site does not let other pages fetch its files. Follow a link, save the file, and choose it above."
                </p>
                <ul class="model-offers" role="list">
                    {links.collect_view()}
                </ul>
            </div>
        </details>
    }
}

/// What a network is, in two lines.
#[component]
fn Offer(choice: &'static Source) -> impl IntoView {
    let licence = choice.licence.map(|licence| format!(", {licence}"));
    view! {
        <div class="model-offer-words">
            <strong>{choice.title}</strong>
            <span class="hint">
                {format!(
                    "{}, {} px, {:.1} % right, {}",
                    choice.dataset,
                    choice.input_size,
                    choice.top1_percent,
                    file_size(choice.bytes),
                )} {licence}
            </span>
        </div>
    }
}
