//! The learning-rate finder: a short try, its curve, and what it suggests.

use leptos::prelude::*;

use crate::engine::Engine;
use crate::parts::ProblemNotice;
use crate::state::{Job, State};
use tunelab_core::options::TrainConfig;
use tunelab_core::options::values::Schedule;
use tunelab_core::protocol::{Command, Subject};
use tunelab_core::train::rate_finder::{RateCurve, RatePoint, STEPS};

/// The drawing's size, in px of its own.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 160.0;
const LEFT: f64 = 40.0;
const BOTTOM: f64 = 24.0;
/// The powers of ten between which rates are tried.
const EXPONENTS: std::ops::RangeInclusive<i32> = -6..=1;

/// A button that tries learning rates, and what came of it.
#[component]
pub fn RateFinder() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let rates = state.rates;
    let under_way = Memo::new(move |_| state.job.get() == Some(Job::FindLearningRate));
    let basis = Memo::new(move |_| {
        let config = state.draft.with(|draft| draft.config.clone());
        (state.collection.get(), without_the_rate(config))
    });
    // What was found for other choices or pictures is no suggestion for these.
    let found_for = RwSignal::new(None);
    Effect::new(move || {
        let holds =
            basis.with(|basis| found_for.with_untracked(|found| found.as_ref() == Some(basis)));
        if !holds && !under_way.get() {
            rates.set(RateCurve::default());
        }
    });
    let suggestion = Memo::new(move |_| {
        rates.with(|rates| (!under_way.get()).then(|| rates.suggestion()).flatten())
    });
    let has_curve = Memo::new(move |_| rates.with(|rates| rates.points.len() > 1));
    let words = move || rates.with(|rates| sentence(rates, under_way.get()));
    let press = move || {
        if under_way.get_untracked() {
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
                disabled=move || !under_way.get() && !state.is_idle.get()
                on:click=move |_| press()
            >
                {move || if under_way.get() { "Stop trying" } else { "Find a learning rate" }}
            </button>
            <p class="hint" role="status">
                {words}
            </p>
            <ProblemNotice about=Subject::LearningRate />
            <Show when=move || has_curve.get()>
                <svg
                    class="rate-finder-curve"
                    viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                    role="img"
                    aria-label="Loss over the learning rate, on a logarithmic scale"
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
                    "Use " {move || suggestion.get().map(rounded)}
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

fn sentence(rates: &RateCurve, under_way: bool) -> String {
    let tried = rates.points.len();
    match (under_way, tried) {
        (true, 0) => "Getting ready…".into(),
        (true, tried) => format!("Trying: {tried} of at most {STEPS}."),
        (false, 0) => {
            "Tries ever higher rates in a short run of its own, and suggests the best. Takes up to a hundred steps.".into()
        }
        (false, _) => match rates.suggestion() {
            Some(rate) => format!("Suggested: {}, where the loss falls well.", rounded(rate)),
            None => "The loss fell at no rate; the recommended one is as good as any.".into(),
        },
    }
}

/// Two digits of a rate.
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
    // What blows up leaves the picture; else the valley would be flat in it.
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
