//! Fields: each with its label, a line that explains it, and what is wrong with it.

use leptos::prelude::*;

/// A number to be written, with what is wrong with it. `on_input` gets its text with every key, `on_change`
/// once it is written; the field then shows what the text became.
#[component]
pub fn NumberInput(
    id: String,
    label: &'static str,
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
                prop:value=move || value.get()
                on:input:target=move |event| {
                    if let Some(on_input) = on_input {
                        on_input.run(event.target().value());
                    }
                }
                on:change:target=move |event| {
                    // A browser also tells of a change where a field is removed while it is being written in: its
                    // signals are gone then.
                    if let Some(on_change) = on_change
                        && on_change.try_run(event.target().value()).is_some()
                        && let Some(text) = value.try_get_untracked()
                    {
                        event.target().set_value(&text);
                    }
                }
            />
            <p class="hint" id=hint_id>
                {move || hint.get()}
            </p>
            <p class="train-error" id=error_id aria-live="polite">
                {move || error.get()}
            </p>
        </div>
    }
}

/// Yes or no.
#[component]
pub fn CheckField(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    #[prop(into)] value: Signal<bool>,
    choose: Callback<bool>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    view! {
        <div class="field train-check">
            <label for=id>
                <input
                    id=id
                    type="checkbox"
                    aria-describedby=hint_id.clone()
                    prop:checked=move || value.get()
                    on:change:target=move |event| choose.run(event.target().checked())
                />
                {label}
            </label>
            <p class="hint" id=hint_id>
                {hint}
            </p>
        </div>
    }
}

/// A choice among a few.
#[component]
pub fn SelectField<T>(
    id: &'static str,
    label: &'static str,
    #[prop(into)] hint: Signal<String>,
    /// Each with its name.
    options: Vec<(String, T)>,
    value: Signal<T>,
    choose: Callback<T>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let hint_id = format!("{id}-hint");
    let (names, values): (Vec<String>, Vec<T>) = options.into_iter().unzip();
    let choices = values.clone();
    let selected = Memo::new(move |_| {
        let value = value.get();
        choices.iter().position(|choice| *choice == value)
    });
    let options = names.into_iter().enumerate().map(|(index, name)| {
        view! {
            <option
                value=option_value(&name, index)
                prop:selected=move || selected.get() == Some(index)
            >
                {name.clone()}
            </option>
        }
    });
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select
                id=id
                aria-describedby=hint_id.clone()
                on:change:target=move |event| {
                    // None is -1.
                    let index = usize::try_from(event.target().selected_index()).ok();
                    if let Some(value) = index.and_then(|index| values.get(index)) {
                        choose.run(*value);
                    }
                }
            >
                {options.collect_view()}
            </select>
            <p class="hint" id=hint_id>
                {move || hint.get()}
            </p>
        </div>
    }
}

/// Numbers are their own values, such as `64` of `64 px`; other options are counted.
fn option_value(name: &str, index: usize) -> String {
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    if digits.is_empty() { index.to_string() } else { digits }
}

/// One of several choices that exclude each other, with a title and a few words. The ids are made of `id`.
#[component]
pub fn RadioCard(
    group: &'static str,
    id: String,
    title: &'static str,
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
                disabled=move || disabled.get()
                prop:checked=move || checked.get()
                on:change=move |_| choose.run(())
            />
            <span class="train-choice-words">
                <strong id=id>{title}</strong>
                <span class="hint" id=text_id>
                    {move || text.get()}
                </span>
            </span>
        </label>
    }
}
