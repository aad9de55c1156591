//! Form fields: each with a label, a hint and, where its value can be invalid, an error.

use leptos::prelude::*;

/// A text field for a number. `on_input` gets the text at every key press, `on_change` when it is complete; the
/// field then shows what the text became.
#[component]
pub fn NumberInput(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] hint: Signal<String>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(optional)] on_input: Option<Callback<String>>,
    #[prop(optional)] on_change: Option<Callback<String>>,
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
                prop:value=value
                on:input:target=move |event| {
                    if let Some(on_input) = on_input {
                        on_input.run(event.target().value());
                    }
                }
                on:change:target=move |event| {
                    // Browsers also send this event when a field is removed while it has the focus. Its signals
                    // no longer exist then.
                    if let Some(on_change) = on_change
                        && on_change.try_run(event.target().value()).is_some()
                        && let Some(text) = value.try_get_untracked()
                    {
                        event.target().set_value(&text);
                    }
                }
            />
            <Hint id=hint_id hint />
            <FieldError id=error_id error />
        </div>
    }
}

/// A checkbox.
#[component]
pub fn CheckField(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] hint: Signal<String>,
    #[prop(into)] value: Signal<bool>,
    choose: Callback<bool>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    view! {
        <div class="field train-check">
            <label for=id.clone()>
                <input
                    id=id.clone()
                    type="checkbox"
                    aria-describedby=hint_id.clone()
                    prop:checked=value
                    on:change:target=move |event| choose.run(event.target().checked())
                />
                {label}
            </label>
            <Hint id=hint_id hint />
        </div>
    }
}

/// A choice of one of several keys, each with its label.
#[component]
pub fn SelectField(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] hint: Signal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    options: Vec<(String, Signal<String>)>,
    #[prop(into)] value: Signal<String>,
    choose: Callback<String>,
) -> impl IntoView {
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let option = move |(key, label): (String, Signal<String>)| {
        let selected = key.clone();
        view! {
            <option value=key prop:selected=move || value.with(|value| *value == selected)>
                {label}
            </option>
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select
                id=id
                aria-describedby=format!("{hint_id} {error_id}")
                aria-invalid=move || error.with(|error| error.is_some().then_some("true"))
                on:change:target=move |event| choose.run(event.target().value())
            >
                {options.into_iter().map(option).collect_view()}
            </select>
            <Hint id=hint_id hint />
            <FieldError id=error_id error />
        </div>
    }
}

/// One of several options that exclude each other, with a title and a sentence. Other ids are made of `id`.
#[component]
pub fn RadioCard(
    group: &'static str,
    #[prop(into)] id: String,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] text: Signal<String>,
    #[prop(into)] checked: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    choose: Callback<()>,
) -> impl IntoView {
    let text_id = format!("{id}-text");
    view! {
        <label class="choice">
            <input
                type="radio"
                name=group
                aria-labelledby=id.clone()
                aria-describedby=text_id.clone()
                disabled=disabled
                prop:checked=checked
                on:change=move |_| choose.run(())
            />
            <span class="train-choice-words">
                <strong id=id>{title}</strong>
                <span class="hint" id=text_id>
                    {text}
                </span>
            </span>
        </label>
    }
}

#[component]
fn Hint(id: String, hint: Signal<String>) -> impl IntoView {
    view! {
        <p class="hint" id=id>
            {hint}
        </p>
    }
}

#[component]
fn FieldError(id: String, error: Signal<Option<String>>) -> impl IntoView {
    view! {
        <p class="train-error" id=id aria-live="polite">
            {error}
        </p>
    }
}
