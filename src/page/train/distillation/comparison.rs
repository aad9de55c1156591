//! Those that were compared, side by side: figures with bars.

use leptos::prelude::*;

use crate::engine::Engine;
use crate::state::{Job, State};
use tunelab_core::protocol::Command;
use tunelab_core::protocol::ContestantResult;
use tunelab_core::train::distillation::Contestant;
use tunelab_presentation::model::facts::file_size;
use tunelab_presentation::plot::format::{count, percent};

const ALL: [Contestant; 3] = [Contestant::Teacher, Contestant::Alone, Contestant::Taught];

/// What one of them is called.
fn name(contestant: Contestant) -> &'static str {
    match contestant {
        Contestant::Teacher => "The large one",
        Contestant::Alone => "Small, alone",
        Contestant::Taught => "Small, taught",
    }
}

/// The figure of pictures that are only sorted; of others it is a score.
const RIGHT: &str = "Right";

/// How a figure is told, and its length as a bar.
type Figure = (&'static str, fn(&ContestantResult) -> String, fn(&ContestantResult) -> f64);

const FIGURES: [Figure; 3] = [
    (
        RIGHT,
        |line| match line.is_accuracy {
            true => percent(line.score),
            false => format!("{:.2}", line.score),
        },
        |line| line.score.max(0.0),
    ),
    ("File", |line| file_size(line.bytes), |line| line.bytes as f64),
    (
        "Pictures a second",
        |line| count(line.images_per_second.round() as usize),
        |line| line.images_per_second,
    ),
];

/// A table of all that were measured.
#[component]
pub fn Comparison() -> impl IntoView {
    let log = expect_context::<State>().distillation.log;
    // In the order of the columns.
    let lines = Memo::new(move |_| {
        log.with(|log| {
            ALL.into_iter().filter_map(|one| log.result(one).cloned()).collect::<Vec<_>>()
        })
    });
    let heads = move || {
        let head = |line: ContestantResult| view! { <th scope="col">{name(line.contestant)}</th> };
        lines.get().into_iter().map(head).collect_view()
    };
    let rows = move || {
        let lines = lines.get();
        FIGURES.map(|figure| row(&lines, figure)).into_iter().collect_view()
    };
    let buttons = move || {
        let button = |line: ContestantResult| view! { <td><Try it=line.contestant /></td> };
        lines.get().into_iter().map(button).collect_view()
    };
    view! {
        <Show when=move || lines.with(|lines| !lines.is_empty())>
            <table class="distill-table">
                <caption class="visually-hidden">
                    "The networks side by side, on the validation pictures"
                </caption>
                <thead>
                    <tr>
                        <td></td>
                        {heads}
                    </tr>
                </thead>
                <tbody>
                    {rows} <tr>
                        <th scope="row">"Step 4"</th>
                        {buttons}
                    </tr>
                </tbody>
            </table>
        </Show>
    }
}

fn row(lines: &[ContestantResult], (title, words, length): Figure) -> AnyView {
    let sorts = lines.iter().all(|line| line.is_accuracy);
    let title = if title == RIGHT && !sorts { "Score" } else { title };
    let longest = lines.iter().map(length).fold(f64::MIN_POSITIVE, f64::max);
    let cell = |line: &ContestantResult| {
        let width = format!("{:.1}%", 100.0 * length(line) / longest);
        view! {
            <td>
                {words(line)} <span class="try-bar-track" aria-hidden="true">
                    <span class="try-bar-fill" style:width=width></span>
                </span>
            </td>
        }
    };
    view! {
        <tr>
            <th scope="row">{title}</th>
            {lines.iter().map(cell).collect_view()}
        </tr>
    }
    .into_any()
}

/// Puts one in the place of the network that is tried.
#[component]
fn Try(it: Contestant) -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let is_tried = move || state.distillation.tried.get() == Some(it);
    let rests = move || is_tried() || !state.is_idle.get();
    let label = move || {
        let what = if is_tried() { "Is tried" } else { "Try this one" };
        format!("{what}: {}", name(it))
    };
    view! {
        <button
            type="button"
            class="button"
            aria-label=label
            aria-disabled=move || rests().then_some("true")
            on:click=move |_| {
                if !untrack(rests) {
                    let command = Command::TryContestant { contestant: it };
                    state.distillation.wanted.set(it);
                    state.begin(engine, Job::TryContestant, command, &[]);
                }
            }
        >
            {move || if is_tried() { "Is tried" } else { "Try this one" }}
        </button>
    }
}
