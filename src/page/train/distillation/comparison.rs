//! The compared models side by side: metrics with bars.

use leptos::prelude::*;

use crate::charts::BarTrack;
use crate::engine::Engine;
use crate::language::{text, use_texts};
use crate::state::{Job, State};
use tunelab_core::protocol::{Command, ComparisonResult};
use tunelab_core::train::distillation::ComparedModel;
use tunelab_l10n::Texts;

/// The models in the order of the columns.
const MODELS: [ComparedModel; 3] =
    [ComparedModel::Teacher, ComparedModel::Baseline, ComparedModel::Distilled];

fn name(model: ComparedModel) -> fn(Texts) -> &'static str {
    match model {
        ComparedModel::Teacher => Texts::distill_teacher,
        ComparedModel::Baseline => Texts::distill_without_teacher,
        ComparedModel::Distilled => Texts::distill_with_teacher,
    }
}

/// A row of the table: the label, a value as text, and its length as a bar.
struct Metric {
    /// The label, by whether all scores are accuracies.
    label: fn(bool, Texts) -> &'static str,
    value: fn(&ComparisonResult, Texts) -> String,
    length: fn(&ComparisonResult) -> f64,
}

const METRICS: [Metric; 3] = [
    Metric {
        label: |are_accuracies, texts| match are_accuracies {
            true => texts.run_accuracy_heading(),
            false => texts.run_score_heading(),
        },
        value: |result, texts| match result.is_accuracy {
            true => texts.percent(result.score),
            false => texts.decimal(result.score, 2),
        },
        length: |result| result.score.max(0.0),
    },
    Metric {
        label: |_, texts| texts.distill_file(),
        value: |result, texts| texts.file_size(result.bytes),
        length: |result| result.bytes as f64,
    },
    Metric {
        label: |_, texts| texts.distill_images_per_second(),
        value: |result, texts| texts.count(result.images_per_second.round() as u64),
        length: |result| result.images_per_second,
    },
];

/// A table of all models that were measured.
#[component]
pub fn Comparison() -> impl IntoView {
    let log = expect_context::<State>().distillation.log;
    let results = Memo::new(move |_| {
        log.with(|log| {
            MODELS.into_iter().filter_map(|model| log.result(model).cloned()).collect::<Vec<_>>()
        })
    });
    let heads = move || {
        let head = |result: ComparisonResult| {
            view! { <th scope="col">{text(name(result.model))}</th> }
        };
        results.get().into_iter().map(head).collect_view()
    };
    let rows = move || {
        let results = results.get();
        METRICS.map(|metric| row(&results, metric)).into_iter().collect_view()
    };
    let buttons = move || {
        let button = |result: ComparisonResult| {
            view! { <td><TryButton model=result.model /></td> }
        };
        results.get().into_iter().map(button).collect_view()
    };
    view! {
        <Show when=move || results.with(|results| !results.is_empty())>
            <table class="distill-table">
                <caption class="visually-hidden">{text(Texts::distill_comparison)}</caption>
                <thead>
                    <tr>
                        <td></td>
                        {heads}
                    </tr>
                </thead>
                <tbody>
                    {rows} <tr>
                        <th scope="row">{text(Texts::distill_in_step_4)}</th>
                        {buttons}
                    </tr>
                </tbody>
            </table>
        </Show>
    }
}

fn row(results: &[ComparisonResult], Metric { label, value, length }: Metric) -> AnyView {
    let texts = use_texts();
    let are_accuracies = results.iter().all(|result| result.is_accuracy);
    let longest = results.iter().map(length).fold(f64::MIN_POSITIVE, f64::max);
    let cell = |result: &ComparisonResult| {
        let share = length(result) / longest;
        let result = result.clone();
        view! {
            <td>
                {move || value(&result, texts.get())} <BarTrack share=Signal::stored(share) />
            </td>
        }
    };
    view! {
        <tr>
            <th scope="row">{move || label(are_accuracies, texts.get())}</th>
            {results.iter().map(cell).collect_view()}
        </tr>
    }
    .into_any()
}

/// Loads one of the models in step 4.
#[component]
fn TryButton(model: ComparedModel) -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let texts = use_texts();
    let is_loaded = move || state.distillation.tried.get() == Some(model);
    let is_disabled = move || is_loaded() || !state.is_idle.get();
    let description = move || {
        let name = name(model)(texts.get());
        match is_loaded() {
            true => texts.get().distill_in_use_named(name),
            false => texts.get().distill_use_named(name),
        }
    };
    view! {
        <button
            type="button"
            class="button"
            aria-label=description
            aria-disabled=move || is_disabled().then_some("true")
            on:click=move |_| {
                if !untrack(is_disabled) {
                    let command = Command::UseComparedModel { model };
                    state.distillation.requested.set(model);
                    state.begin(engine, Job::LoadComparedModel, command, &[]);
                }
            }
        >
            {move || match is_loaded() {
                true => texts.get().model_in_use(),
                false => texts.get().distill_use(),
            }}
        </button>
    }
}
