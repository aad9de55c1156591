//! The results of the trained model on the validation images.

use leptos::prelude::*;

use crate::engine::Engine;
use crate::language::{text, use_texts};
use crate::parts::PixelCanvas;
use crate::results::confusion_table::ConfusionTable;
use crate::results::task_sections::{NumberErrors, PerClass, PerLabel, Section};
use crate::state::{Pixels, State};
use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::metrics::evaluation::TaskMetrics;
use tunelab_core::protocol::{Command, Mistake};
use tunelab_l10n::Texts;

/// Mistakes that are shown.
const MISTAKES: usize = 24;

/// The results, where the model was validated.
#[component]
pub fn Results() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let outcome = state.outcome;
    Effect::new(move || {
        let has_report =
            outcome.with(|outcome| outcome.as_ref().is_some_and(|one| one.report.is_some()));
        if has_report {
            engine.send(Command::FindMistakes { count: MISTAKES });
        }
    });
    move || {
        let outcome = outcome.get()?;
        let report = outcome.report.as_ref()?;
        let has_one_task = outcome.tasks.len() == 1;
        let tasks = outcome.tasks.iter().zip(&report.tasks).enumerate();
        let sections: Vec<_> = tasks
            .map(|(index, (task, report))| {
                let name = (!has_one_task).then(|| task.name.clone());
                task_sections(index, task, report.clone(), name)
            })
            .collect();
        let has_classes = outcome.class_report().is_some();
        Some(view! {
            <div class="card stack try-evaluation">
                {sections} {has_classes.then(|| view! { <Mistakes /> })}
            </div>
        })
    }
}

/// The metrics of one task. `name` is given if there are several.
fn task_sections(index: usize, task: &Task, report: TaskMetrics, name: Option<String>) -> AnyView {
    match (&task.kind, report) {
        (TaskKind::Class { classes }, TaskMetrics::Class(report)) => {
            let classes = classes.clone();
            view! {
                <PerClass report=report.clone() classes=classes.clone() task=name.clone() />
                <ConfusionTable report classes task=name />
            }
            .into_any()
        }
        (TaskKind::Labels { labels }, TaskMetrics::Labels(report)) => {
            view! { <PerLabel report labels=labels.clone() task=name /> }.into_any()
        }
        (TaskKind::Number { .. }, TaskMetrics::Number(report)) => {
            view! { <NumberErrors report index task=name /> }.into_any()
        }
        // The kinds of a task and its report are the same.
        _ => ().into_any(),
    }
}

/// The mistakes in which the model was most confident.
#[component]
fn Mistakes() -> impl IntoView {
    let (state, texts) = (expect_context::<State>(), use_texts());
    let has_none = move || {
        state.outcome.with(|outcome| {
            let report = outcome.as_ref().and_then(|outcome| outcome.class_report());
            report.is_some_and(|report| report.top1 >= 1.0)
        })
    };
    let images = move || {
        let classes = state.outcome.with(|outcome| {
            outcome.as_ref().map(|outcome| outcome.classes().to_vec()).unwrap_or_default()
        });
        let image = |(mistake, pixels): (Mistake, Pixels)| {
            let class = |index: usize| classes.get(index).cloned().unwrap_or_default();
            let (label, predicted) = (class(mistake.label), class(mistake.predicted));
            let description = move || {
                let confidence = texts.get().probability(mistake.confidence);
                texts.get().results_mistake(&label, &predicted, &confidence)
            };
            view! {
                <li class="try-mistake">
                    <PixelCanvas pixels label=Signal::stored(mistake.name.clone()) />
                    <p>
                        <span class="try-mistake-name">{mistake.name}</span>
                        " "
                        <span>{description}</span>
                    </p>
                </li>
            }
        };
        state.mistakes.get().into_iter().map(image).collect_view()
    };
    view! {
        <Section task=None title=Texts::results_mistakes>
            <Show
                when=move || !has_none()
                fallback=|| view! { <p>{text(Texts::results_mistakes_none)}</p> }
            >
                <p class="hint">{text(Texts::results_mistakes_hint)}</p>
                <ul class="try-mistakes">{images}</ul>
            </Show>
        </Section>
    }
}
