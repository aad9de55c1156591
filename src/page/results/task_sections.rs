//! The metrics of one task: accuracies per class, average precisions per label, or errors of numbers.

use leptos::prelude::*;

use crate::charts::{Bar, Bars, Cursor, ScatterPlotView};
use crate::language::{text, use_texts};
use crate::state::State;
use tunelab_core::metrics::evaluation::{
    ClassificationMetrics, MultiLabelMetrics, RegressionMetrics,
};
use tunelab_l10n::Texts;
use tunelab_presentation::results::reports::{
    labels_summary, predicted_by_true, regression_summary, scatter_reading,
};

/// Classes or labels shown before the user asks for all.
const FIRST: usize = 12;

/// A section under its title. `task` names the task if the model has several.
#[component]
pub fn Section(
    task: Option<String>,
    title: fn(Texts) -> &'static str,
    children: Children,
) -> impl IntoView {
    let texts = use_texts();
    let title = Signal::derive(move || match &task {
        Some(task) => texts.get().results_task_section(task, title(texts.get())),
        None => title(texts.get()).to_owned(),
    });
    view! {
        <section class="try-part" aria-label=title>
            <h3>{title}</h3>
            {children()}
        </section>
    }
}

/// The accuracy of each class, the lowest first.
#[component]
pub fn PerClass(
    report: ClassificationMetrics,
    classes: Vec<String>,
    task: Option<String>,
) -> impl IntoView {
    let texts = use_texts();
    let mut accuracies: Vec<(usize, f64)> = report
        .per_class_accuracy
        .iter()
        .enumerate()
        .filter_map(|(class, accuracy)| Some((class, (*accuracy)?)))
        .collect();
    accuracies.sort_by(|a, b| a.1.total_cmp(&b.1));
    let bars = Signal::derive(move || {
        let texts = texts.get();
        let bar = |&(class, accuracy): &(usize, f64)| {
            let row = report.confusion.counts().get(class);
            let total = row.map_or(0, |row| row.iter().sum::<u64>());
            let correct = row.and_then(|row| row.get(class)).copied().unwrap_or(0);
            Bar {
                key: class,
                name: classes.get(class).cloned().unwrap_or_default(),
                share: accuracy,
                value: texts.percent(accuracy),
                detail: texts.results_correct_of(correct, total),
            }
        };
        accuracies.iter().map(bar).collect::<Vec<_>>()
    });
    view! {
        <Section task title=Texts::results_per_class>
            <p class="hint">{text(Texts::results_per_class_hint)}</p>
            <Bars bars first=FIRST />
        </Section>
    }
}

/// The average precision of each label, the lowest first.
#[component]
pub fn PerLabel(
    report: MultiLabelMetrics,
    labels: Vec<String>,
    task: Option<String>,
) -> impl IntoView {
    let texts = use_texts();
    let mut precisions: Vec<(usize, String, f64)> = labels
        .into_iter()
        .zip(&report.average_precision)
        .enumerate()
        .filter_map(|(key, (label, precision))| Some((key, label, (*precision)?)))
        .collect();
    precisions.sort_by(|a, b| a.2.total_cmp(&b.2));
    let bars = Signal::derive(move || {
        let bar = |(key, name, precision): &(usize, String, f64)| Bar {
            key: *key,
            name: name.clone(),
            share: *precision,
            value: texts.get().percent(*precision),
            detail: String::new(),
        };
        precisions.iter().map(bar).collect::<Vec<_>>()
    });
    view! {
        <Section task title=Texts::results_per_label>
            <p>{move || labels_summary(&report, texts.get())}</p>
            <p class="hint">{text(Texts::results_per_label_hint)}</p>
            <Bars bars first=FIRST />
        </Section>
    }
}

/// The errors of predicted numbers, and a scatter plot of predicted and true numbers. `index` is that of the task.
#[component]
pub fn NumberErrors(
    report: RegressionMetrics,
    index: usize,
    task: Option<String>,
) -> impl IntoView {
    let texts = use_texts();
    let pairs = expect_context::<State>().predicted_numbers;
    let plot = Memo::new(move |_| {
        let texts = texts.get();
        pairs.with(|pairs| predicted_by_true(pairs.get(index).map_or(&[], Vec::as_slice), texts))
    });
    let summary = move || regression_summary(&report.errors, texts.get());
    let reading = move |rank: f64| {
        plot.with(|plot| {
            let mark = plot.as_ref()?.marks.get((rank as usize).saturating_sub(1))?;
            Some(scatter_reading(mark, texts.get()))
        })
    };
    view! {
        <Section task title=Texts::results_errors>
            <p>{summary}</p>
            <Show when=move || plot.with(Option::is_some)>
                <figure class="chart chart-square">
                    <ScatterPlotView
                        plot=Signal::derive(move || plot.get().unwrap_or_default())
                        label=text(Texts::results_scatter)
                        hint=text(Texts::results_scatter_hint)
                        cursor=Cursor::new()
                        reading=Callback::new(move |rank| reading(rank).unwrap_or_default())
                        is_square=true
                    />
                </figure>
            </Show>
        </Section>
    }
}
