//! The field of an option, made from its entry in the table.

use leptos::prelude::*;

use crate::language::text;
use crate::parts::{CheckField, NumberInput, SelectField};
use crate::state::State;
use crate::train::form::{applies, error, hint, label, value, value_label};
use tunelab_core::options::{Kind, TrainOption};
use tunelab_l10n::Texts;

/// The choice of one's own weights, beside the words of an option.
const CUSTOM: &str = "custom";

/// The id of an option's field on the page.
pub fn field_id(key: &str) -> String {
    format!("option-{key}")
}

/// The field of an option; nothing while the option has no effect.
#[component]
pub fn OptionField(option: &'static TrainOption) -> impl IntoView {
    let applies = applies(option);
    view! { <Show when=move || applies.get()>{field(option)}</Show> }
}

/// The labels of an option's values.
pub fn labeled(
    option: &'static TrainOption,
    values: &[&'static str],
) -> Vec<(String, Signal<String>)> {
    let label = |value: &'static str| text(move |texts: Texts| value_label(texts, option, value));
    values.iter().map(|value| ((*value).to_owned(), label(value))).collect()
}

fn field(option: &'static TrainOption) -> AnyView {
    let State { form, dataset, .. } = expect_context();
    let (id, value) = (field_id(option.key), value(option));
    let name = text(move |texts: Texts| label(texts, option));
    let choose = move |text: &str| {
        form.update(|form| form.choose(option, text, &dataset.get_untracked()));
    };
    match option.kind {
        Kind::Number | Kind::WholeNumber => view! { <TextField option id label=name /> }.into_any(),
        Kind::Switch => view! {
            <CheckField
                id
                label=name
                hint=hint(option)
                value=Signal::derive(move || value.with(|value| value == "true"))
                choose=Callback::new(move |on: bool| choose(if on { "true" } else { "false" }))
            />
        }
        .into_any(),
        Kind::Choice(values) => view! {
            <SelectField
                id
                label=name
                hint=hint(option)
                error=error(option)
                options=labeled(option, values)
                value
                choose=Callback::new(move |value: String| choose(&value))
            />
        }
        .into_any(),
        Kind::Weights(words) => view! { <WeightsField option words label=name /> }.into_any(),
    }
}

/// A choice written as text. An empty one is taken back.
#[component]
fn TextField(
    option: &'static TrainOption,
    id: String,
    label: Signal<String>,
    #[prop(optional, into)] hint_text: Option<Signal<String>>,
) -> impl IntoView {
    let form = expect_context::<State>().form;
    let write = move |text: String| form.update(|form| form.choices.set(option.key, text));
    let finish = move |text: String| {
        if text.trim().is_empty() {
            form.update(|form| {
                form.choices.remove(option.key);
            });
        }
    };
    view! {
        <NumberInput
            id
            label
            hint=hint_text.unwrap_or_else(|| hint(option).into())
            value=value(option)
            error=error(option)
            on_input=Callback::new(write)
            on_change=Callback::new(finish)
        />
    }
}

/// One of some words, or numbers.
#[component]
fn WeightsField(
    option: &'static TrainOption,
    words: &'static [&'static str],
    label: Signal<String>,
) -> impl IntoView {
    let State { form, dataset, .. } = expect_context();
    let value = value(option);
    let selected = Memo::new(move |_| {
        value.with(
            |value| if words.contains(&value.as_str()) { value.clone() } else { CUSTOM.into() },
        )
    });
    let choose = move |choice: String| {
        form.update(|form| {
            let dataset = dataset.get_untracked();
            if choice == CUSTOM {
                form.choices.set(option.key, dataset.equal_weights(option.key));
            } else {
                form.choose(option, &choice, &dataset);
            }
        });
    };
    let mut options = labeled(option, words);
    options.push((CUSTOM.into(), text(Texts::train_custom)));
    let id = field_id(option.key);
    let numbers_id = format!("{id}-numbers");
    let numbers_label = text(move |texts: Texts| texts.train_custom_values(&label.get()));
    view! {
        <SelectField
            id
            label
            hint=hint(option)
            options
            value=selected
            choose=Callback::new(choose)
        />
        <Show when=move || selected.with(|selected| selected == CUSTOM)>
            <TextField
                option
                id=numbers_id.clone()
                label=numbers_label
                hint_text=text(Texts::train_custom_hint)
            />
        </Show>
    }
}
