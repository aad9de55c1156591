//! What is said aloud of a run: its turns and the ends of its epochs, not its steps.

use leptos::prelude::*;

use crate::state::State;
use crate::train::run_display::RunDisplay;
use tunelab_presentation::plot::format::percent;
use tunelab_presentation::train::run_log::{Ending, Phase};
use tunelab_presentation::train::verdict::{UNCHECKED, epoch_news};

/// Least time between two epochs that are said, in ms: where they are short, not each can be heard.
const BETWEEN_EPOCHS_MS: f64 = 8_000.0;

/// A polite announcement that nobody sees.
#[component]
pub fn News() -> impl IntoView {
    let (state, display) = (expect_context::<State>(), expect_context::<RunDisplay>());
    let words = RwSignal::new(String::new());
    Effect::new(move |before: Option<Phase>| {
        let phase = display.phase.get();
        let turn = match phase {
            _ if before.is_none() || before == Some(phase) => None,
            Phase::Preparing | Phase::Looking | Phase::Paused | Phase::Stopped => {
                Some(format!("{}.", phase.words()))
            }
            Phase::Training if before != Some(Phase::Checking) => Some("Training.".into()),
            Phase::Finished => state.run.with_untracked(|run| match run.ending {
                Some(Ending { top1, .. }) => {
                    let measure = run.measure.name();
                    Some(format!("Finished. Best validation {measure} {}.", percent(top1)))
                }
                None => Some(format!("Finished. {UNCHECKED}")),
            }),
            _ => None,
        };
        if let Some(turn) = turn {
            words.set(turn);
        }
        phase
    });
    let epochs = Memo::new(move |_| display.run(|run| run.epochs.len()));
    let latest = StoredValue::new(0.0);
    Effect::new(move || {
        let now = js_sys::Date::now();
        if epochs.get() > 0 && now - latest.get_value() >= BETWEEN_EPOCHS_MS {
            latest.set_value(now);
            if let Some(news) = state.run.with_untracked(epoch_news) {
                words.set(news);
            }
        }
    });
    Effect::new(move || {
        if let Some(news) = state.interrupted.get() {
            words.set(news);
        }
    });
    view! {
        <p class="visually-hidden" role="status" aria-live="polite">
            {move || words.get()}
        </p>
    }
}
