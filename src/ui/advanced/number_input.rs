//! A number to be written, with what is wrong with it.

use leptos::prelude::*;

/// A field for a number. `write` gets its text: with every key where it is `live`, else once it is written;
/// the field then shows what the text became.
#[component]
pub fn NumberInput(
    id: String,
    label: &'static str,
    hint: &'static str,
    value: Signal<String>,
    /// What is wrong with the text.
    error: Signal<Option<String>>,
    live: bool,
    write: Callback<String>,
) -> impl IntoView {
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                type="text"
                inputmode="decimal"
                autocomplete="off"
                aria-describedby=format!("{hint_id} {error_id}")
                aria-invalid=move || error.with(|error| error.is_some().then_some("true"))
                prop:value=move || value.get()
                on:input:target=move |event| {
                    if live {
                        write.run(event.target().value());
                    }
                }
                on:change:target=move |event| {
                    if !live {
                        write.run(event.target().value());
                        event.target().set_value(&value.get_untracked());
                    }
                }
            />
            <p class="hint" id=hint_id>
                {hint}
            </p>
            <p class="train-error" id=error_id aria-live="polite">
                {move || error.get()}
            </p>
        </div>
    }
}
