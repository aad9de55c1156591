//! The panel of the answers.

use leptos::prelude::*;

use super::words::{answer, usual_error};
use crate::data::task::{Task, TaskKind};
use crate::eval::{Prediction, TaskReport};
use crate::ui::advanced::bars::{Bar, Bars};
use crate::ui::advanced::page::Page;
use crate::ui::plot::format::probability;
use crate::ui::try_it::ranking::ranked;
use crate::worker::protocol::Outcome;

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
    let report = move |task: usize| {
        findings.outcome.with_untracked(|outcome| {
            let report = outcome.as_ref().and_then(|Outcome { report, .. }| report.as_ref());
            report.and_then(|report| report.tasks.get(task).cloned())
        })
    };
    let latest = StoredValue::new(f64::NEG_INFINITY);
    let is_fast = Memo::new(move |_| {
        findings.answers.track();
        let now = js_sys::Date::now();
        let before = latest.get_value();
        latest.set_value(now);
        now - before < FAST
    });
    let parts = move || {
        let tasks = tasks.get();
        let answers = findings.answers.get().unwrap_or_default();
        let parts = tasks.iter().zip(&answers).enumerate();
        let parts: Vec<_> = parts
            .map(|(index, (task, answer))| part(task, answer, report(index).as_ref()))
            .collect();
        let is_there = !tasks.is_empty();
        let words = "What the network sees in your picture is shown here.";
        is_there.then(|| match parts.is_empty() {
            true => view! { <p class="hint">{words}</p> }.into_any(),
            false => parts.into_any(),
        })
    };
    view! {
        <div
            class="stack"
            data-testid="answers"
            aria-live=move || if is_fast.get() { "off" } else { "polite" }
        >
            {parts}
        </div>
    }
}

fn part(task: &Task, said: &Prediction, report: Option<&TaskReport>) -> AnyView {
    let words = answer(task, said);
    let bars = match (&task.kind, said) {
        (TaskKind::Class { classes: names }, Prediction::Class(shares))
        | (TaskKind::Labels { labels: names }, Prediction::Labels(shares)) => {
            let bar = |(index, share): (usize, f64)| Bar {
                name: names.get(index).cloned().unwrap_or_default(),
                share,
                words: probability(share),
                detail: String::new(),
            };
            let ranks = ranked(shares, usize::MAX).into_iter();
            let bars = ranks.map(|rank| bar((rank.class, rank.probability))).collect();
            view! { <Bars bars first=FIRST /> }.into_any()
        }
        _ => ().into_any(),
    };
    view! {
        <section class="try-answer" aria-label=task.name.clone()>
            <h3>{task.name.clone()}</h3>
            <p class="try-top">
                <strong>{words}</strong>
                " "
                <span class="hint">{usual_error(report)}</span>
            </p>
            {bars}
        </section>
    }
    .into_any()
}
