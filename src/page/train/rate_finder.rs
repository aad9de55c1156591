//! The learning-rate finder: a short run with a rising learning rate, its curve, and the suggestion.

use leptos::prelude::*;

use crate::engine::Engine;
use crate::language::{text, use_texts};
use crate::parts::ProblemNotice;
use crate::state::{Job, State};
use tunelab_core::options::TrainConfig;
use tunelab_core::options::values::Schedule;
use tunelab_core::protocol::{Command, Subject};
use tunelab_core::train::rate_finder::{RateCurve, RatePoint, STEPS};
use tunelab_l10n::Texts;

/// The size of the chart, in units of the drawing.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 160.0;
const LEFT: f64 = 40.0;
const BOTTOM: f64 = 24.0;
/// The powers of ten between which learning rates are tested.
const EXPONENTS: std::ops::RangeInclusive<i32> = -6..=1;

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
                on:click=move |_| press()
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
                <svg
                    class="rate-finder-curve"
                    viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                    role="img"
                    aria-label=text(Texts::rate_finder_chart)
                >
                    {axis()}
                    <polyline
                        points=move || rates.with(|rates| line(&rates.points))
                        fill="none"
                        stroke="currentColor"
                        stroke-width="2"
                    />
                    {move || suggestion.get().map(mark)}
                </svg>
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
                    {move || Some(texts.get().rate_finder_use(&rounded(suggestion.get()?)))}
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
            Some(rate) => texts.rate_finder_suggestion(&rounded(rate)),
            None => texts.rate_finder_no_suggestion().to_owned(),
        },
    }
}

/// A learning rate with two digits.
fn rounded(rate: f64) -> String {
    format!("{rate:.1e}")
}

fn x_of(rate: f64) -> f64 {
    let (first, last) = (f64::from(*EXPONENTS.start()), f64::from(*EXPONENTS.end()));
    LEFT + (rate.log10() - first) / (last - first) * (WIDTH - LEFT)
}

/// The smoothed loss as the points of a line.
fn line(points: &[RatePoint]) -> String {
    let finite = || points.iter().filter(|point| point.smoothed.is_finite());
    let lowest = finite().map(|point| point.smoothed).fold(f64::INFINITY, f64::min);
    // High losses are cut off, which keeps the minimum visible.
    let first = points.first().map_or(lowest, |point| point.smoothed);
    let highest = (first + (first - lowest) * 0.5).max(lowest + 1e-9);
    let place = |point: &RatePoint| {
        let share = ((point.smoothed - lowest) / (highest - lowest)).min(1.0);
        let y = (HEIGHT - BOTTOM) * (1.0 - share);
        format!("{:.1},{:.1}", x_of(point.learning_rate), y.max(1.0))
    };
    finite().map(place).collect::<Vec<_>>().join(" ")
}

fn axis() -> impl IntoView {
    EXPONENTS
        .map(|exponent| {
            let x = (LEFT
                + f64::from(exponent - EXPONENTS.start()) * (WIDTH - LEFT)
                    / f64::from(EXPONENTS.end() - EXPONENTS.start()))
            .min(WIDTH - 16.0);
            view! {
                <text x=x y=HEIGHT - 6.0 font-size="12" text-anchor="middle" fill="currentColor">
                    {format!("1e{exponent}")}
                </text>
            }
        })
        .collect_view()
}

fn mark(rate: f64) -> impl IntoView {
    let x = x_of(rate);
    view! {
        <line x1=x x2=x y1="0" y2=HEIGHT - BOTTOM class="rate-finder-mark" />
    }
}
