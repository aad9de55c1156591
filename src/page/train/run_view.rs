//! A run as it goes: where it is, how fast, and what it brings.

use leptos::prelude::*;

use crate::parts::pixel_canvas::PixelCanvas;
use crate::parts::status::ProgressBar;
use crate::plot::line_chart::LineChart;
use crate::state::Pixels;
use crate::train::desk::Desk;
use crate::train::result::RunResult;
use tunelab_presentation::plot::format::{about, count, counted, rate, speed};
use tunelab_presentation::train::curves;
use tunelab_presentation::train::run_log::{Phase, RunLog};

/// Everything about the present or the last run; nothing before the first.
#[component]
pub fn LiveView() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let is_there = move || desk.active.get() || desk.phase.get() != Phase::None;
    let has_begun = Memo::new(move |_| desk.active.get() || desk.run(|run| run.planned_epochs > 0));
    view! {
        <Show when=is_there>
            <div class="card train-live stack">
                <Progress />
                <Interruption />
                <Show when=move || has_begun.get()>
                    <Figures />
                    <RunResult />
                    <Charts />
                </Show>
                <BatchPictures />
            </div>
        </Show>
    }
}

#[component]
fn Progress() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let phase = move || match desk.phase.get() {
        _ if desk.is_waiting() => "Starting",
        phase => phase.words(),
    };
    let value =
        Signal::derive(move || if desk.is_waiting() { None } else { desk.run(RunLog::progress) });
    let label =
        Signal::derive(
            move || {
                if desk.is_waiting() { String::new() } else { desk.run(what_is_done) }
            },
        );
    view! {
        <div class="train-progress">
            <p class="train-phase">
                <span class="train-dot" data-phase=move || phase_look(desk) aria-hidden="true"></span>
                <strong data-testid="run-phase">{phase}</strong>
                <span class="hint" data-testid="time-left">
                    {move || desk.run(time_left)}
                </span>
            </p>
            <Show when=move || desk.active.get()>
                <ProgressBar label value />
            </Show>
        </div>
    }
}

/// What happened to a run that went on by itself.
#[component]
fn Interruption() -> impl IntoView {
    let interrupted = expect_context::<Desk>().state.interrupted;
    move || interrupted.get().map(|words| view! { <p class="notice warn">{words}</p> })
}

/// What of the present phase is done.
fn what_is_done(run: &RunLog) -> String {
    let whole = match run.total_steps() {
        0 => String::new(),
        total => format!("step {} of {}", count(run.step as usize), count(total as usize)),
    };
    match run.images {
        Some((_, 0)) => String::new(),
        Some((done, total)) if run.phase != Phase::Training => {
            format!("{} of {}", count(done), counted(total, "picture", "pictures"))
        }
        _ => whole,
    }
}

fn time_left(run: &RunLog) -> String {
    match (run.phase, run.time_left()) {
        (Phase::Paused, None) => String::new(),
        (_, Some(seconds)) => format!("{} left", about(seconds)),
        (phase, None) if phase.is_active() => "Finding out how long it takes".into(),
        (_, None) => String::new(),
    }
}

fn phase_look(desk: Desk) -> &'static str {
    match desk.phase.get() {
        _ if desk.is_waiting() => "active",
        Phase::Finished => "good",
        Phase::Failed => "bad",
        Phase::Paused | Phase::Stopped => "waiting",
        _ => "active",
    }
}

#[component]
fn Figures() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let of = |done: u64, total: u64| match done {
        0 => String::new(),
        done => format!("{} of {}", count(done as usize), count(total as usize)),
    };
    let epoch = move || desk.run(|run| of(run.epoch.into(), run.planned_epochs.into()));
    let step = move || desk.run(|run| of(run.step, run.total_steps()));
    let measured = move || desk.run(|run| run.images_per_second().map_or(String::new(), speed));
    let learning_rate =
        move || desk.run(|run| if run.step == 0 { String::new() } else { rate(run.learning_rate) });
    let task = move || {
        desk.run(|run| match run.train_examples {
            0 => String::new(),
            examples => format!(
                "Learning from {}, checking with {}; {} of the network change.",
                counted(examples, "picture", "pictures"),
                counted(run.validation_examples, "other", "others"),
                counted(run.trainable_parameters, "number", "numbers"),
            ),
        })
    };
    view! {
        <dl class="train-figures">
            <div>
                <dt>"Epoch"</dt>
                <dd data-testid="epoch">{epoch}</dd>
            </div>
            <div>
                <dt>"Step"</dt>
                <dd data-testid="step">{step}</dd>
            </div>
            <div>
                <dt>"Speed"</dt>
                <dd data-testid="speed">{measured}</dd>
            </div>
            <div>
                <dt>"Learning rate"</dt>
                <dd data-testid="learning-rate">{learning_rate}</dd>
            </div>
        </dl>
        <p class="hint train-task">{task}</p>
    }
}

#[component]
fn Charts() -> impl IntoView {
    let desk = expect_context::<Desk>();
    view! {
        <div class="train-charts">
            <Later frames=1>
                <LineChart
                    title=Signal::derive(move || desk.run(|run| run.measure.title()))
                    better="higher is better"
                    chart=Signal::derive(move || desk.chart(0, curves::accuracy))
                    summary=Signal::derive(move || desk.chart(0, curves::accuracy_summary))
                />
            </Later>
            <Later frames=2>
                <LineChart
                    title=Signal::stored("Loss")
                    better="lower is better"
                    chart=Signal::derive(move || desk.chart(1, curves::loss))
                    summary=Signal::derive(move || desk.chart(1, curves::loss_summary))
                />
            </Later>
        </div>
    }
}

/// Shows its children so many animation frames after everything around them (at least 1), so that much at
/// once does not make the page stop.
#[component]
fn Later(frames: u32, children: ChildrenFn) -> impl IntoView {
    let is_there = RwSignal::new(false);
    wait(frames, is_there);
    move || is_there.get().then(|| children())
}

fn wait(frames: u32, is_there: RwSignal<bool>) {
    request_animation_frame(move || match frames {
        0 | 1 => {
            is_there.try_set(true);
        }
        more => wait(more - 1, is_there),
    });
}

/// Some pictures of the current batch, as the network sees them.
#[component]
fn BatchPictures() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let batch = desk.state.batch;
    let is_there =
        Memo::new(move |_| desk.active.get() && batch.with(|pictures| !pictures.is_empty()));
    let pictures = move || {
        let classes = desk.state.run.with_untracked(|run| run.classes.clone());
        let picture = |(label, pixels): (Option<usize>, Pixels)| {
            let name: String =
                label.and_then(|label| classes.get(label)).cloned().unwrap_or_default();
            view! {
                <li>
                    <PixelCanvas pixels label=format!("Picture {name}") />
                    <span class="train-batch-name" aria-hidden="true">
                        {name}
                    </span>
                </li>
            }
        };
        batch.get().into_iter().map(picture).collect_view()
    };
    view! {
        <Show when=move || is_there.get()>
            <div>
                <h3 class="train-heading">"In the current batch"</h3>
                <p class="hint">"As the network sees them: cut to a square, and varied where augmentation is on."</p>
                <ul class="train-batch">{pictures}</ul>
            </div>
        </Show>
    }
}
