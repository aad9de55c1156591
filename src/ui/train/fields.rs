//! Fields of the form: each with its label, a line that explains it, and what is wrong with it.

use leptos::prelude::*;

use super::form::number::Number;
use super::sheet::Sheet;
use crate::ui::parts::Show;

/// A number. Not there while it plays no part.
#[component]
pub fn NumberField(
    number: Number,
    label: &'static str,
    /// What it does, in a line.
    hint: &'static str,
) -> impl IntoView {
    let sheet = expect_context::<Sheet>();
    let is_there = Memo::new(move |_| {
        sheet.form.with(|form| sheet.task.with(|task| form.shows(number, task)))
            && sheet.draft.with(|draft| number.read(&draft.request).is_some())
    });
    view! {
        <Show when=move || is_there.get()>
            <NumberInput number label hint />
        </Show>
    }
}

/// The id of a number's field on the page.
pub fn field_id(number: Number) -> String {
    format!("train-number-{}", number as u8)
}

#[component]
fn NumberInput(number: Number, label: &'static str, hint: &'static str) -> impl IntoView {
    let sheet = expect_context::<Sheet>();
    let id = field_id(number);
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described_by = format!("{hint_id} {error_id}");
    let written = move || sheet.form.with(|form| form.numbers.get(&number).cloned());
    let value = Memo::new(move |_| {
        written()
            .or_else(|| sheet.draft.with(|draft| number.read(&draft.request)))
            .unwrap_or_default()
    });
    let error = Memo::new(move |_| sheet.draft.with(|draft| draft.errors.get(&number).cloned()));
    let recommended = Memo::new(move |_| {
        written()?;
        let mut form = sheet.form.get();
        form.numbers.remove(&number);
        let text = number.read(&form.draft(&sheet.task.get()).request)?;
        (text != value.get()).then_some(text)
    });
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                type="text"
                inputmode="decimal"
                autocomplete="off"
                aria-describedby=described_by
                aria-invalid=move || error.with(|error| error.is_some().then_some("true"))
                prop:value=move || value.get()
                on:input:target=move |event| {
                    let text = event.target().value();
                    sheet.form.update(|form| {
                        form.numbers.insert(number, text);
                    });
                }
                on:change:target=move |event| {
                    // Emptied: back to the recommendation.
                    if event.target().value().trim().is_empty() {
                        sheet.form.update(|form| {
                            form.numbers.remove(&number);
                        });
                    }
                }
            />
            <p class="hint" id=hint_id>
                {hint}
                {move || recommended.get().map(|text| format!(" Recommended: {text}."))}
            </p>
            <p class="train-error" id=error_id aria-live="polite">
                {move || error.get()}
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
    let (names, values): (Vec<String>, Vec<T>) = options.into_iter().unzip();
    let choices = values.clone();
    let selected = Memo::new(move |_| {
        let value = value.get();
        choices.iter().position(|choice| *choice == value)
    });
    let choose = Callback::new(move |index: usize| {
        if let Some(value) = values.get(index) {
            choose.run(*value);
        }
    });
    view! { <Select id label hint names selected choose /> }
}

/// A choice by its number. All fields share it, whatever they choose among.
#[component]
fn Select(
    id: &'static str,
    label: &'static str,
    hint: Signal<String>,
    names: Vec<String>,
    selected: Memo<Option<usize>>,
    choose: Callback<usize>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
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
                    if let Ok(index) = usize::try_from(event.target().selected_index()) {
                        choose.run(index);
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
