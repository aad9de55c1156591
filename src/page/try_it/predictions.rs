//! The predictions for the image that was tried last.

use leptos::prelude::*;

use crate::charts::{Bar, Bars};
use crate::language::{text, use_texts};
use crate::state::State;
use crate::try_it::predictor::Predictor;
use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::metrics::prediction::Prediction;
use tunelab_l10n::Texts;
use tunelab_presentation::results::reports::{prediction_summary, typical_error};
use tunelab_presentation::try_it::{RankedClass, by_probability};

/// Classes or labels shown before the user asks for all.
const FIRST: usize = 5;
/// Predictions that follow each other within this time, in ms, are the camera's and are not announced.
const CAMERA_INTERVAL_MS: f64 = 1500.0;

/// The probabilities of all classes, for a model that only classifies.
#[component]
pub fn ClassProbabilities() -> impl IntoView {
    let (state, predictor) = (expect_context::<State>(), expect_context::<Predictor>());
    let texts = use_texts();
    let classes = Memo::new(move |_| {
        state.outcome.with(|outcome| {
            outcome.as_ref().map(|outcome| outcome.classes().to_vec()).unwrap_or_default()
        })
    });
    let bars = Memo::new(move |_| {
        let Some(prediction) = predictor.prediction() else { return Vec::new() };
        classes.with(|classes| bars(classes, prediction.probabilities(), texts.get()))
    });
    let top = move || {
        bars.with(|bars: &Vec<Bar>| {
            let top = bars.first()?;
            Some(texts.get().try_top_class(&top.name, &top.value))
        })
    };
    let time = move || {
        let seconds = predictor.prediction()?.seconds;
        Some(texts.get().try_time(&texts.get().measured(seconds)))
    };
    let placeholder = move || match predictor.is_pending() {
        true => texts.get().try_predicting(),
        false => texts.get().try_predictions_here(),
    };
    view! {
        <section class="try-answer" aria-label=text(Texts::try_probabilities)>
            // A single image is announced; the camera's frames are not.
            <p
                class="try-top"
                aria-live=move || if predictor.image.with(Option::is_some) { "polite" } else { "off" }
            >
                <strong data-testid="prediction">{top}</strong>
                " "
                <span class="hint">{time}</span>
            </p>
            <Show
                when=move || bars.with(|bars| !bars.is_empty())
                fallback=move || view! { <p class="hint">{placeholder}</p> }
            >
                <Bars bars first=FIRST />
            </Show>
        </section>
    }
}

/// A prediction for each task of a model with labels, numbers or several tasks.
#[component]
pub fn TaskPredictions() -> impl IntoView {
    let (state, predictor) = (expect_context::<State>(), expect_context::<Predictor>());
    let tasks = Memo::new(move |_| {
        state.outcome.with(|outcome| {
            outcome.as_ref().map(|outcome| outcome.tasks.clone()).unwrap_or_default()
        })
    });
    // The last predictions stay while the next ones are pending.
    let predictions = Memo::new(move |before: Option<&Option<Vec<Prediction>>>| {
        let now = state.prediction.with(|one| one.as_ref().map(|one| one.answers.clone()));
        now.or_else(|| before.cloned().flatten().filter(|_| predictor.is_pending()))
    });
    let latest = StoredValue::new(f64::NEG_INFINITY);
    let is_camera = Memo::new(move |_| {
        predictions.track();
        let now = js_sys::Date::now();
        let before = latest.get_value();
        latest.set_value(now);
        now - before < CAMERA_INTERVAL_MS
    });
    let has_predictions = Memo::new(move |_| predictions.with(Option::is_some));
    let sections = move || {
        let section = |(index, task): (usize, Task)| {
            view! { <TaskPrediction index task predictions /> }
        };
        tasks.get().into_iter().enumerate().map(section).collect_view()
    };
    view! {
        <div
            class="stack"
            data-testid="predictions"
            aria-live=move || if is_camera.get() { "off" } else { "polite" }
        >
            <Show
                when=move || has_predictions.get()
                fallback=|| view! { <p class="hint">{text(Texts::try_predictions_here)}</p> }
            >
                {sections}
            </Show>
        </div>
    }
}

/// The prediction for one task.
#[component]
fn TaskPrediction(
    index: usize,
    task: Task,
    predictions: Memo<Option<Vec<Prediction>>>,
) -> impl IntoView {
    let (state, texts) = (expect_context::<State>(), use_texts());
    let prediction = Memo::new(move |_| {
        predictions.with(|predictions| predictions.as_ref().and_then(|all| all.get(index).cloned()))
    });
    let error = move || {
        state.outcome.with_untracked(|outcome| {
            let report = outcome.as_ref().and_then(|outcome| outcome.report.as_ref());
            let report = report.and_then(|report| report.tasks.get(index));
            typical_error(report, texts.get())
        })
    };
    let name = task.name.clone();
    let bars = match &task.kind {
        TaskKind::Class { classes: names } | TaskKind::Labels { labels: names } => {
            let names = names.clone();
            let bars = Signal::derive(move || {
                prediction.with(|prediction| match prediction {
                    Some(Prediction::Class(probabilities) | Prediction::Labels(probabilities)) => {
                        bars(&names, probabilities, texts.get())
                    }
                    _ => Vec::new(),
                })
            });
            Some(view! { <Bars bars first=FIRST /> })
        }
        TaskKind::Number { .. } => None,
    };
    let summary = move || {
        prediction.with(|prediction| prediction_summary(&task, prediction.as_ref()?, texts.get()))
    };
    view! {
        <section class="try-answer" aria-label=name.clone()>
            <h3>{name.clone()}</h3>
            <p class="try-top">
                <strong>{summary}</strong>
                " "
                <span class="hint">{error}</span>
            </p>
            {bars}
        </section>
    }
}

/// Classes or labels with their probabilities, the most probable first.
fn bars(names: &[String], probabilities: &[f64], texts: Texts) -> Vec<Bar> {
    let bar = |RankedClass { class, probability }| Bar {
        key: class,
        name: names.get(class).cloned().unwrap_or_default(),
        share: probability,
        value: texts.probability(probability),
        detail: String::new(),
    };
    by_probability(probabilities).into_iter().map(bar).collect()
}
