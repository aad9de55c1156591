//! The results of the trained network on the validation pictures.

use leptos::prelude::*;

use crate::engine::Engine;
use crate::parts::PixelCanvas;
use crate::parts::{Bar, Bars};
use crate::results::confusion_table::ConfusionTable;
use crate::results::numbers::Closeness;
use crate::state::{Pixels, State};
use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::metrics::evaluation::MultiLabelMetrics;
use tunelab_core::metrics::evaluation::{ClassificationMetrics, TaskMetrics};
use tunelab_core::protocol::{Command, Mistake};
use tunelab_presentation::plot::format::{count, percent, probability};
use tunelab_presentation::results::text;

/// Pictures of the newest network's mistakes that are asked for.
const MISTAKES: usize = 24;
/// Classes or labels shown before all are asked for.
const FIRST: usize = 12;

/// How the network did on the validation pictures; nothing where that is not known.
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
fn part(index: usize, task: &Task, report: TaskMetrics, about: Option<String>) -> AnyView {
    match (&task.kind, report) {
        (TaskKind::Class { classes }, TaskMetrics::Class(report)) => {
            let classes = classes.clone();
            view! {
                <PerClass report=report.clone() classes=classes.clone() about=about.clone() />
                <ConfusionTable report classes about />
            }
            .into_any()
        }
        (TaskKind::Labels { labels }, TaskMetrics::Labels(report)) => {
            view! { <PerLabel report labels=labels.clone() about /> }.into_any()
        }
        (TaskKind::Number { .. }, TaskMetrics::Number(report)) => {
            view! { <Closeness report task=index about /> }.into_any()
        }
        // A report is of its own tasks.
        _ => ().into_any(),
    }
}

/// A part under its title; `about` names what it is about, where several things are predicted.
#[component]
pub fn Section(about: Option<String>, title: &'static str, children: Children) -> impl IntoView {
    let title = match about {
        Some(about) => format!("{about}: {title}"),
        None => title.to_string(),
    };
    let name = title.clone();
    view! {
        <section class="try-part" aria-label=name>
            <h3>{title}</h3>
            {children()}
        </section>
    }
}

/// The accuracy of every class, the weakest first.
#[component]
fn PerClass(report: ClassificationMetrics, classes: Vec<String>, about: Option<String>) -> impl IntoView {
    let mut rows: Vec<(usize, f64)> = report
        .per_class_accuracy
        .iter()
        .enumerate()
        .filter_map(|(class, accuracy)| accuracy.map(|accuracy| (class, accuracy)))
        .collect();
    rows.sort_by(|a, b| a.1.total_cmp(&b.1));
    let bar = |(class, accuracy): (usize, f64)| {
        let of_class = report.confusion.counts().get(class);
        let examples = of_class.map_or(0, |row| row.iter().sum::<u64>());
        let right = of_class.and_then(|row| row.get(class)).copied().unwrap_or(0);
        Bar {
            key: class,
            name: classes.get(class).cloned().unwrap_or_default(),
            share: accuracy,
            words: percent(accuracy),
            detail: format!("{}\u{a0}of\u{a0}{}", count(right as usize), count(examples as usize)),
        }
    };
    let bars = rows.into_iter().map(bar).collect::<Vec<_>>();
    view! {
        <Section about title="How well each class is recognized">
            <p class="hint">
                "Of the validation pictures, which were not trained on. The weakest class comes first."
            </p>
            <Bars bars=Signal::stored(bars) first=FIRST />
        </Section>
    }
}

/// The average precision of every label, the weakest first.
#[component]
fn PerLabel(report: MultiLabelMetrics, labels: Vec<String>, about: Option<String>) -> impl IntoView {
    let summary = text::of_labels(&report);
    let mut known: Vec<(usize, String, f64)> = labels
        .into_iter()
        .zip(&report.average_precision)
        .enumerate()
        .filter_map(|(key, (label, precision))| Some((key, label, (*precision)?)))
        .collect();
    known.sort_by(|a, b| a.2.total_cmp(&b.2));
    let bar = |(key, name, share): (usize, String, f64)| Bar {
        key,
        name,
        share,
        words: percent(share),
        detail: String::new(),
    };
    let bars = known.into_iter().map(bar).collect::<Vec<_>>();
    view! {
        <Section about title="How well each label is found">
            <p>{summary}</p>
            <p class="hint">
                "The bars are average precisions: with the pictures sorted by how likely they have the label, all of it if those that have it come first. The weakest label comes first."
            </p>
            <Bars bars=Signal::stored(bars) first=FIRST />
        </Section>
    }
}

/// Each mistake with what the picture is and what it was taken for.
#[component]
fn Mistakes() -> impl IntoView {
    let state = expect_context::<State>();
    let is_perfect = move || {
        state.outcome.with(|outcome| {
            let report = outcome.as_ref().and_then(|outcome| outcome.class_report());
            report.is_some_and(|report| report.top1 >= 1.0)
        })
    };
    let pictures = move || {
        let classes = state.outcome.with(|outcome| {
            outcome.as_ref().map(|outcome| outcome.classes().to_vec()).unwrap_or_default()
        });
        let picture = |(mistake, pixels): (Mistake, Pixels)| {
            let class = |index: usize| classes.get(index).cloned().unwrap_or_default();
            let (is, taken_for) = (class(mistake.label), class(mistake.predicted));
            let sure = probability(mistake.confidence);
            let name = mistake.name;
            view! {
                <li class="try-mistake">
                    <PixelCanvas pixels label=name.clone() />
                    <p>
                        <span class="try-mistake-name">{name} ":"</span>
                        " is "
                        <strong>{is}</strong>
                        ", was taken for "
                        <strong>{taken_for}</strong>
                        {format!(" ({sure} sure)")}
                    </p>
                </li>
            }
        };
        state.mistakes.get().into_iter().map(picture).collect_view()
    };
    view! {
        <Section about=None title="Most wrong pictures">
            <Show
                when=move || !is_perfect()
                fallback=|| view! { <p>"None: every validation picture was recognized."</p> }
            >
                <p class="hint">
                    "Look for pictures in the wrong class, and for kinds of pictures there are too few of."
                </p>
                <ul class="try-mistakes">{pictures}</ul>
            </Show>
        </Section>
    }
}
