//! The learning-rate finder: a short try, its curve, and what it suggests.

use leptos::prelude::*;

use crate::engine::Engine;
use crate::parts::status::ProblemNotice;
use crate::state::{Job, State};
use crate::train::sheet::Sheet;
use tunelab_core::protocol::{Command, Subject, TrainRequest};
use tunelab_core::train::config::Warmup;
use tunelab_core::train::rate_finder::{RateCurve, RatePoint, STEPS};
use tunelab_core::train::schedule::Schedule;
use tunelab_presentation::train::form::number::Number;

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
    let sheet = expect_context::<Sheet>();
    let rates = state.rates;
    let under_way = Memo::new(move |_| state.job.get() == Some(Job::FindLearningRate));
    let basis = Memo::new(move |_| {
        let request = sheet.draft.with(|draft| draft.request.clone());
        (state.collection.get(), without_the_rate(request))
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
            let request = Box::new(sheet.draft.get_untracked().request);
            let command = Command::FindLearningRate { request };
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
                            sheet.form.update(|form| {
                                form.numbers.insert(Number::LearningRate, text);
                            });
                        }
                    }
                >
                    "Use " {move || suggestion.get().map(rounded)}
                </button>
            </Show>
        </div>
    }
}

/// A request without what plays no part in finding a rate.
fn without_the_rate(mut request: TrainRequest) -> TrainRequest {
    let config = &mut request.config;
    config.learning_rate = 0.0;
    config.set_epochs(1);
    config.patience = None;
    config.schedule = Schedule::Constant;
    config.warmup = Warmup::Auto;
    request
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
