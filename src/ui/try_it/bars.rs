//! What the network makes of a picture.

use std::sync::Arc;

use leptos::prelude::*;

use super::ranking::{Rank, ranked};
use super::trial::Trial;
use crate::ui::parts::{KeyedList, Show};
use crate::ui::plot::format::{measured, probability};
use crate::ui::state::State;

/// Classes shown before all are asked for.
const TOP: usize = 5;

/// Every class with its probability, the most probable first.
#[component]
pub fn Probabilities() -> impl IntoView {
    let trial = expect_context::<Trial>();
    let state = expect_context::<State>();
    let all = RwSignal::new(false);
    let classes = Memo::new(move |_| {
        state.outcome.with(|outcome| {
            outcome.as_ref().map(|outcome| outcome.classes().to_vec()).unwrap_or_default()
        })
    });
    let ranks = Memo::new(move |_| {
        let count = if all.get() { usize::MAX } else { TOP };
        trial.answer().map(|answer| ranked(&answer.probabilities, count)).unwrap_or_default()
    });
    let name = move |class: usize| classes.with(|classes| classes.get(class).cloned());
    let top = move || {
        let Rank { class, probability: share } = *ranks.get().first()?;
        Some(format!("{} {}", name(class).unwrap_or_default(), probability(share)))
    };
    let time = move || trial.answer().map(|answer| format!("in {}", measured(answer.seconds)));
    let shown = Memo::new(move |_| {
        ranks.with(|ranks| ranks.iter().map(|rank| rank.class as u32).collect::<Vec<_>>())
    });
    let bar = Arc::new(move |class| {
        let class = class as usize;
        view! { <ClassBar class name=Signal::derive(move || name(class)) /> }.into_any()
    });
    let more = move || classes.with(Vec::len).saturating_sub(TOP);
    view! {
        <section class="try-answer" aria-label="Class probabilities">
            // One picture is said aloud; the camera's many are not.
            <p
                class="try-top"
                aria-live=move || if trial.picture.with(Option::is_some) { "polite" } else { "off" }
            >
                <strong data-testid="prediction">{top}</strong>
                " "
                <span class="hint">{time}</span>
            </p>
            <Show
                when=move || ranks.with(|ranks| !ranks.is_empty())
                fallback=move || {
                    view! {
                        <p class="hint">
                            {move || {
                                if trial.is_waiting() {
                                    "Looking at it"
                                } else {
                                    "What the network sees in your picture is shown here."
                                }
                            }}
                        </p>
                    }
                }
            >
                <ol class="try-bars">
                    <KeyedList keys=shown entry=bar.clone() />
                </ol>
                <Show when=move || { more() > 0 }>
                    <button
                        type="button"
                        class="button quiet"
                        aria-expanded=move || all.get().to_string()
                        on:click=move |_| all.update(|all| *all = !*all)
                    >
                        {move || {
                            if all.get() {
                                "Show the first five".to_string()
                            } else {
                                format!("Show all {} classes", TOP + more())
                            }
                        }}
                    </button>
                </Show>
            </Show>
        </section>
    }
}

#[component]
fn ClassBar(class: usize, name: Signal<Option<String>>) -> impl IntoView {
    let trial = expect_context::<Trial>();
    let share = Memo::new(move |_| {
        let answer = trial.answer();
        answer.and_then(|answer| answer.probabilities.get(class).copied()).unwrap_or(0.0)
    });
    view! {
        <li class="try-bar">
            <span class="try-bar-name">{move || name.get()}</span>
            <span class="try-bar-track" aria-hidden="true">
                <span class="try-bar-fill" style:width=move || format!("{:.1}%", 100.0 * share.get())>
                </span>
            </span>
            <span class="try-bar-number">{move || probability(share.get())}</span>
        </li>
    }
}
