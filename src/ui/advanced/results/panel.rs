//! The panel of the results.

use leptos::prelude::*;

use super::confusion_table::ConfusionTable;
use super::labels::PerLabel;
use super::mistakes::Mistakes;
use super::numbers::Closeness;
use super::per_class::PerClass;
use crate::ui::advanced::page::Page;
use crate::ui::parts::effect;
use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::metrics::report::TaskReport;
use tunelab_core::protocol::Command;

/// Pictures of the newest network's mistakes that are asked for.
const MISTAKES: usize = 24;

/// How the network did on the validation pictures; nothing where that is not known.
#[component]
pub fn Results() -> impl IntoView {
    let page = expect_context::<Page>();
    let outcome = page.findings.outcome;
    effect(move || {
        let has_report =
            outcome.with(|outcome| outcome.as_ref().is_some_and(|one| one.report.is_some()));
        if has_report {
            page.command(Command::FindMistakes { count: MISTAKES }, &[]);
        }
    });
    move || {
        let outcome = outcome.get()?;
        let report = outcome.report.as_ref()?;
        let only = outcome.tasks.len() == 1;
        let parts = outcome.tasks.iter().zip(&report.tasks).enumerate();
        let parts: Vec<_> = parts
            .map(|(index, (task, report))| {
                let about = (!only).then(|| task.name.clone());
                part(index, task, report.clone(), about)
            })
            .collect();
        let has_classes = outcome.class_report().is_some();
        Some(view! {
            <div class="card stack try-evaluation">
                {parts} {has_classes.then(|| view! { <Mistakes /> })}
            </div>
        })
    }
}

/// What is known of one task.
fn part(index: usize, task: &Task, report: TaskReport, about: Option<String>) -> AnyView {
    match (&task.kind, report) {
        (TaskKind::Class { classes }, TaskReport::Class(report)) => {
            let classes = classes.clone();
            view! {
                <PerClass report=report.clone() classes=classes.clone() about=about.clone() />
                <ConfusionTable report classes about />
            }
            .into_any()
        }
        (TaskKind::Labels { labels }, TaskReport::Labels(report)) => {
            view! { <PerLabel report labels=labels.clone() about /> }.into_any()
        }
        (TaskKind::Number { .. }, TaskReport::Number(report)) => {
            view! { <Closeness report task=index about /> }.into_any()
        }
        // A report is of its own tasks.
        _ => ().into_any(),
    }
}
