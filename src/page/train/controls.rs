//! The buttons that start, pause, stop and continue a run.

use leptos::html::Button;
use leptos::prelude::*;

use crate::parts::focus::focus_in_place;
use crate::state::send;
use crate::train::desk::Desk;
use crate::train::fields::field_id;
use tunelab_core::protocol::Command;
use tunelab_presentation::train::form::number::Number;
use tunelab_presentation::train::readiness::{Obstacle, obstacle};
use tunelab_presentation::train::run_log::Phase;

/// Train, or Pause, Resume and Stop, each with what it does.
#[component]
pub fn Controls() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let (train, pause) = (NodeRef::<Button>::new(), NodeRef::<Button>::new());
    keep_focus(desk, train, pause);
    view! {
        <Show when=move || desk.active.get() fallback=move || view! { <StartButtons train /> }>
            <RunButtons pause />
        </Show>
    }
}

#[component]
fn StartButtons(train: NodeRef<Button>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let obstacle = Memo::new(move |_| what_is_missing(desk));
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
                        desk.train();
                    }
                }
            >
                "Train"
            </button>
            <Show when=move || desk.can_go_on()>
                <button type="button" class="button" on:click=move |_| desk.go_on()>
                    "Continue training"
                </button>
            </Show>
            <p class="hint" id="train-reason">
                {reason}
            </p>
        </div>
        <Show when=move || desk.can_go_on()>
            <p class="hint">
                "Continue training goes on where the run ended, with its settings. Train begins a new run."
            </p>
        </Show>
    }
}

#[component]
fn RunButtons(pause: NodeRef<Button>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let is_paused = move || desk.phase.get() == Phase::Paused;
    let stopping = desk.stopping;
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
fn what_is_missing(desk: Desk) -> Option<Obstacle> {
    if let Some(obstacle) = desk.state.collection.with(obstacle) {
        return Some(obstacle);
    }
    let wrong = desk.draft.with(|draft| draft.errors.keys().next().copied());
    if let Some(number) = wrong {
        let reason = match number {
            Number::Epochs => "“Epochs” cannot be used as it is written.".into(),
            _ => "A number under “Advanced” cannot be used as it is written.".into(),
        };
        return Some(Obstacle {
            reason,
            remedy: Some((format!("#{}", field_id(number)), "Go to it")),
        });
    }
    if let Some(job) = desk.state.job.get() {
        let reason = format!("{} Training can start when that has ended.", job.words());
        return Some(Obstacle { reason, remedy: None });
    }
    desk.state.is_worker_lost().then(|| Obstacle {
        reason: "The program that computes is not running. Start it again first.".into(),
        remedy: None,
    })
}

/// The focus stays among the buttons when they change places, and the run that begins comes into sight.
fn keep_focus(desk: Desk, train: NodeRef<Button>, pause: NodeRef<Button>) {
    Effect::new(move |before: Option<bool>| {
        let active = desk.active.get();
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
