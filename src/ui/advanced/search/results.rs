//! A search as it goes, and what it has come to.

use leptos::prelude::*;

use super::desk::Desk;
use super::log::SearchLog;
use super::plots::Plots;
use super::tries::Try;
use super::words::{achieved, doing, made_with, news, time_left};
use crate::ui::parts::{ProgressBar, Show};

/// Trials that are listed.
const LISTED: usize = 5;

/// Everything about the newest search; nothing before the first.
#[component]
pub fn Results() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let has_tries = Memo::new(move |_| desk.tries.with(|tries| !tries.is_empty()));
    let is_other = Memo::new(move |_| desk.log(|log| log.begun.is_some() && !log.fits()));
    view! {
        <Show when=move || desk.under_way.get()>
            <Progress />
        </Show>
        <p role="status" class="search-news" data-testid="search-news">
            {move || {
                let under_way = desk.under_way.get();
                desk.log(|log| news(log, under_way))
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
    let desk = expect_context::<Desk>();
    let left = move || {
        let speed = desk.page.speed.get();
        desk.log(|log| time_left(log, speed))
    };
    view! {
        <div class="train-progress">
            <ProgressBar
                label=Signal::derive(move || desk.log(doing))
                value=Signal::derive(move || desk.log(SearchLog::progress))
            />
            <p class="hint" data-testid="search-left">
                {left}
            </p>
        </div>
    }
}

#[component]
fn BestButton() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let used = Memo::new(move |_| desk.best_is_used());
    let is_there = Memo::new(move |_| {
        desk.tries.with(|tries| tries.first().is_some_and(|best| best.score.is_some()))
    });
    view! {
        <Show when=move || is_there.get()>
            <div class="row wrap train-buttons">
                <button type="button" class="button" on:click=move |_| desk.use_best()>
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
    let desk = expect_context::<Desk>();
    let rows = move || {
        desk.tries.with(|tries| {
            let row = |tried: &Try| {
                let trial = tried.trial;
                view! {
                    <li
                        class:selected=move || desk.selected.get() == Some(trial)
                        data-testid="search-rank"
                        on:pointerenter=move |_| desk.selected.set(Some(trial))
                        on:pointerleave=move |_| desk.selected.set(None)
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
                    (!desk.sheet.task.get().only_sorts())
                        .then_some(
                            " Of each column counts what is measured of it: how many are right (classes), mAP (labels) or R² (a number); here is their mean, 100 % at best.",
                        )
                }}
            </p>
            <ol class="search-ranking">{rows}</ol>
        </div>
    }
}
