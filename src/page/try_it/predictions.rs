//! What a network that does more than sort into classes says of a picture.

use leptos::prelude::*;

use crate::parts::bars::{Bar, Bars};
use crate::state::State;
use crate::try_it::trial::Trial;
use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::metrics::prediction::Prediction;
use tunelab_presentation::plot::format::probability;
use tunelab_presentation::results::text::{answer, usual_error};
use tunelab_presentation::try_it::ranking::{Rank, ranked};

/// Classes or labels shown before all are asked for.
const FIRST: usize = 5;
/// Answers that follow each other faster than this, in ms, are the camera's, and are not said aloud.
const FAST: f64 = 1500.0;

/// An answer to each task about the picture that was tried last.
#[component]
pub fn Answers() -> impl IntoView {
    let (state, trial) = (expect_context::<State>(), expect_context::<Trial>());
    let tasks = Memo::new(move |_| {
        state.outcome.with(|outcome| {
            outcome.as_ref().map(|outcome| outcome.tasks.clone()).unwrap_or_default()
        })
    });
    // The last ones stay while others are on their way.
    let answers = Memo::new(move |before: Option<&Option<Vec<Prediction>>>| {
        let now = state.prediction.with(|one| one.as_ref().map(|one| one.answers.clone()));
        now.or_else(|| before.cloned().flatten().filter(|_| trial.is_waiting()))
    });
    let latest = StoredValue::new(f64::NEG_INFINITY);
    let is_fast = Memo::new(move |_| {
        answers.track();
        let now = js_sys::Date::now();
        let before = latest.get_value();
        latest.set_value(now);
        now - before < FAST
    });
    let is_there = Memo::new(move |_| answers.with(Option::is_some));
    let parts = move || {
        let part = |(index, task): (usize, Task)| view! { <Part index task answers /> };
        tasks.get().into_iter().enumerate().map(part).collect_view()
    };
    view! {
        <div
            class="stack"
            data-testid="answers"
            aria-live=move || if is_fast.get() { "off" } else { "polite" }
        >
            <Show
                when=move || is_there.get()
                fallback=|| {
                    view! {
                        <p class="hint">"What the network sees in your picture is shown here."</p>
                    }
                }
            >
                {parts}
            </Show>
        </div>
    }
}

/// The answer to a task.
#[component]
fn Part(index: usize, task: Task, answers: Memo<Option<Vec<Prediction>>>) -> impl IntoView {
    let state = expect_context::<State>();
    let said = Memo::new(move |_| {
        answers.with(|answers| answers.as_ref().and_then(|all| all.get(index).cloned()))
    });
    let usual_error = state.outcome.with_untracked(|outcome| {
        let report = outcome.as_ref().and_then(|outcome| outcome.report.as_ref());
        usual_error(report.and_then(|report| report.tasks.get(index)))
    });
    let name = task.name.clone();
    let bars = match &task.kind {
        TaskKind::Class { classes: names } | TaskKind::Labels { labels: names } => {
            let names = names.clone();
            let bars = Signal::derive(move || said.with(|said| bars_of(&names, said.as_ref())));
            Some(view! { <Bars bars first=FIRST /> })
        }
        TaskKind::Number { .. } => None,
    };
    let words = move || said.with(|said| said.as_ref().and_then(|said| answer(&task, said)));
    view! {
        <section class="try-answer" aria-label=name.clone()>
            <h3>{name.clone()}</h3>
            <p class="try-top">
                <strong>{words}</strong>
                " "
                <span class="hint">{usual_error}</span>
            </p>
            {bars}
        </section>
    }
}

/// Classes or labels with their probabilities, the likeliest first.
fn bars_of(names: &[String], said: Option<&Prediction>) -> Vec<Bar> {
    let (Some(Prediction::Class(shares)) | Some(Prediction::Labels(shares))) = said else {
        return Vec::new();
    };
    let bar = |rank: Rank| Bar {
        key: rank.class,
        name: names.get(rank.class).cloned().unwrap_or_default(),
        share: rank.probability,
        words: probability(rank.probability),
        detail: String::new(),
    };
    ranked(shares, usize::MAX).into_iter().map(bar).collect()
}
