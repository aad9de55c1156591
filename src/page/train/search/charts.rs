//! The charts of a search, one at a time.

use leptos::prelude::*;

use crate::charts::{COLORS, Cursor, ParallelCoordinatesView, ScatterPlotView};
use crate::language::{text, use_texts};
use crate::train::search::context::SearchContext;
use tunelab_l10n::Texts;
use tunelab_presentation::charts::marks;
use tunelab_presentation::train::search::charts::{all_options, legend, score_by_rate};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ChartKind {
    ScoreByRate,
    AllOptions,
}

impl ChartKind {
    fn name(self, texts: Texts) -> &'static str {
        match self {
            Self::ScoreByRate => texts.search_score_by_rate(),
            Self::AllOptions => texts.search_all_options(),
        }
    }
}

/// The selected chart of the trials, from the best to the worst.
#[component]
pub fn SearchCharts() -> impl IntoView {
    let (context, texts) = (expect_context::<SearchContext>(), use_texts());
    let kind = RwSignal::new(ChartKind::ScoreByRate);
    let is_scatter = Memo::new(move |_| kind.get() == ChartKind::ScoreByRate);
    let cursor = cursor(context);
    let reading = Callback::new(move |rank: f64| {
        let rank = rank as usize;
        context.trials.with(|trials| {
            let trial = trials.get(rank.saturating_sub(1));
            trial.map(|trial| trial.reading(rank, texts.get())).unwrap_or_default()
        })
    });
    let label = text(Texts::search_chart_label);
    let scatter = move || {
        let plot = move || context.started(|started| score_by_rate(started, texts.get()));
        view! {
            <ScatterPlotView
                plot=Signal::derive(move || plot().unwrap_or_default())
                label
                hint=text(Texts::search_score_by_rate_hint)
                cursor
                reading
            />
            <Legend />
        }
    };
    let parallel = move || {
        let chart = move || context.started(|started| all_options(started, texts.get()));
        view! {
            <ParallelCoordinatesView
                chart=Signal::derive(move || chart().unwrap_or_default())
                label
                hint=text(Texts::search_all_options_hint)
                cursor
                reading
            />
        }
    };
    let radio = |of: ChartKind| {
        view! {
            <label class="search-check">
                <input
                    type="radio"
                    name="search-chart"
                    prop:checked=move || kind.get() == of
                    on:change=move |_| kind.set(of)
                />
                {text(move |texts| of.name(texts))}
            </label>
        }
    };
    view! {
        <figure class="chart search-charts">
            <fieldset class="search-kinds" aria-label=text(Texts::search_chart)>
                {[ChartKind::ScoreByRate, ChartKind::AllOptions].map(radio).collect_view()}
            </fieldset>
            {move || if is_scatter.get() { scatter().into_any() } else { parallel().into_any() }}
        </figure>
    }
}

/// The selected trial as a rank.
fn cursor(context: SearchContext) -> Cursor {
    let rank = Memo::new(move |_| {
        let selected = context.selected.get()?;
        let index = context
            .trials
            .with(|trials| trials.iter().position(|trial| trial.trial == selected))?;
        Some((index + 1) as f64)
    });
    let select = move |rank: Option<f64>| {
        let trial = rank.and_then(|rank| {
            let index = (rank as usize).saturating_sub(1);
            context.trials.with_untracked(|trials| Some(trials.get(index)?.trial))
        });
        context.selected.set(trial);
    };
    Cursor { position: rank.into(), set: Callback::new(select) }
}

/// The symbols of the strategies.
#[component]
fn Legend() -> impl IntoView {
    let (context, texts) = (expect_context::<SearchContext>(), use_texts());
    let entries = Memo::new(move |_| {
        context.started(|started| legend(started, texts.get())).unwrap_or_default()
    });
    let entry = |(symbol, strategy): (usize, String)| {
        let path = marks::symbol(symbol, (9.0, 9.0), 5.5);
        view! {
            <li>
                <svg aria-hidden="true" focusable="false" width="18" height="18">
                    <path class="chart-mark" data-color=symbol % COLORS d=path />
                </svg>
                {strategy}
            </li>
        }
    };
    view! {
        <ul class="search-legend">
            {move || entries.get().into_iter().map(entry).collect_view()}
        </ul>
    }
}
