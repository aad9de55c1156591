//! The confusion matrix as a table of shades.

use leptos::prelude::*;

use crate::results::panel::Section;
use tunelab_core::metrics::evaluation::ClassificationMetrics;
use tunelab_presentation::results::confusion::{sentence, share, shown};

/// Classes that a table has room for.
const ROOM: usize = 25;

/// Which class was taken for which: a row a true class, a column a predicted one.
#[component]
pub fn ConfusionTable(
    report: ClassificationMetrics,
    classes: Vec<String>,
    about: Option<String>,
) -> impl IntoView {
    let matrix = report.confusion;
    let columns = shown(&matrix, ROOM);
    let left_out = classes.len().saturating_sub(columns.len());
    let name = |class: usize| classes.get(class).cloned().unwrap_or_default();
    let words = sentence(&matrix, &classes);
    let scrolled = match &about {
        Some(about) => format!("Confusion matrix of {about}, to be scrolled"),
        None => "Confusion matrix, to be scrolled".to_string(),
    };
    let head = columns.iter().map(|&class| {
        view! {
            <th scope="col">
                <span class="try-matrix-name">{name(class)}</span>
            </th>
        }
    });
    let head: Vec<_> = head.collect();
    let cell = |label: usize, predicted: usize| {
        let count = matrix.counts()[label][predicted];
        let share = share(&matrix, label, predicted);
        let class = match (label == predicted, share) {
            (_, 0.0) => "try-matrix-none",
            (true, _) => "try-matrix-right",
            (false, _) => "try-matrix-wrong",
        };
        let shade = format!("{:.0}%", 8.0 + 34.0 * share);
        view! {
            <td class=class style=("--shade", shade)>
                {count}
            </td>
        }
    };
    let rows = columns.iter().map(|&label| {
        let cells: Vec<_> = columns.iter().map(|&predicted| cell(label, predicted)).collect();
        view! {
            <tr>
                <th scope="row">{name(label)}</th>
                {cells}
            </tr>
        }
    });
    let rows: Vec<_> = rows.collect();
    let room = columns.len();
    view! {
        <Section about title="What is taken for what">
            <p>{words}</p>
            <p class="hint">
                "A row for each true class, a column for each class it was taken for, counted in validation pictures."
            </p>
            <div
                class="try-matrix-box"
                tabindex="0"
                role="region"
                aria-label=scrolled
            >
                <table class="try-matrix">
                    <caption class="visually-hidden">
                        "Confusion matrix"
                    </caption>
                    <thead>
                        <tr>
                            <th scope="col" class="try-matrix-corner">
                                "is \\ taken for"
                            </th>
                            {head}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {(left_out > 0)
                .then(|| {
                    view! {
                        <p class="hint">
                            {format!(
                                "The {} classes that are mixed up most are shown; {left_out} others are not.",
                                room,
                            )}
                        </p>
                    }
                })}
        </Section>
    }
}
