//! The buttons that start, pause, stop and continue a run.

use std::time::Duration;

use leptos::html::Button;
use leptos::prelude::*;

use crate::engine::Engine;
use crate::language::{text, use_texts};
use crate::parts::focus_in_place;
use crate::state::{Job, State, send};
use crate::steps::Step;
use crate::train::option_field::field_id;
use crate::train::run_display::RunDisplay;
use tunelab_core::protocol::Command;
use tunelab_l10n::{Localize, Texts};
use tunelab_presentation::progress::run_log::Phase;
use tunelab_presentation::train::readiness::ImageObstacle;

/// How long a run waits for the speed of the device.
const MEASURING_TIMEOUT: Duration = Duration::from_secs(30);

/// Start, or Pause, Resume and Stop, each with its explanation.
#[component]
pub fn Controls() -> impl IntoView {
    let active = expect_context::<RunDisplay>().active;
    let (start, pause) = (NodeRef::<Button>::new(), NodeRef::<Button>::new());
    keep_focus(active, start, pause);
    view! {
        <Show when=move || active.get() fallback=move || view! { <StartButtons start /> }>
            <RunButtons pause />
        </Show>
    }
}

/// What prevents a run.
#[derive(Debug, Clone, PartialEq)]
enum Obstacle {
    Images(ImageObstacle),
    /// The option with this key has an invalid value.
    InvalidOption(String),
    Busy(Job),
    EngineStopped,
}

impl Obstacle {
    fn find(state: State) -> Option<Self> {
        let images = || state.collection.with(ImageObstacle::of).map(Self::Images);
        let option = || {
            let key = state.draft.with(|draft| Some(draft.errors.first()?.key.to_string()))?;
            Some(Self::InvalidOption(key))
        };
        let job = || state.job.get().map(Self::Busy);
        let engine = || state.has_engine_failed().then_some(Self::EngineStopped);
        images().or_else(option).or_else(job).or_else(engine)
    }

    fn reason(&self, texts: Texts) -> String {
        match self {
            Self::Images(obstacle) => obstacle.localize(texts),
            Self::InvalidOption(key) => texts.run_invalid_value(texts.label_of_option(key)),
            Self::Busy(job) => match job {
                Job::FindLearningRate => texts.run_busy_rate_finder(),
                Job::Search => texts.run_busy_search(),
                Job::Distill => texts.run_busy_distillation(),
                Job::LoadComparedModel => texts.run_busy_loading(),
            }
            .to_owned(),
            Self::EngineStopped => texts.run_engine_stopped().to_owned(),
        }
    }

    /// Where to resolve it: an address on the page, and the text of the link.
    fn link(&self, texts: Texts) -> Option<(String, &'static str)> {
        match self {
            Self::Images(obstacle) => Some((Step::Images.href(), obstacle.remedy(texts))),
            Self::InvalidOption(key) => {
                Some((format!("#{}", field_id(key)), texts.run_go_to_setting()))
            }
            Self::Busy(_) | Self::EngineStopped => None,
        }
    }
}

#[component]
fn StartButtons(start: NodeRef<Button>) -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let (display, texts) = (expect_context::<RunDisplay>(), use_texts());
    let can_continue = Memo::new(move |_| display.can_continue());
    let obstacle = Memo::new(move |_| Obstacle::find(state));
    let reason = move || {
        obstacle.get().map(|obstacle| {
            let link = obstacle.link(texts.get());
            view! {
                {obstacle.reason(texts.get())} " "
                {link.map(|(target, text)| view! { <a href=target>{text}</a> })}
            }
        })
    };
    let is_waiting = RwSignal::new(false);
    let start_run = move || {
        is_waiting.set(false);
        if obstacle.with_untracked(Option::is_none) {
            state.train(engine, state.draft.get_untracked().config);
        }
    };
    // The automatic strategy depends on the device and its speed, which are found out when the app starts.
    let is_measured = Memo::new(move |_| {
        state.device.with(|status| status.as_ref().is_some_and(|status| !status.busy))
    });
    Effect::new(move || {
        if is_waiting.get() && is_measured.get() {
            start_run();
        }
    });
    let request = move || {
        if is_waiting.get_untracked() {
            return;
        }
        let needs_speed = state.form.with_untracked(|form| form.strategy().is_none());
        if needs_speed && !is_measured.get_untracked() && obstacle.with_untracked(Option::is_none) {
            is_waiting.set(true);
            // A device that cannot be measured gets the shortest run.
            set_timeout(
                move || {
                    if is_waiting.try_get_untracked() == Some(true) {
                        start_run();
                    }
                },
                MEASURING_TIMEOUT,
            );
        } else {
            start_run();
        }
    };
    view! {
        <div class="row wrap train-buttons">
            <button
                type="button"
                class="button primary train-start"
                node_ref=start
                aria-describedby="train-reason"
                aria-disabled=move || obstacle.with(|obstacle| obstacle.is_some().then_some("true"))
                on:click=move |_| request()
            >
                {text(Texts::run_start)}
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
                    {text(Texts::train_continue)}
                </button>
            </Show>
            <p class="hint" id="train-reason">
                {reason}
            </p>
            <p class="hint" role="status" data-testid="measuring">
                {move || is_waiting.get().then(|| texts.get().run_measuring())}
            </p>
        </div>
        <Show when=move || can_continue.get()>
            <p class="hint">{text(Texts::run_continue_hint)}</p>
        </Show>
    }
}

#[component]
fn RunButtons(pause: NodeRef<Button>) -> impl IntoView {
    let texts = use_texts();
    let phase = expect_context::<RunDisplay>().phase;
    let is_paused = move || phase.get() == Phase::Paused;
    let is_stopping = RwSignal::new(false);
    view! {
        <div class="row wrap train-buttons">
            <button
                type="button"
                class="button"
                node_ref=pause
                on:click=move |_| {
                    send(if untrack(is_paused) { Command::Resume } else { Command::Pause });
                }
            >
                {move || if is_paused() { texts.get().run_resume() } else { texts.get().run_pause() }}
            </button>
            <button
                type="button"
                class="button danger"
                aria-disabled=move || is_stopping.get().then_some("true")
                on:click=move |_| {
                    if !is_stopping.get_untracked() {
                        is_stopping.set(true);
                        send(Command::Stop);
                    }
                }
            >
                {text(Texts::run_stop)}
            </button>
            <p class="hint">
                {move || match (is_stopping.get(), is_paused()) {
                    (true, _) => texts.get().run_stopping_hint().to_owned(),
                    (false, true) => texts.get().run_paused_hint().into(),
                    (false, false) => texts.get().run_controls_hint().into(),
                }}
            </p>
        </div>
    }
}

/// Keeps the focus on these buttons when they replace each other, and scrolls to a run that starts.
fn keep_focus(active: Memo<bool>, start: NodeRef<Button>, pause: NodeRef<Button>) {
    Effect::new(move |before: Option<bool>| {
        let active = active.get();
        if before.is_some_and(|before| before != active) {
            // The other buttons exist after this effect.
            request_animation_frame(move || {
                let is_lost = document().active_element().is_none_or(|at| at.tag_name() == "BODY");
                let next = if active { pause } else { start };
                if is_lost && let Some(button) = next.get_untracked() {
                    // The end of a run does not scroll the page.
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
