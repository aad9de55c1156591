//! The panel of the answers.

use leptos::prelude::*;

use super::words::{answer, usual_error};
use crate::ui::advanced::bars::{Bar, Bars};
use crate::ui::advanced::page::Page;
use crate::ui::parts::Show;
use crate::ui::plot::format::probability;
use crate::ui::try_it::ranking::{Rank, ranked};
use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::metrics::prediction::Prediction;

/// Classes or labels shown before all are asked for.
const FIRST: usize = 5;
/// Answers that follow each other faster than this, in ms, are the camera's, and are not said aloud.
const FAST: f64 = 1500.0;

/// An answer to each task about the picture that was tried last; nothing where the network only sorts
/// into classes, which the page shows itself.
#[component]
pub fn Answers() -> impl IntoView {
    let findings = expect_context::<Page>().findings;
    let tasks = Memo::new(move |_| {
        findings.outcome.with(|outcome| match outcome {
            Some(outcome) if !outcome.only_sorts() => outcome.tasks.clone(),
            _ => Vec::new(),
        })
    });
    let latest = StoredValue::new(f64::NEG_INFINITY);
    let is_fast = Memo::new(move |_| {
        findings.answers.track();
        let now = js_sys::Date::now();
        let before = latest.get_value();
        latest.set_value(now);
        now - before < FAST
    });
    let is_there = Memo::new(move |_| findings.answers.with(Option::is_some));
    let parts = move || {
        let part = |(index, task): (usize, Task)| view! { <Part index task /> };
        tasks.get().into_iter().enumerate().map(part).collect_view()
    };
    view! {
        <div
            class="stack"
            data-testid="answers"
            aria-live=move || if is_fast.get() { "off" } else { "polite" }
        >
            <Show when=move || tasks.with(|tasks| !tasks.is_empty())>
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
            </Show>
        </div>
    }
}

/// The answer to a task.
#[component]
fn Part(index: usize, task: Task) -> impl IntoView {
    let findings = expect_context::<Page>().findings;
    let said = Memo::new(move |_| {
        findings.answers.with(|answers| answers.as_ref().and_then(|all| all.get(index).cloned()))
    });
    let usual_error = findings.outcome.with_untracked(|outcome| {
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
        name: names.get(rank.class).cloned().unwrap_or_default(),
        share: rank.probability,
        words: probability(rank.probability),
        detail: String::new(),
    };
    ranked(shares, usize::MAX).into_iter().map(bar).collect()
}
