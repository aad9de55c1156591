//! A run while it is in progress: its phase, speed, charts and images, and announcements for screen readers.

use leptos::prelude::*;

use crate::charts::LineChartView;
use crate::language::{text, use_texts};
use crate::parts::{PixelCanvas, ProgressBar};
use crate::state::{Pixels, State};
use crate::train::result::RunResult;
use crate::train::run_display::RunDisplay;
use tunelab_l10n::{Localize, Texts};
use tunelab_presentation::progress::run_charts::{loss, loss_summary, score, score_summary};
use tunelab_presentation::progress::run_log::{Phase, RunLog};
use tunelab_presentation::progress::run_result::Announcement;
use tunelab_presentation::progress::time_estimate;

/// Everything about the current or the last run; nothing before the first.
#[component]
pub fn RunView() -> impl IntoView {
    let display = expect_context::<RunDisplay>();
    let has_run = move || display.active.get() || display.phase.get() != Phase::None;
    let has_begun =
        Memo::new(move |_| display.active.get() || display.run(|run| run.total_epochs > 0));
    view! {
        <Show when=has_run>
            <div class="card train-live stack">
                <Progress />
                <Interruption />
                <Show when=move || has_begun.get()>
                    <RunMetrics />
                    <RunResult />
                    <Charts />
                </Show>
                <BatchImages />
            </div>
        </Show>
    }
}

#[component]
fn Progress() -> impl IntoView {
    let (display, texts) = (expect_context::<RunDisplay>(), use_texts());
    let phase = move || match display.phase.get() {
        _ if display.is_waiting() => texts.get().run_starting(),
        phase => phase.name(texts.get()),
    };
    let value = Signal::derive(move || match display.is_waiting() {
        true => None,
        false => display.run(RunLog::progress),
    });
    let label = Signal::derive(move || match display.is_waiting() {
        true => String::new(),
        false => display.run(|run| steps_done(run, texts.get())),
    });
    view! {
        <div class="train-progress">
            <p class="train-phase">
                <span
                    class="train-dot"
                    data-phase=move || phase_style(display)
                    aria-hidden="true"
                ></span>
                <strong data-testid="run-phase">{phase}</strong>
                <span class="hint" data-testid="time-left">
                    {move || display.run(|run| time_left(run, texts.get()))}
                </span>
            </p>
            <Show when=move || display.active.get()>
                <ProgressBar label value />
            </Show>
        </div>
    }
}

/// Why a run was interrupted that continues by itself.
#[component]
fn Interruption() -> impl IntoView {
    let (state, texts) = (expect_context::<State>(), use_texts());
    move || {
        let reason = state.interrupted.get()?.localize(texts.get());
        Some(view! { <p class="notice warn">{reason}</p> })
    }
}

/// The steps or images of the current phase that are done.
fn steps_done(run: &RunLog, texts: Texts) -> String {
    match (run.images, run.total_steps()) {
        (Some((_, 0)), _) => String::new(),
        (Some((done, total)), _) if run.phase != Phase::Training => {
            texts.run_images_of(total, done)
        }
        (_, 0) => String::new(),
        (_, total) => texts.run_step_of(run.step, total),
    }
}

fn time_left(run: &RunLog, texts: Texts) -> String {
    let seconds = run.seconds_left();
    let is_estimating = run.phase.is_active() && run.phase != Phase::Paused;
    if seconds.is_none() && !is_estimating {
        return String::new();
    }
    time_estimate::time_left(seconds, texts)
}

/// The value of the `data-phase` attribute, for styles.
fn phase_style(display: RunDisplay) -> &'static str {
    match display.phase.get() {
        _ if display.is_waiting() => "active",
        Phase::Finished => "good",
        Phase::Failed => "bad",
        Phase::Paused | Phase::Stopped => "waiting",
        _ => "active",
    }
}

#[component]
fn RunMetrics() -> impl IntoView {
    let (display, texts) = (expect_context::<RunDisplay>(), use_texts());
    let done_of = move |done: u64, total: u64| match done {
        0 => String::new(),
        done => texts.get().run_done_of(done, total),
    };
    let epoch = move || display.run(|run| done_of(run.epoch.into(), run.total_epochs.into()));
    let step = move || display.run(|run| done_of(run.step, run.total_steps()));
    let speed =
        move || display.run(|run| run.images_per_second().map(|speed| texts.get().speed(speed)));
    let learning_rate =
        move || display.run(|run| (run.step > 0).then(|| texts.get().rate(run.learning_rate)));
    let data = move || {
        display.run(|run| {
            let (texts, parameters) = (texts.get(), run.trainable_parameters);
            match (run.train_images, run.validation_images) {
                (0, _) => String::new(),
                (train, 0) => texts.run_data_without_validation(train, parameters),
                (train, validation) => texts.run_data(train, validation, parameters),
            }
        })
    };
    view! {
        <dl class="train-figures">
            <div>
                <dt>{text(Texts::run_epoch)}</dt>
                <dd data-testid="epoch">{epoch}</dd>
            </div>
            <div>
                <dt>{text(Texts::run_step)}</dt>
                <dd data-testid="step">{step}</dd>
            </div>
            <div>
                <dt>{text(Texts::run_speed)}</dt>
                <dd data-testid="speed">{speed}</dd>
            </div>
            <div>
                <dt>{text(Texts::run_learning_rate)}</dt>
                <dd data-testid="learning-rate">{learning_rate}</dd>
            </div>
        </dl>
        <p class="hint train-task">{data}</p>
    }
}

