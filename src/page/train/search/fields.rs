//! The fields for how to search.

use leptos::prelude::*;

use crate::parts::fields::{NumberInput, SelectField};
use crate::train::options::named;
use crate::train::search::context::SearchContext;
use tunelab_core::search::space::AugmentationLevel;
use tunelab_core::train::recipe::Recipe;
use tunelab_presentation::plot::format::counted;
use tunelab_presentation::train::recipe_names;
use tunelab_presentation::train::search::choices::{
    Choices, Field, LEVELS, MethodKind, WAYS, choose,
};
use tunelab_presentation::train::search::words::{level_name, runs_done};

/// Ways that are in plain sight.
const USUAL: usize = 4;

/// How to search, and how long that takes.
#[component]
pub fn ChoiceFields() -> impl IntoView {
    let context = expect_context::<SearchContext>();
    let choices = context.choices;
    let method = Signal::derive(move || choices.with(|choices| choices.method));
    let hint = Signal::derive(move || {
        match method.get() {
        MethodKind::Halving => {
            "Bad settings show early. The best third of the short runs is tried three times as long, and so on."
        }
        MethodKind::Random => "Thorough and slow: no run is cut short.",
        MethodKind::Grid => "The most runs by far. Take it for few ways only.",
    }
    .to_string()
    });
    let is_grid = Memo::new(move |_| method.get() == MethodKind::Grid);
    view! {
        <div class="train-fields">
            <SelectField
                id="search-method"
                label="How to search"
                hint
                options=named(MethodKind::ALL, MethodKind::name)
                value=method
                choose=Callback::new(move |method| {
                    choices.update(|choices| choices.method = method);
                })
            />
            <Show
                when=move || is_grid.get()
                fallback=|| {
                    view! {
                        {number(Field::Tries, "How many to try", "Different settings, by chance. More find better ones, and take longer.")}
                    }
                }
            >
                {number(Field::Points, "Values of each number", "So many learning rates, and so many weight decays, evenly spread.")}
            </Show>
            {number(Field::Epochs, "Epochs of a full run", "As many as a run of the whole network has; training only the last layer gets more, in proportion.")}
        </div>
        <fieldset class="train-group">
            <legend>"Ways to try"</legend>
            <div class="search-checks">{WAYS[..USUAL].iter().map(way_box).collect_view()}</div>
        </fieldset>
        <details class="search-more">
            <summary>"More: other ways, learning rates, weight decay, variation"</summary>
            <div class="stack search-more-body">
                <fieldset class="train-group">
                    <legend>"Other ways to try"</legend>
                    <div class="search-checks">{WAYS[USUAL..].iter().map(way_box).collect_view()}</div>
                </fieldset>
                <fieldset class="train-group">
                    <legend>"How to vary the pictures"</legend>
                    <div class="search-checks">{LEVELS.map(level_box).collect_view()}</div>
                </fieldset>
                <div class="train-fields">
                    {number(Field::RateLow, "Lowest learning rate", "Times the rate that is recommended for the way.")}
                    {number(Field::RateHigh, "Highest learning rate", "Times the rate that is recommended for the way.")}
                    {number(Field::DecayLow, "Lowest weight decay", "Pulls the weights towards 0, against learning by heart.")}
                    {number(Field::DecayHigh, "Highest weight decay", "Large ones keep the network from learning.")}
                </div>
            </div>
        </details>
        <Estimate />
    }
}

fn way_box(way: &Recipe) -> AnyView {
    let way = *way;
    let chosen = move |choices: &Choices| choices.ways.contains(&way);
    check_box(recipe_names::name(way), chosen, move |choices, taken| {
        choose(&mut choices.ways, &WAYS, way, taken);
    })
}

fn level_box(level: AugmentationLevel) -> AnyView {
    let chosen = move |choices: &Choices| choices.levels.contains(&level);
    check_box(level_name(level), chosen, move |choices, taken| {
        choose(&mut choices.levels, &LEVELS, level, taken);
    })
}

/// Whether something is among what is tried.
fn check_box(
    name: &'static str,
    chosen: impl Fn(&Choices) -> bool + Send + 'static,
    choose: impl Fn(&mut Choices, bool) + 'static,
) -> AnyView {
    let choices = expect_context::<SearchContext>().choices;
    view! {
        <label class="search-check">
            <input
                type="checkbox"
                prop:checked=move || choices.with(&chosen)
                on:change:target=move |event| {
                    let taken = event.target().checked();
                    choices.update(|choices| choose(choices, taken));
                }
            />
            {name}
        </label>
    }
    .into_any()
}

fn number(field: Field, label: &'static str, hint: &'static str) -> AnyView {
    let context = expect_context::<SearchContext>();
    let value = Signal::derive(move || {
        let epochs = context.usual_epochs.get();
        context.choices.with(|choices| choices.text(field, epochs))
    });
    let error = Memo::new(move |_| {
        context.planned.with(|planned| {
            let wrong = planned.as_ref().err().filter(|wrong| wrong.field == Some(field))?;
            Some(wrong.message.clone())
        })
    });
    let write = move |text| context.choices.update(|choices| choices.write(field, text));
    view! {
        // Once it is written, as it is one number that the search follows from; emptied, it shows the
        // recommendation again.
        <NumberInput
            id=format!("search-{field:?}").to_ascii_lowercase()
            label
            hint
            value
            error
            on_change=Callback::new(write)
        />
    }
    .into_any()
}

/// How many runs the search would have, and how long it would take.
#[component]
fn Estimate() -> impl IntoView {
    let context = expect_context::<SearchContext>();
    let runs = move || {
        let runs = context.planned.with(|planned| planned.as_ref().ok().map(runs_done));
        runs.map(|(_, all)| format!("about {}, ", counted(all, "run", "runs")))
    };
    let is_known = Memo::new(move |_| {
        context.planned.with(Result::is_ok)
            && context.state.collection.with(|all| all.pictures() > 0)
    });
    view! {
        <Show when=move || is_known.get()>
            <p class="train-estimate">
                <span class="train-estimate-label">"Time the search takes"</span>
                <span data-testid="search-estimate">{runs} {move || context.estimate()}</span>
            </p>
        </Show>
    }
}
