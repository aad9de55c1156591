//! One column of a table.

use leptos::prelude::*;

use super::words::of_column;
use crate::ui::advanced::bars::{Bar, Bars};
use crate::ui::plot::format::{count, figure};
use tunelab_core::data::table::summary::ColumnSummary;
use tunelab_core::data::task::TaskKind;

/// Classes or labels shown before all are asked for.
const FIRST: usize = 8;
/// The drawing of numbers, in px of its own.
const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 60.0;

/// What the column predicts, and how often it says what.
#[component]
pub fn Column(column: ColumnSummary) -> impl IntoView {
    let words = of_column(&column);
    let most = column.counts.iter().copied().max().unwrap_or(0).max(1);
    let bars = |names: &[String]| {
        let bar = |(name, &pictures): (&String, &usize)| Bar {
            name: name.clone(),
            share: pictures as f64 / most as f64,
            words: count(pictures),
            detail: String::new(),
        };
        let bars: Vec<Bar> = names.iter().zip(&column.counts).map(bar).collect();
        view! { <Bars bars=Signal::stored(bars) first=FIRST /> }.into_any()
    };
    let drawing = match &column.task.kind {
        TaskKind::Class { classes: names } | TaskKind::Labels { labels: names } => bars(names),
        TaskKind::Number { .. } => histogram(&column, most),
    };
    view! {
        <section class="card stack" aria-label=format!("Column {}", column.task.name)>
            <h3>{column.task.name.clone()}</h3>
            <p>{words}</p>
            {drawing}
        </section>
    }
}

/// How many pictures have which number.
fn histogram(column: &ColumnSummary, most: usize) -> AnyView {
    let Some((lowest, highest)) = column.range.filter(|(lowest, highest)| lowest < highest) else {
        return ().into_any();
    };
    let width = WIDTH / column.counts.len().max(1) as f64;
    let bars = column.counts.iter().enumerate().map(|(part, &pictures)| {
        let height = HEIGHT * pictures as f64 / most as f64;
        view! {
            <rect x=width * part as f64 + 1.0 y=HEIGHT - height width=width - 2.0 height=height />
        }
    });
    let bars: Vec<_> = bars.collect();
    view! {
        <svg
            class="table-histogram"
            viewBox=format!("0 0 {WIDTH} {}", HEIGHT + 18.0)
            role="img"
            aria-label=format!(
                "How many pictures have which number, from {} to {}",
                figure(lowest),
                figure(highest),
            )
        >
            {bars}
            <text x="0" y=HEIGHT + 14.0>
                {figure(lowest)}
            </text>
            <text x=WIDTH y=HEIGHT + 14.0 text-anchor="end">
                {figure(highest)}
            </text>
        </svg>
    }
    .into_any()
}
