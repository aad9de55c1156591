//! The fields of the search form: the method, and the range of each option.

use leptos::prelude::*;

use crate::language::{text, use_texts};
use crate::parts::{NumberInput, SelectField};
use crate::train::form::{label, value_label};
use crate::train::search::context::SearchContext;
use tunelab_core::options::{Group, SearchRange, TrainOption};
use tunelab_core::search::space::is_factor;
use tunelab_l10n::{Localize, Texts};
use tunelab_presentation::train::search::form::{Field, MethodKind, searched_options, values_of};
use tunelab_presentation::train::search::status::runs_done;

/// The method, the options, and the time that the search takes.
#[component]
pub fn SearchFields() -> impl IntoView {
    view! {
        <MethodFields />
        {searched(true).collect_view()}
        <details class="search-more">
            <summary>{text(Texts::search_more_options)}</summary>
            <div class="stack search-more-body">{searched(false).collect_view()}</div>
        </details>
        <Estimate />
    }
}

/// The fields of the options, either those in plain sight or the others.
fn searched(basic: bool) -> impl Iterator<Item = AnyView> {
    let options = searched_options();
    options.filter(move |(option, _)| (option.group == Group::Basic) == basic).map(
        |(option, range)| match range {
            SearchRange::Values(_) => view! { <Values option /> }.into_any(),
            SearchRange::Log { .. } | SearchRange::LogFactor { .. } => {
                view! { <Bounds option /> }.into_any()
            }
        },
    )
}

#[component]
fn MethodFields() -> impl IntoView {
    let (form, texts) = (expect_context::<SearchContext>().form, use_texts());
    let method = Memo::new(move |_| form.with(|form| form.method));
    let is_grid = Memo::new(move |_| method.get() == MethodKind::Grid);
    let option =
        |method: MethodKind| (key(method).to_owned(), text(move |texts| name(texts, method)));
    let choose = Callback::new(move |chosen: String| {
        let chosen = MethodKind::ALL.into_iter().find(|method| key(*method) == chosen);
        form.update(|form| form.method = chosen.unwrap_or_default());
    });
    view! {
        <div class="train-fields">
            <SelectField
                id="search-method"
                label=text(Texts::search_method)
                hint=Signal::derive(move || about(texts.get(), method.get()).to_owned())
                options=MethodKind::ALL.map(option).to_vec()
                value=Signal::derive(move || key(method.get()).to_owned())
                choose
            />
            <Show
                when=move || is_grid.get()
                fallback=|| {
                    view! {
                        <Number
                            field=Field::Trials
                            label=text(Texts::search_trials)
                            hint=text(Texts::search_trials_help)
                        />
                    }
                }
            >
                <Number
                    field=Field::Points
                    label=text(Texts::search_points)
                    hint=text(Texts::search_points_help)
                />
            </Show>
            <Number
                field=Field::Epochs
                label=text(Texts::search_epochs)
                hint=text(Texts::search_epochs_help)
            />
        </div>
    }
}

fn key(method: MethodKind) -> &'static str {
    match method {
        MethodKind::Halving => "halving",
        MethodKind::Random => "random",
        MethodKind::Grid => "grid",
    }
}

fn name(texts: Texts, method: MethodKind) -> &'static str {
    match method {
        MethodKind::Halving => texts.search_halving(),
        MethodKind::Random => texts.search_random(),
        MethodKind::Grid => texts.search_grid(),
    }
}

fn about(texts: Texts, method: MethodKind) -> &'static str {
    match method {
        MethodKind::Halving => texts.search_halving_about(),
        MethodKind::Random => texts.search_random_about(),
        MethodKind::Grid => texts.search_grid_about(),
    }
}

/// A checkbox for each value of an option.
#[component]
fn Values(option: &'static TrainOption) -> impl IntoView {
    let form = expect_context::<SearchContext>().form;
    let checkbox = move |value: &'static str| {
        view! {
            <label class="search-check">
                <input
                    type="checkbox"
                    prop:checked=move || form.with(|form| form.is_selected(option, value))
                    on:change:target=move |event| {
                        let selected = event.target().checked();
                        form.update(|form| form.select(option, value, selected));
                    }
                />
                {text(move |texts: Texts| value_label(texts, option, value))}
            </label>
        }
    };
    view! {
        <fieldset class="train-group" data-option=option.key>
            <legend>{text(move |texts: Texts| label(texts, option))}</legend>
            <div class="search-checks">
                {values_of(option).into_iter().map(checkbox).collect_view()}
            </div>
        </fieldset>
    }
}

/// The bounds of a number.
#[component]
fn Bounds(option: &'static TrainOption) -> impl IntoView {
    let hint = move || {
        text(move |texts: Texts| match is_factor(option.key) {
            true => texts.search_factor_help(),
            false => texts.search_bounds_help(),
        })
    };
    let name = move |message: fn(Texts, &str) -> String| {
        text(move |texts: Texts| message(texts, &label(texts, option)))
    };
    view! {
        <div class="train-fields">
            <Number field=Field::Low(option.key) label=name(Texts::search_lowest) hint=hint() />
            <Number field=Field::High(option.key) label=name(Texts::search_highest) hint=hint() />
        </div>
    }
}

#[component]
fn Number(field: Field, label: Signal<String>, hint: Signal<String>) -> impl IntoView {
    let SearchContext { form, default_epochs, planned, .. } = expect_context();
    let texts = use_texts();
    let value = Memo::new(move |_| form.with(|form| form.text(field, default_epochs.get())));
    let error = Memo::new(move |_| {
        planned.with(|planned| {
            let error = planned.as_ref().err().filter(|error| error.field() == Some(field))?;
            Some(error.localize(texts.get()))
        })
    });
    // Once it is complete, since the whole search follows from it; an empty field shows the default again.
    let write = move |text| form.update(|form| form.write(field, text));
    let id = match field {
        Field::Trials => "search-trials".to_owned(),
        Field::Points => "search-points".to_owned(),
        Field::Epochs => "search-epochs".to_owned(),
        Field::Low(key) => format!("search-{key}-lowest"),
        Field::High(key) => format!("search-{key}-highest"),
    };
    view! { <NumberInput id label hint value error on_change=Callback::new(write) /> }
}

/// How many runs the search has, and how long it takes.
#[component]
fn Estimate() -> impl IntoView {
    let (context, texts) = (expect_context::<SearchContext>(), use_texts());
    let words = move || {
        let (_, runs) = context.planned.with(|planned| planned.as_ref().ok().map(runs_done))?;
        Some(match context.estimate() {
            Some(seconds) => texts.get().search_runs_and_time(runs, &texts.get().about(seconds)),
            None => texts.get().search_runs_time_unknown(runs),
        })
    };
    let is_known = Memo::new(move |_| {
        context.planned.with(Result::is_ok) && context.state.dataset.get().context.images > 0
    });
    view! {
        <Show when=move || is_known.get()>
            <p class="train-estimate">
                <span class="train-estimate-label">{text(Texts::train_time)}</span>
                <span data-testid="search-estimate">{words}</span>
            </p>
        </Show>
    }
}
