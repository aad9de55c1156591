//! Downloading the trained model.

use leptos::prelude::*;

use crate::language::{text, use_texts};
use crate::parts::{SaveError, SaveProblem, save};
use crate::state::{State, send};
use tunelab_core::protocol::{Command, Subject};
use tunelab_l10n::Texts;

/// The button that downloads the model, and how to use the file.
#[component]
pub fn Download() -> impl IntoView {
    let (state, texts) = (expect_context::<State>(), use_texts());
    let half_precision = RwSignal::new(false);
    let is_writing = RwSignal::new(false);
    let saved = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None::<SaveError>);
    Effect::new(move || {
        if let Some((file_name, buffer)) = state.exported.get() {
            is_writing.set(false);
            // Not kept here: it has tens of megabytes.
            state.exported.set(None);
            problem.set(save(&file_name, &buffer).err());
            saved.set(problem.with_untracked(Option::is_none).then_some(file_name));
        }
    });
    Effect::new(move || {
        let about = state.problem.with(|problem| problem.as_ref().map(|problem| problem.about));
        if about == Some(Subject::Try) {
            is_writing.set(false);
        }
    });
    let download = move |_| {
        if !is_writing.get_untracked() {
            is_writing.set(true);
            problem.set(None);
            state.forget_problem(Subject::Try);
            send(Command::Export { half_precision: half_precision.get_untracked() });
        }
    };
    view! {
        <section class="try-part try-download" aria-labelledby="try-download-title">
            <h3 id="try-download-title">{text(Texts::try_download_heading)}</h3>
            <div class="row wrap">
                <button
                    type="button"
                    class="button"
                    aria-disabled=move || is_writing.get().then_some("true")
                    on:click=download
                >
                    {text(Texts::try_download)}
                </button>
                <label class="try-half">
                    <input
                        type="checkbox"
                        prop:checked=move || half_precision.get()
                        on:change:target=move |event| half_precision.set(event.target().checked())
                    />
                    <span>{text(Texts::try_half_precision)}</span>
                </label>
                <span class="hint">
                    {move || is_writing.get().then(|| texts.get().try_writing())}
                </span>
            </div>
            <SaveProblem problem />
            <div role="status">
                {move || {
                    saved.get().map(|file_name| view! { <Uses file_name /> })
                }}
            </div>
        </section>
    }
}

/// How to use the saved file.
#[component]
fn Uses(file_name: String) -> impl IntoView {
    let texts = use_texts();
    let python = format!("model.load_state_dict(safetensors.torch.load_file(\"{file_name}\"))");
    let command = format!("tunelab predict --model {file_name} image.jpg");
    view! {
        <div class="notice good stack">
            <p>{move || texts.get().try_saved(&file_name)}</p>
            <p>{text(Texts::try_in_pytorch)} " " <code>{python}</code></p>
            <p>{text(Texts::try_on_command_line)} " " <code>{command}</code></p>
        </div>
    }
}
