//! The confusion matrix as a table with shaded cells.

use leptos::prelude::*;

use crate::language::{text, use_texts};
use crate::results::task_sections::Section;
use tunelab_core::metrics::evaluation::ClassificationMetrics;
use tunelab_l10n::Texts;
use tunelab_presentation::results::confusion::{row_share, shown_classes, summary};

/// The most classes that the table shows.
const MAX_CLASSES: usize = 25;

/// A row for each true class, a column for each predicted class.
#[component]
pub fn ConfusionTable(
    report: ClassificationMetrics,
    classes: Vec<String>,
    task: Option<String>,
) -> impl IntoView {
    let texts = use_texts();
    let matrix = report.confusion;
    let shown = shown_classes(&matrix, MAX_CLASSES);
    let hidden = classes.len().saturating_sub(shown.len());
    let name = |class: usize| classes.get(class).cloned().unwrap_or_default();
    let label = {
        let task = task.clone();
        move || match &task {
            Some(task) => texts.get().results_confusion_of_task(task),
            None => texts.get().results_confusion().to_owned(),
        }
    };
    let head = shown.iter().map(|&class| {
        view! {
            <th scope="col">
                <span class="try-matrix-name">{name(class)}</span>
            </th>
        }
    });
    let head: Vec<_> = head.collect();
    let cell = |label: usize, predicted: usize| {
        let count = matrix.counts()[label][predicted];
        let share = row_share(&matrix, label, predicted);
        let class = match (label == predicted, share) {
            (_, 0.0) => "try-matrix-none",
            (true, _) => "try-matrix-right",
            (false, _) => "try-matrix-wrong",
        };
        let shade = format!("{:.0}%", 8.0 + 34.0 * share);
        view! {
            <td class=class style=("--shade", shade)>
                {move || texts.get().count(count)}
            </td>
        }
    };
    let rows = shown.iter().map(|&label| {
        let cells: Vec<_> = shown.iter().map(|&predicted| cell(label, predicted)).collect();
        view! {
            <tr>
                <th scope="row">{name(label)}</th>
                {cells}
            </tr>
        }
    });
    let rows: Vec<_> = rows.collect();
    let count = shown.len();
    let hidden_classes = move || {
        view! { <p class="hint">{texts.get().results_confusion_hidden(hidden, count)}</p> }
    };
    let summary = move || summary(&matrix, &classes, texts.get());
    view! {
        <Section task title=Texts::results_confusion>
            <p>{summary}</p>
            <p class="hint">{text(Texts::results_confusion_hint)}</p>
            // The keyboard can scroll it.
            <div class="try-matrix-box" tabindex="0" role="group" aria-label=label>
                <table class="try-matrix">
                    <caption class="visually-hidden">{text(Texts::results_confusion)}</caption>
                    <thead>
                        <tr>
                            <th scope="col" class="try-matrix-corner">
                                {text(Texts::results_confusion_corner)}
                            </th>
                            {head}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {(hidden > 0).then_some(hidden_classes)}
        </Section>
    }
}
