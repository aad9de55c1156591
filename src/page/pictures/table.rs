//! What a table says of the pictures.

use leptos::prelude::*;

use crate::engine::Engine;
use crate::parts::PixelCanvas;
use crate::parts::{Bar, Bars};
use crate::state::{State, Thumbnail};
use tunelab_core::data::table::summary::ColumnSummary;
use tunelab_core::data::task::TaskKind;
use tunelab_core::protocol::{Caption, Command};
use tunelab_presentation::pictures::table_text::{advice, of_column};
use tunelab_presentation::plot::format::{count, figure};

/// Pictures shown.
const SHOWN: usize = 24;
/// Classes or labels shown before all are asked for.
const FIRST: usize = 8;
/// The drawing of numbers, in px of its own.
const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 60.0;

/// What each column predicts, and some pictures with what is known of them; nothing where no table
/// describes the pictures.
#[component]
pub fn Table() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let table = move || state.collection.with(|collection| collection.table.clone());
    let all = Memo::new(move |_| table().map(|table| table.class));
    Effect::new(move || {
        // A worker that broke down may not have answered.
        state.collection.track();
        let is_shown = |class| state.thumbnails.with_untracked(|shown| shown.contains_key(&class));
        if let Some(class) = all.get()
            && !is_shown(class)
        {
            engine.send(Command::ShowPictures { class, from: 0, count: SHOWN });
        }
    });
    let columns = move || {
        let columns = table()?.summaries;
        let notices: Vec<_> = advice(&columns)
            .into_iter()
            .map(|words| view! { <p class="notice warn">{words}</p> })
            .collect();
        let columns: Vec<_> =
            columns.into_iter().map(|column| view! { <Column column /> }).collect();
        Some(view! {
            <p>
                "Each column of the table is something to predict. Some pictures are set aside to check with."
            </p>
            {notices}
            <div class="table-columns">{columns}</div>
        })
    };
    let picture = |Thumbnail { caption, pixels }: Thumbnail| {
        let Caption { name, labels, .. } = caption;
        view! {
            <li class="try-mistake">
                <PixelCanvas pixels label=name />
                <p>{labels}</p>
            </li>
        }
    };
    let pictures = move || {
        let pictures = state.thumbnails.with(|thumbnails| thumbnails.get(&all.get()?).cloned())?;
        (!pictures.is_empty()).then(|| {
            let pictures: Vec<_> = pictures.into_values().map(picture).collect();
            view! {
                <ul class="try-mistakes" role="list" aria-label="Some of the pictures">
                    {pictures}
                </ul>
            }
        })
    };
    view! { {columns} {pictures} }
}

/// What the column predicts, and how often it says what.
#[component]
fn Column(column: ColumnSummary) -> impl IntoView {
    let words = of_column(&column);
    let most = column.counts.iter().copied().max().unwrap_or(0).max(1);
    let bars = |names: &[String]| {
        let bar = |(key, (name, &pictures)): (usize, (&String, &usize))| Bar {
            key,
            name: name.clone(),
            share: pictures as f64 / most as f64,
            words: count(pictures),
            detail: String::new(),
        };
        let bars: Vec<Bar> = names.iter().zip(&column.counts).enumerate().map(bar).collect();
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
