//! The buttons that start, pause, stop and continue a run.

use leptos::html::Button;
use leptos::prelude::*;

use crate::engine::Engine;
use crate::parts::focus_in_place;
use crate::state::{State, send};
use crate::train::option_field::field_id;
use crate::train::run_display::RunDisplay;
use tunelab_core::protocol::Command;
use tunelab_l10n::Texts;
use tunelab_presentation::train::readiness::{Obstacle, obstacle};
use tunelab_presentation::train::run_log::Phase;

/// Train, or Pause, Resume and Stop, each with what it does.
#[component]
pub fn Controls() -> impl IntoView {
    let active = expect_context::<RunDisplay>().active;
    let (train, pause) = (NodeRef::<Button>::new(), NodeRef::<Button>::new());
    keep_focus(active, train, pause);
    view! {
        <Show when=move || active.get() fallback=move || view! { <StartButtons train /> }>
            <RunButtons pause />
        </Show>
    }
}

#[component]
fn StartButtons(train: NodeRef<Button>) -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let display = expect_context::<RunDisplay>();
    let can_continue = Memo::new(move |_| display.can_continue());
    let obstacle = Memo::new(move |_| what_is_missing(state));
    let reason = move || {
        obstacle.get().map(|Obstacle { reason, remedy }| {
            view! {
                {reason} " "
                {remedy.map(|(target, words)| view! { <a href=target>{words}</a> })}
            }
        })
    };
    view! {
        <div class="row wrap train-buttons">
            <button
                type="button"
                class="button primary train-start"
                node_ref=train
                aria-describedby="train-reason"
                aria-disabled=move || obstacle.with(|obstacle| obstacle.is_some().then_some("true"))
                on:click=move |_| {
                    if obstacle.with_untracked(Option::is_none) {
                        state.train(engine, state.draft.get_untracked().config);
                    }
                }
            >
                "Train"
            </button>
            <Show when=move || can_continue.get()>
                <button
                    type="button"
                    class="button"
                    on:click=move |_| {
                        state.forget_last_run();
                        state.continue_run(engine);
                    }
                >
                    "Continue training"
                </button>
            </Show>
            <p class="hint" id="train-reason">
                {reason}
            </p>
        </div>
        <Show when=move || can_continue.get()>
            <p class="hint">
                "Continue training goes on where the run ended, with its settings. Train begins a new run."
            </p>
        </Show>
    }
}

#[component]
fn RunButtons(pause: NodeRef<Button>) -> impl IntoView {
    let phase = expect_context::<RunDisplay>().phase;
    let is_paused = move || phase.get() == Phase::Paused;
    let stopping = RwSignal::new(false);
    view! {
        <div class="row wrap train-buttons">
            <button
                type="button"
                class="button"
                node_ref=pause
                on:click=move |_| {
                    send(if is_paused() { Command::Resume } else { Command::Pause });
                }
            >
                {move || if is_paused() { "Resume" } else { "Pause" }}
            </button>
            <button
                type="button"
                class="button danger"
                aria-disabled=move || stopping.get().then_some("true")
                on:click=move |_| {
                    if !stopping.get_untracked() {
                        stopping.set(true);
                        send(Command::Stop);
                    }
                }
            >
                "Stop"
            </button>
            <p class="hint">
                {move || match (stopping.get(), is_paused()) {
                    (true, _) => "Stopping after this step, and keeping what was learned.",
                    (false, true) => "Paused. Resume goes on right where it was.",
                    (false, false) => {
                        "Pause waits after the next step. Stop ends the run and keeps what was learned; it can be continued. Settings can be changed once it has ended."
                    }
                }}
            </p>
        </div>
    }
}

/// Why no run can be started.
fn what_is_missing(state: State) -> Option<Obstacle> {
    if let Some(obstacle) = state.collection.with(obstacle) {
        return Some(obstacle);
    }
    let wrong = state.draft.with(|draft| draft.errors.first().map(|error| error.key));
    if let Some(key) = wrong {
        let label = Texts::ENGLISH.label_of_option(key).unwrap_or(key);
        return Some(Obstacle {
            reason: format!("“{label}” has an invalid value."),
            remedy: Some((format!("#{}", field_id(key)), "Go to the setting")),
        });
    }
    if let Some(job) = state.job.get() {
        let reason = format!("{} Training can start when that has ended.", job.words());
        return Some(Obstacle { reason, remedy: None });
    }
    state.is_worker_lost().then(|| Obstacle {
        reason: "The program that computes is not running. Start it again first.".into(),
        remedy: None,
    })
}

/// The focus stays among the buttons when they change places, and the run that begins comes into sight.
fn keep_focus(active: Memo<bool>, train: NodeRef<Button>, pause: NodeRef<Button>) {
    Effect::new(move |before: Option<bool>| {
        let active = active.get();
        if before.is_some_and(|before| before != active) {
            // The next buttons are there after this effect.
            request_animation_frame(move || {
                let is_lost = document().active_element().is_none_or(|at| at.tag_name() == "BODY");
                let next = if active { pause } else { train };
                if is_lost && let Some(button) = next.get_untracked() {
                    // A run that ends does not take the reader away from where they are.
                    focus_in_place(&button);
                    if active {
                        button.scroll_into_view_with_bool(true);
                    }
                }
            });
        }
        active
    });
}
