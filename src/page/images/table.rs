//! The columns of a table, and some of its images.

use leptos::prelude::*;

use crate::charts::{Bar, Bars};
use crate::engine::Engine;
use crate::language::{text, use_texts};
use crate::parts::PixelCanvas;
use crate::state::{State, Thumbnail};
use tunelab_core::data::table::summary::{ColumnSummary, describe_targets};
use tunelab_core::data::task::TaskKind;
use tunelab_core::protocol::{Command, ImageCaption};
use tunelab_l10n::Texts;
use tunelab_presentation::images::advice::advice_on_table;
use tunelab_presentation::images::summary::of_column;

/// Images shown.
const SHOWN: usize = 24;
/// Classes or labels shown before the user asks for all.
const FIRST: usize = 8;
/// The size of the histogram, in units of the drawing.
const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 60.0;

/// The columns of the table and some images with their labels; nothing where there is no table.
#[component]
pub fn Table() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let texts = use_texts();
    let table = move || state.collection.with(|collection| collection.table.clone());
    let all = Memo::new(move |_| table().map(|table| table.class));
    Effect::new(move || {
        // A worker that failed may not have answered.
        state.collection.track();
        let is_shown = |class| state.thumbnails.with_untracked(|shown| shown.contains_key(&class));
        if let Some(class) = all.get()
            && !is_shown(class)
        {
            engine.send(Command::LoadThumbnails { class, from: 0, count: SHOWN });
        }
    });
    let columns = Memo::new(move |_| table().map(|table| table.summaries).unwrap_or_default());
    let tasks = Memo::new(move |_| {
        columns.with(|columns| columns.iter().map(|column| column.task.clone()).collect::<Vec<_>>())
    });
    let advice = move || {
        let advice = columns.with(|columns| advice_on_table(columns, texts.get()));
        advice.into_iter().map(|text| view! { <p class="notice warn">{text}</p> }).collect_view()
    };
    let sections =
        move || columns.get().into_iter().map(|column| view! { <Column column /> }).collect_view();
    let image = move |Thumbnail { caption, pixels }: Thumbnail| {
        let ImageCaption { name, targets, .. } = caption;
        let labels = move || tasks.with(|tasks| describe_targets(tasks, &targets, texts.get()));
        view! {
            <li class="try-mistake">
                <PixelCanvas pixels label=Signal::stored(name) />
                <p>{labels}</p>
            </li>
        }
    };
    let images = move || {
        let images = state.thumbnails.with(|thumbnails| thumbnails.get(&all.get()?).cloned())?;
        (!images.is_empty()).then(|| {
            view! {
                <ul class="try-mistakes" role="list" aria-label=text(Texts::images_table_list)>
                    {images.into_values().map(image).collect_view()}
                </ul>
            }
        })
    };
    view! {
        <p>{text(Texts::images_table_about)}</p>
        {advice}
        <div class="table-columns">{sections}</div>
        {images}
    }
}

/// What a column predicts, and the distribution of its values.
#[component]
fn Column(column: ColumnSummary) -> impl IntoView {
    let texts = use_texts();
    let most = column.counts.iter().copied().max().unwrap_or(0).max(1);
    let drawing = match &column.task.kind {
        TaskKind::Class { classes: names } | TaskKind::Labels { labels: names } => {
            bars(names.clone(), column.counts.clone(), most)
        }
        TaskKind::Number { .. } => histogram(&column, most),
    };
    let name = column.task.name.clone();
    let label = move || texts.get().images_column(&name);
    let title = column.task.name.clone();
    let column = StoredValue::new(column);
    view! {
        <section class="card stack" aria-label=label>
            <h3>{title}</h3>
            <p>{move || column.with_value(|column| of_column(column, texts.get()))}</p>
            {drawing}
        </section>
    }
}

/// The number of images of each class or label.
fn bars(names: Vec<String>, counts: Vec<usize>, most: usize) -> AnyView {
    let texts = use_texts();
    let bars = Signal::derive(move || {
        let bar = |(key, (name, &images)): (usize, (&String, &usize))| Bar {
            key,
            name: name.clone(),
            share: images as f64 / most as f64,
            value: texts.get().count(images),
            detail: String::new(),
        };
        names.iter().zip(&counts).enumerate().map(bar).collect::<Vec<_>>()
    });
    view! { <Bars bars first=FIRST /> }.into_any()
}

/// The histogram of a column of numbers.
fn histogram(column: &ColumnSummary, most: usize) -> AnyView {
    let Some((lowest, highest)) = column.range.filter(|(lowest, highest)| lowest < highest) else {
        return ().into_any();
    };
    let texts = use_texts();
    let [from, to] = [lowest, highest].map(|end| move || texts.get().number(end));
    let label = move || texts.get().images_histogram(&from(), &to());
    let width = WIDTH / column.counts.len().max(1) as f64;
    let bars = column.counts.iter().enumerate().map(|(part, &images)| {
        let height = HEIGHT * images as f64 / most as f64;
        view! {
            <rect x=width * part as f64 + 1.0 y=HEIGHT - height width=width - 2.0 height=height />
        }
    });
    let bars = bars.collect_view();
    view! {
        <svg
            class="table-histogram"
            viewBox=format!("0 0 {WIDTH} {}", HEIGHT + 18.0)
            role="img"
            aria-label=label
        >
            {bars}
            <text x="0" y=HEIGHT + 14.0>
                {from}
            </text>
            <text x=WIDTH y=HEIGHT + 14.0 text-anchor="end">
                {to}
            </text>
        </svg>
    }
    .into_any()
}
