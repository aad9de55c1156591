//! A search as it goes, and what it has come to.

use leptos::prelude::*;

use crate::parts::ProgressBar;
use crate::train::search::context::SearchContext;
use crate::train::search::plots::Plots;
use tunelab_presentation::train::search::log::SearchLog;
use tunelab_presentation::train::search::tries::Try;
use tunelab_presentation::train::search::words::{achieved, doing, made_with, news, time_left};

/// Trials that are listed.
const LISTED: usize = 5;

/// Everything about the newest search; nothing before the first.
#[component]
pub fn Results() -> impl IntoView {
    let context = expect_context::<SearchContext>();
    let has_tries = Memo::new(move |_| context.tries.with(|tries| !tries.is_empty()));
    let is_other = Memo::new(move |_| context.log(|log| log.begun.is_some() && !log.fits()));
    view! {
        <Show when=move || context.under_way.get()>
            <Progress />
        </Show>
        <p role="status" class="search-news" data-testid="search-news">
            {move || {
                let under_way = context.under_way.get();
                context.log(|log| news(log, under_way))
            }}
        </p>
        <Show when=move || is_other.get()>
            <p class="notice warn" data-testid="search-other">
                "These results are of other pictures, or of another network, than are there now. The search cannot go on with these; it can be started anew."
            </p>
        </Show>
        <Show when=move || has_tries.get()>
            <BestButton />
            <Plots />
            <Ranking />
        </Show>
    }
}

#[component]
fn Progress() -> impl IntoView {
    let context = expect_context::<SearchContext>();
    let left = move || {
        let speed = context.speed();
        context.log(|log| time_left(log, speed))
    };
    view! {
        <div class="train-progress">
            <ProgressBar
                label=Signal::derive(move || context.log(doing))
                value=Signal::derive(move || context.log(SearchLog::progress))
            />
            <p class="hint" data-testid="search-left">
                {left}
            </p>
        </div>
    }
}

#[component]
fn BestButton() -> impl IntoView {
    let context = expect_context::<SearchContext>();
    let used = Memo::new(move |_| context.best_is_used());
    let is_there = Memo::new(move |_| {
        context.tries.with(|tries| tries.first().is_some_and(|best| best.score.is_some()))
    });
    view! {
        <Show when=move || is_there.get()>
            <div class="row wrap train-buttons">
                <button type="button" class="button" on:click=move |_| context.use_best()>
                    "Use the best settings"
                </button>
                <p class="hint" role="status">
                    {move || {
                        if used.get() {
                            "They are chosen above now; Train trains with them."
                        } else {
                            "Puts them into the settings above, to train with."
                        }
                    }}
                </p>
            </div>
        </Show>
    }
}

/// The best few, in words.
#[component]
fn Ranking() -> impl IntoView {
    let context = expect_context::<SearchContext>();
    let rows = move || {
        context.tries.with(|tries| {
            let row = |tried: &Try| {
                let trial = tried.trial;
                view! {
                    <li
                        class:selected=move || context.selected.get() == Some(trial)
                        data-testid="search-rank"
                        on:pointerenter=move |_| context.selected.set(Some(trial))
                        on:pointerleave=move |_| context.selected.set(None)
                    >
                        <strong>{achieved(tried)}</strong>
                        " "
                        {made_with(tried)}
                    </li>
                }
            };
            tries.iter().take(LISTED).map(row).collect_view()
        })
    };
    view! {
        <div>
            <h3 class="train-heading">"The best so far"</h3>
            <p class="hint">
                "By the pictures kept for checking. Longer runs come first, since their results are surer."
                {move || {
                    (!context.state.dataset.get().context.tasks.only_classes())
                        .then_some(
                            " Of each column counts what is measured of it: how many are right (classes), mAP (labels) or R² (a number); here is their mean, 100 % at best.",
                        )
                }}
            </p>
            <ol class="search-ranking">{rows}</ol>
        </div>
    }
}
