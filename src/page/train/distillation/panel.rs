//! The panel.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::engine::Engine;
use crate::parts::save;
use crate::parts::{ProblemNotice, ProgressBar};
use crate::state::{Job, State};
use crate::train::distillation::comparison::Comparison;
use crate::train::distillation::fields::{Fields, Setup};
use tunelab_core::data::task::Task;
use tunelab_core::protocol::{Command, Outcome as Trained, Subject};

/// The choices, the buttons, how far it is, and what came of it.
#[component]
pub fn DistillationPanel() -> impl IntoView {
    let state = expect_context::<State>();
    let setup = Setup::new();
    let under_way = Memo::new(move |_| state.job.get() == Some(Job::Distill));
    view! {
        <p class="hint">
            "A small network loads and answers faster, but learns less well by itself. So the large one teaches it: not only which class a picture is of, but also what it resembles."
        </p>
        <fieldset
            class="train-group train-settings stack"
            disabled=move || under_way.get()
            aria-label="The small copy"
        >
            <Fields setup />
        </fieldset>
        <Controls setup under_way />
        <Progress under_way />
        <ProblemNotice about=Subject::Distillation />
        <Comparison />
        <Outcome />
    }
}

#[component]
fn Controls(setup: Setup, under_way: Memo<bool>) -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let teaches = Memo::new(move |_| {
        let of_classes = |outcome: &Trained| outcome.tasks.iter().any(Task::is_classification);
        state.outcome.with(|outcome| outcome.as_ref().is_none_or(of_classes))
    });
    let obstacle = Memo::new(move |_| {
        let pictures = state.dataset.get().context.images;
        match (under_way.get(), state.is_idle.get()) {
            (true, _) => None,
            (_, false) => Some("Other work is under way. This can start when that has ended."),
            _ if pictures == 0 => {
                Some("The small network learns from pictures: add some in step 1.")
            }
            _ if !teaches.get() => Some(
                "A large network teaches what classes resemble each other. This one knows no classes, so there is nothing to teach.",
            ),
            _ if setup.is_wrong() => Some("A number above cannot be used as it is written."),
            _ => None,
        }
    });
    let start = move || {
        let config = state.draft.get_untracked().config;
        let (validation_share, per_class) = (config.validation_share, config.per_class);
        let Some(student) = setup.student(config.seed) else { return };
        let compare = setup.compares.get_untracked();
        let more = setup.more.get_untracked();
        state.distillation.begin(compare, more.len());
        let files: Vec<JsValue> = more.into_iter().map(JsValue::from).collect();
        let command = Command::Distill { student, validation_share, per_class, compare };
        state.begin(engine, Job::Distill, command, &files);
    };
    view! {
        <div class="row wrap">
            <button
                type="button"
                class="button"
                class:danger=move || under_way.get()
                aria-describedby="distill-obstacle"
                aria-disabled=move || obstacle.with(|obstacle| obstacle.is_some().then_some("true"))
                on:click=move |_| {
                    if under_way.get_untracked() {
                        engine.send(Command::Stop);
                    } else if obstacle.with_untracked(Option::is_none) {
                        start();
                    }
                }
            >
                {move || if under_way.get() { "Stop making it" } else { "Make the small copy" }}
            </button>
            <p class="hint" id="distill-obstacle">
                {move || obstacle.get()}
            </p>
        </div>
    }
}

#[component]
fn Progress(under_way: Memo<bool>) -> impl IntoView {
    let log = expect_context::<State>().distillation.log;
    let stage = Memo::new(move |_| log.with(|log| log.stage()));
    let label = Signal::derive(move || log.with(|log| log.detail()));
    let value = Signal::derive(move || log.with(|log| log.progress()));
    view! {
        <Show when=move || under_way.get()>
            <div class="train-progress">
                <p role="status" data-testid="distill-stage">
                    <strong>{move || stage.get()}</strong>
                </p>
                <ProgressBar label value />
            </div>
        </Show>
    }
}

/// What came of it, and the file.
#[component]
fn Outcome() -> impl IntoView {
    let State { job, distillation, .. } = expect_context();
    let verdict = Memo::new(move |_| distillation.log.with(|log| log.verdict()));
    let words = move || {
        let ended = distillation.begun.get() && job.get() != Some(Job::Distill);
        verdict.get().or_else(|| {
            ended.then(|| "Stopped. Of the network that was learning, nothing is kept.".to_string())
        })
    };
    let download = move |_| {
        distillation.file.with_untracked(|file| {
            if let Some((file_name, buffer)) = file
                && let Err(error) = save(file_name, buffer)
            {
                leptos::logging::warn!("the file was not saved: {error:?}");
            }
        });
    };
    view! {
        <p role="status" data-testid="distill-verdict">
            {words}
        </p>
        <Show when=move || distillation.file.with(Option::is_some)>
            <div class="row wrap">
                <button type="button" class="button" on:click=download>
                    "Download the small network"
                </button>
            </div>
        </Show>
    }
}