#[component]
fn Charts() -> impl IntoView {
    let (display, texts) = (expect_context::<RunDisplay>(), use_texts());
    view! {
        <div class="train-charts">
            <Later frames=1>
                <LineChartView
                    chart=Signal::derive(move || display.chart(0, |run| score(run, texts.get())))
                    better=text(Texts::run_higher_is_better)
                    summary=Signal::derive(move || {
                        display.chart(0, |run| score_summary(run, texts.get()))
                    })
                />
            </Later>
            <Later frames=2>
                <LineChartView
                    chart=Signal::derive(move || display.chart(1, |run| loss(run, texts.get())))
                    better=text(Texts::run_lower_is_better)
                    summary=Signal::derive(move || {
                        display.chart(1, |run| loss_summary(run, texts.get()))
                    })
                />
            </Later>
        </div>
    }
}

/// Shows its children a number of animation frames (at least 1) later than the rest, so that the page does not
/// block.
#[component]
fn Later(frames: u32, children: ChildrenFn) -> impl IntoView {
    let is_due = RwSignal::new(false);
    wait(frames, is_due);
    move || is_due.get().then(|| children())
}

fn wait(frames: u32, is_due: RwSignal<bool>) {
    request_animation_frame(move || match frames {
        0 | 1 => {
            is_due.try_set(true);
        }
        more => wait(more - 1, is_due),
    });
}

/// Some images of the current batch, as the model sees them.
#[component]
fn BatchImages() -> impl IntoView {
    let (state, display) = (expect_context::<State>(), expect_context::<RunDisplay>());
    let texts = use_texts();
    let batch = state.batch;
    let is_shown =
        Memo::new(move |_| display.active.get() && batch.with(|images| !images.is_empty()));
    let images = move || {
        let classes = state.run.with_untracked(|run| run.classes.clone());
        let image = |(label, pixels): (Option<usize>, Pixels)| {
            let name = label.and_then(|label| classes.get(label)).cloned().unwrap_or_default();
            let class = name.clone();
            let description = Signal::derive(move || match class.is_empty() {
                true => texts.get().run_batch_image_unlabeled().to_owned(),
                false => texts.get().run_batch_image(&class),
            });
            view! {
                <li>
                    <PixelCanvas pixels label=description />
                    <span class="train-batch-name" aria-hidden="true">
                        {name}
                    </span>
                </li>
            }
        };
        batch.get().into_iter().map(image).collect_view()
    };
    view! {
        <Show when=move || is_shown.get()>
            <div>
                <h3 class="train-heading">{text(Texts::run_batch)}</h3>
                <p class="hint">{text(Texts::run_batch_hint)}</p>
                <ul class="train-batch">{images}</ul>
            </div>
        </Show>
    }
}

/// The least time between two announced epochs, in ms: screen readers cannot keep up with short ones.
const EPOCH_INTERVAL_MS: f64 = 8_000.0;

/// Announces the phases of a run and the ends of its epochs to screen readers, but not its steps.
#[component]
pub fn RunAnnouncements() -> impl IntoView {
    let (state, display) = (expect_context::<State>(), expect_context::<RunDisplay>());
    let texts = use_texts();
    let announcement = RwSignal::new(None::<Announcement>);
    Effect::new(move |before: Option<Phase>| {
        let phase = display.phase.get();
        let next = match phase {
            _ if before.is_none() || before == Some(phase) => None,
            Phase::Preparing | Phase::Caching | Phase::Paused | Phase::Stopped => {
                Some(Announcement::Phase(phase))
            }
            Phase::Training if before != Some(Phase::Validating) => {
                Some(Announcement::Phase(phase))
            }
            Phase::Finished => Some(state.run.with_untracked(Announcement::of_end)),
            _ => None,
        };
        if next.is_some() {
            announcement.set(next);
        }
        phase
    });
    let epochs = Memo::new(move |_| display.run(|run| run.epochs.len()));
    let latest = StoredValue::new(0.0);
    Effect::new(move || {
        let now = js_sys::Date::now();
        if epochs.get() > 0 && now - latest.get_value() >= EPOCH_INTERVAL_MS {
            latest.set_value(now);
            let next = state.run.with_untracked(Announcement::of_epoch);
            if next.is_some() {
                announcement.set(next);
            }
        }
    });
    Effect::new(move || {
        if let Some(reason) = state.interrupted.get() {
            announcement.set(Some(Announcement::Interruption(reason)));
        }
    });
    view! {
        <p class="visually-hidden" role="status" aria-live="polite">
            {move || announcement.with(|latest| Some(latest.as_ref()?.localize(texts.get())))}
        </p>
    }
}
