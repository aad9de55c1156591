//! A search in progress, and its results.

use leptos::prelude::*;

use crate::language::{text, use_texts};
use crate::parts::ProgressBar;
use crate::train::search::charts::SearchCharts;
use crate::train::search::context::SearchContext;
use tunelab_l10n::Texts;
use tunelab_presentation::progress::time_estimate::time_left;
use tunelab_presentation::train::search::log::SearchLog;
use tunelab_presentation::train::search::status::{current_run, summary};
use tunelab_presentation::train::search::trials::RankedTrial;

/// Trials in the list of the best ones.
const LISTED: usize = 5;

/// Everything about the latest search; nothing before the first.
#[component]
pub fn Results() -> impl IntoView {
    let (context, texts) = (expect_context::<SearchContext>(), use_texts());
    let has_trials = Memo::new(move |_| context.trials.with(|trials| !trials.is_empty()));
    let has_other_basis =
        Memo::new(move |_| context.log(|log| log.started.is_some() && !log.matches_basis()));
    let summary = move || {
        let is_running = context.under_way.get();
        context.log(|log| summary(log, is_running, texts.get()))
    };
    view! {
        <Show when=move || context.under_way.get()>
            <Progress />
        </Show>
        <p role="status" class="search-summary" data-testid="search-summary">
            {summary}
        </p>
        <Show when=move || has_other_basis.get()>
            <p class="notice warn" data-testid="search-other-basis">
                {text(Texts::search_other_basis)}
            </p>
        </Show>
        <Show when=move || has_trials.get()>
            <BestButton />
            <SearchCharts />
            <Ranking />
        </Show>
    }
}

#[component]
fn Progress() -> impl IntoView {
    let (context, texts) = (expect_context::<SearchContext>(), use_texts());
    let time_left = move || {
        let seconds = context.log(|log| log.seconds_left(context.speed()));
        time_left(seconds, texts.get())
    };
    view! {
        <div class="train-progress">
            <ProgressBar
                label=Signal::derive(move || context.log(|log| current_run(log, texts.get())))
                value=Signal::derive(move || context.log(SearchLog::progress))
            />
            <p class="hint" data-testid="search-time-left">
                {time_left}
            </p>
        </div>
    }
}

#[component]
fn BestButton() -> impl IntoView {
    let (context, texts) = (expect_context::<SearchContext>(), use_texts());
    let is_used = Memo::new(move |_| context.best_is_used());
    let has_best = Memo::new(move |_| {
        context.trials.with(|trials| trials.first().is_some_and(|best| best.score.is_some()))
    });
    view! {
        <Show when=move || has_best.get()>
            <div class="row wrap train-buttons">
                <button type="button" class="button" on:click=move |_| context.use_best()>
                    {text(Texts::search_use_best)}
                </button>
                <p class="hint" role="status">
                    {move || match is_used.get() {
                        true => texts.get().search_best_used(),
                        false => texts.get().search_use_best_hint(),
                    }}
                </p>
            </div>
        </Show>
    }
}

/// The best trials as a list.
#[component]
fn Ranking() -> impl IntoView {
    let (context, texts) = (expect_context::<SearchContext>(), use_texts());
    let hint = move || {
        let is_mean = !context.state.dataset.get().context.tasks.only_classes();
        let texts = texts.get();
        let mean = is_mean.then(|| texts.search_mean_score_hint());
        let sentences = [Some(texts.search_ranking_hint()), mean];
        texts.sentences(&sentences.into_iter().flatten().collect::<Vec<_>>())
    };
    let rows = move || {
        let texts = texts.get();
        let row = |ranked: &RankedTrial| {
            let trial = ranked.trial;
            view! {
                <li
                    class:selected=move || context.selected.get() == Some(trial)
                    data-testid="search-rank"
                    on:pointerenter=move |_| context.selected.set(Some(trial))
                    on:pointerleave=move |_| context.selected.set(None)
                >
                    <strong>{ranked.score_text(texts)}</strong>
                    " "
                    {ranked.settings(texts)}
                </li>
            }
        };
        context.trials.with(|trials| trials.iter().take(LISTED).map(row).collect_view())
    };
    view! {
        <div>
            <h3 class="train-heading">{text(Texts::search_ranking)}</h3>
            <p class="hint">{hint}</p>
            <ol class="search-ranking">{rows}</ol>
        </div>
    }
}
