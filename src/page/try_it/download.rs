//! The trained network as a file.

use leptos::prelude::*;

use crate::parts::save;
use crate::state::{State, send};
use tunelab_core::protocol::{Command, Subject};

/// The button that saves the network, and what the file is good for.
#[component]
pub fn Download() -> impl IntoView {
    let state = expect_context::<State>();
    let half = RwSignal::new(false);
    let asked = RwSignal::new(false);
    let saved = RwSignal::new(None::<String>);
    Effect::new(move || {
        if let Some((file_name, buffer)) = state.exported.get() {
            asked.set(false);
            // Handed on; a file of some ten megabytes is not kept twice.
            state.exported.set(None);
            if save(&file_name, &buffer).is_ok() {
                saved.set(Some(file_name));
            }
        }
    });
    Effect::new(move || {
        let about = state.problem.with(|problem| problem.as_ref().map(|problem| problem.about));
        if about == Some(Subject::Try) {
            asked.set(false);
        }
    });
    let download = move |_| {
        if !asked.get_untracked() {
            asked.set(true);
            state.forget_problem(Subject::Try);
            send(Command::Export { half_precision: half.get_untracked() });
        }
    };
    view! {
        <section class="try-part try-download" aria-labelledby="try-download-title">
            <h3 id="try-download-title">"Take it with you"</h3>
            <div class="row wrap">
                <button
                    type="button"
                    class="button"
                    aria-disabled=move || asked.get().then_some("true")
                    on:click=download
                >
                    "Download the model"
                </button>
                <label class="try-half">
                    <input
                        type="checkbox"
                        prop:checked=move || half.get()
                        on:change:target=move |event| half.set(event.target().checked())
                    />
                    "Smaller file (half precision)"
                </label>
                <span class="hint">{move || asked.get().then_some("Writing the file")}</span>
            </div>
            <div role="status">
                {move || {
                    saved.get().map(|file_name| view! { <Uses file_name /> })
                }}
            </div>
        </section>
    }
}

/// What the saved file is good for.
#[component]
fn Uses(file_name: String) -> impl IntoView {
    let python = format!("model.load_state_dict(safetensors.torch.load_file(\"{file_name}\"))");
    let command = format!("tunelab predict --model {file_name} picture.jpg");
    view! {
        <div class="notice good stack">
            <p>"Saved as " <strong>{file_name}</strong> ". It opens here again (step Model), and elsewhere:"</p>
            <p>"In PyTorch, with model = torchvision.models.resnet18(num_classes=…) or whichever it is: " <code>{python}</code></p>
            <p>"On the command line: " <code>{command}</code></p>
        </div>
    }
}
