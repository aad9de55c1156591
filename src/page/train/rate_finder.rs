//! The learning-rate finder: a short run with a rising learning rate, its curve, and the suggestion.

use leptos::prelude::*;

use crate::charts::LineChartView;
use crate::engine::Engine;
use crate::language::{text, use_texts};
use crate::parts::{ProblemNotice, on_first_click};
use crate::state::{Job, State};
use tunelab_core::options::values::Schedule;
use tunelab_core::options::{TrainConfig, rounded};
use tunelab_core::protocol::{Command, Subject};
use tunelab_core::train::rate_finder::{RateCurve, STEPS};
use tunelab_l10n::Texts;
use tunelab_presentation::train::rate_finder::loss_by_rate;

/// A button that starts the finder, and its result.
#[component]
pub fn RateFinder() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let texts = use_texts();
    let rates = state.rates;
    let is_running = Memo::new(move |_| state.job.get() == Some(Job::FindLearningRate));
    let basis = Memo::new(move |_| {
        let config = state.draft.with(|draft| draft.config.clone());
        (state.collection.get(), without_the_rate(config))
    });
    // A suggestion for other options or images does not hold.
    let found_for = RwSignal::new(None);
    Effect::new(move || {
        let holds =
            basis.with(|basis| found_for.with_untracked(|found| found.as_ref() == Some(basis)));
        if !holds && !is_running.get() {
            rates.set(RateCurve::default());
        }
    });
    let suggestion = Memo::new(move |_| {
        rates.with(|rates| (!is_running.get()).then(|| rates.suggestion()).flatten())
    });
    let has_curve = Memo::new(move |_| rates.with(|rates| rates.points.len() > 1));
    let chart = Signal::derive(move || {
        rates.with(|rates| loss_by_rate(rates, suggestion.get(), texts.get()))
    });
    let status = move || rates.with(|rates| status(rates, is_running.get(), texts.get()));
    let press = move || {
        if is_running.get_untracked() {
            engine.send(Command::Stop);
        } else {
            rates.set(RateCurve::default());
            found_for.set(Some(basis.get_untracked()));
            let config = Box::new(state.draft.get_untracked().config);
            let command = Command::FindLearningRate { config };
            state.begin(engine, Job::FindLearningRate, command, &[]);
        }
    };
    view! {
        <div class="field rate-finder">
            <button
                type="button"
                class="button"
                disabled=move || !is_running.get() && !state.is_idle.get()
                on:click=on_first_click(press)
            >
                {move || match is_running.get() {
                    true => texts.get().rate_finder_stop(),
                    false => texts.get().rate_finder_start(),
                }}
            </button>
            <p class="hint" role="status">
                {status}
            </p>
            <ProblemNotice about=Subject::LearningRate />
            <Show when=move || has_curve.get()>
                <LineChartView chart summary=text(Texts::rate_finder_chart_hint) />
            </Show>
            <Show when=move || suggestion.get().is_some()>
                <button
                    type="button"
                    class="button"
                    on:click=move |_| {
                        if let Some(rate) = suggestion.get_untracked() {
                            let text = rounded(rate);
                            state.form.update(|form| form.choices.set("learning_rate", text));
                        }
                    }
                >
                    {move || {
                        let texts = texts.get();
                        Some(texts.rate_finder_use(&texts.rate(suggestion.get()?)))
                    }}
                </button>
            </Show>
        </div>
    }
}

/// A configuration without the options that the finder ignores.
fn without_the_rate(config: TrainConfig) -> TrainConfig {
    TrainConfig {
        learning_rate: 0.0,
        epochs: 1,
        patience: None,
        schedule: Schedule::Constant,
        step_epochs: 1,
        warmup_epochs: None,
        ..config
    }
}

fn status(rates: &RateCurve, is_running: bool, texts: Texts) -> String {
    match (is_running, rates.points.len()) {
        (true, 0) => texts.rate_finder_preparing().to_owned(),
        (true, tested) => texts.rate_finder_testing(tested, STEPS),
        (false, 0) => texts.rate_finder_about().to_owned(),
        (false, _) => match rates.suggestion() {
            Some(rate) => texts.rate_finder_suggestion(&texts.rate(rate)),
            None if rates.next_rate().is_some() => texts.rate_finder_stopped().to_owned(),
            None => texts.rate_finder_no_suggestion().to_owned(),
        },
    }
}
