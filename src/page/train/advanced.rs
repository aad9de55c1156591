//! The advanced options: every option of the table, in groups.

use leptos::prelude::*;

use crate::language::text;
use crate::parts::CollapsiblePanel;
use crate::parts::SelectField;
use crate::parts::leave;
use crate::state::State;
use crate::train::device::ThreadChoice;
use crate::train::form::{applies, error, hint, label};
use crate::train::option_field::{OptionField, field_id, labeled};
use crate::train::rate_finder::RateFinder;
use tunelab_core::options::values::Strategy;
use tunelab_core::options::{AUTO, Group, Kind, OPTIONS, TrainOption};
use tunelab_l10n::Texts;

/// The options, folded away, and a button that resets them.
#[component]
pub fn AdvancedOptions() -> impl IntoView {
    let form = expect_context::<State>().form;
    let customized = Memo::new(move |_| form.with(|form| form.is_customized()));
    let title = move || {
        view! {
            {text(Texts::train_advanced)}
            <Show when=move || customized.get()>
                <span class="badge">{text(Texts::train_customized)}</span>
            </Show>
        }
    };
    view! {
        <CollapsiblePanel id="train-advanced" title>
            <p class="hint">{text(Texts::train_advanced_hint)}</p>
            <fieldset class="train-group">
                <legend>{text(|texts: Texts| Group::Basic.label(texts))}</legend>
                <div class="train-fields">
                    <StrategyField />
                </div>
            </fieldset>
            {Group::ALL
                .into_iter()
                .filter(|group| *group != Group::Basic)
                .map(|group| view! { <GroupFields group /> })
                .collect_view()} <ThreadChoice />
        </CollapsiblePanel>
        <Show when=move || customized.get()>
            <p>
                <button
                    type="button"
                    class="button quiet"
                    on:click=move |event| {
                        leave(&event);
                        form.update(|form| form.reset());
                    }
                >
                    {text(Texts::train_reset)}
                </button>
            </p>
        </Show>
    }
}

/// All strategies, also those without a card.
#[component]
fn StrategyField() -> impl IntoView {
    let form = expect_context::<State>().form;
    let chosen = Memo::new(move |_| {
        form.with(|form| form.choices.get("strategy").unwrap_or(AUTO).to_owned())
    });
    TrainOption::find("strategy").map(|option| {
        let keys: Vec<&'static str> =
            [AUTO].into_iter().chain(Strategy::ALL.iter().map(|one| one.key())).collect();
        view! {
            <SelectField
                id=field_id(option.key)
                label=text(move |texts: Texts| label(texts, option))
                hint=hint(option)
                error=error(option)
                options=labeled(option, &keys)
                value=chosen
                choose=Callback::new(move |key: String| {
                    form.update(|form| form.choices.set("strategy", key));
                })
            />
        }
    })
}

/// The options of a group that have an effect; nothing if none has.
#[component]
fn GroupFields(group: Group) -> impl IntoView {
    let options = move || OPTIONS.iter().filter(move |option| option.group == group);
    let State { draft, dataset, .. } = expect_context();
    let has_fields = Memo::new(move |_| {
        let context = dataset.get().context;
        draft.with(|draft| options().any(|option| option.applies(&draft.config, &context)))
    });
    view! {
        <Show when=move || has_fields.get()>
            <fieldset class="train-group">
                <legend>{text(move |texts: Texts| group.label(texts))}</legend>
                <div class="train-fields">{options().map(with_tool).collect_view()}</div>
            </fieldset>
        </Show>
    }
}

/// A field, and what helps to fill it in.
fn with_tool(option: &'static TrainOption) -> AnyView {
    let applies = applies(option);
    let has_finder = option.key == "learning_rate" && option.kind == Kind::Number;
    view! {
        <OptionField option />
        {has_finder.then(|| view! { <Show when=move || applies.get()><RateFinder /></Show> })}
    }
    .into_any()
}
