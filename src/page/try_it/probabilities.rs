//! What the network makes of a picture.

use leptos::prelude::*;

use crate::parts::{Bar, Bars};
use crate::state::State;
use crate::try_it::trial::Trial;
use tunelab_presentation::plot::format::{measured, probability};
use tunelab_presentation::try_it::ranking::{Rank, ranked};

/// Classes shown before all are asked for.
const FIRST: usize = 5;

/// Every class with its probability, the most probable first.
#[component]
pub fn Probabilities() -> impl IntoView {
    let trial = expect_context::<Trial>();
    let state = expect_context::<State>();
    let classes = Memo::new(move |_| {
        state.outcome.with(|outcome| {
            outcome.as_ref().map(|outcome| outcome.classes().to_vec()).unwrap_or_default()
        })
    });
    let bars = Memo::new(move |_| {
        let Some(answer) = trial.answer() else { return Vec::new() };
        let bar = |rank: Rank| Bar {
            key: rank.class,
            name: classes.with(|classes| classes.get(rank.class).cloned()).unwrap_or_default(),
            share: rank.probability,
            words: probability(rank.probability),
            detail: String::new(),
        };
        ranked(answer.probabilities(), usize::MAX).into_iter().map(bar).collect()
    });
    let top = move || {
        bars.with(|bars: &Vec<Bar>| bars.first().map(|bar| format!("{} {}", bar.name, bar.words)))
    };
    let time = move || trial.answer().map(|answer| format!("in {}", measured(answer.seconds)));
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
                when=move || bars.with(|bars| !bars.is_empty())
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
                <Bars bars first=FIRST />
            </Show>
        </section>
    }
}
