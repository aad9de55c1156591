//! The panel: options, buttons, progress, comparison and result of a distillation.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::engine::Engine;
use crate::language::{text, use_texts};
use crate::parts::{ProblemNotice, ProgressBar, SaveError, SaveProblem, on_first_click, save};
use crate::state::{Job, State};
use crate::train::distillation::comparison::Comparison;
use crate::train::distillation::fields::{Setup, StudentFields};
use tunelab_core::data::task::Task;
use tunelab_core::protocol::{Command, Subject, TrainResult};
use tunelab_l10n::Texts;

#[component]
pub fn DistillationPanel() -> impl IntoView {
    let state = expect_context::<State>();
    let setup = Setup::new();
    let is_running = Memo::new(move |_| state.job.get() == Some(Job::Distill));
    view! {
        <p class="hint">{text(Texts::distill_about)}</p>
        <fieldset
            class="train-group train-settings stack"
            disabled=move || is_running.get()
            aria-label=text(Texts::distill_settings)
        >
            <StudentFields setup />
        </fieldset>
        <Controls setup is_running />
        <Progress is_running />
        <ProblemNotice about=Subject::Distillation />
        <Comparison />
        <DistillationResult />
    }
}

#[component]
fn Controls(setup: Setup, is_running: Memo<bool>) -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let texts = use_texts();
    let can_teach = Memo::new(move |_| {
        let has_classes = |outcome: &TrainResult| outcome.tasks.iter().any(Task::is_classification);
        state.outcome.with(|outcome| outcome.as_ref().is_none_or(has_classes))
    });
    let obstacle = Memo::new(move |_| -> Option<fn(Texts) -> &'static str> {
        let has_images = state.dataset.get().context.images > 0;
        match (is_running.get(), state.is_idle.get()) {
            (true, _) => None,
            (_, false) => Some(Texts::distill_busy),
            _ if !has_images => Some(Texts::distill_no_images),
            _ if !can_teach.get() => Some(Texts::distill_no_classes),
            _ if !setup.is_valid() => Some(Texts::distill_invalid),
            _ => None,
        }
    });
    let start = move || {
        let config = state.draft.get_untracked().config;
        let (validation_share, per_class) = (config.validation_share, config.per_class);
        let Some(student) = setup.student(config.seed) else { return };
        let compare = setup.compare.get_untracked();
        let unlabeled = setup.unlabeled.get_untracked();
        state.distillation.begin(compare, unlabeled.len());
        let files: Vec<JsValue> = unlabeled.into_iter().map(JsValue::from).collect();
        let command = Command::Distill { student, validation_share, per_class, compare };
        state.begin(engine, Job::Distill, command, &files);
    };
    let press = move || {
        if is_running.get_untracked() {
            engine.send(Command::Stop);
        } else if obstacle.with_untracked(Option::is_none) {
            start();
        }
    };
    view! {
        <div class="row wrap">
            <button
                type="button"
                class="button"
                class:danger=move || is_running.get()
                aria-describedby="distill-obstacle"
                aria-disabled=move || obstacle.with(|obstacle| obstacle.is_some().then_some("true"))
                on:click=on_first_click(press)
            >
                {move || match is_running.get() {
                    true => texts.get().distill_stop(),
                    false => texts.get().distill_start(),
                }}
            </button>
            <p class="hint" id="distill-obstacle">
                {move || obstacle.get().map(|reason| reason(texts.get()))}
            </p>
        </div>
    }
}

#[component]
fn Progress(is_running: Memo<bool>) -> impl IntoView {
    let log = expect_context::<State>().distillation.log;
    let texts = use_texts();
    let phase = Memo::new(move |_| log.with(|log| log.phase(texts.get())));
    let label = Signal::derive(move || log.with(|log| log.detail(texts.get())));
    let value = Signal::derive(move || log.with(|log| log.progress()));
    view! {
        <Show when=move || is_running.get()>
            <div class="train-progress">
                <p role="status" data-testid="distill-phase">
                    <strong>{phase}</strong>
                </p>
                <ProgressBar label value />
            </div>
        </Show>
    }
}

/// The verdict, and the file of the student.
#[component]
fn DistillationResult() -> impl IntoView {
    let State { job, distillation, .. } = expect_context();
    let texts = use_texts();
    let verdict = Memo::new(move |_| distillation.log.with(|log| log.verdict(texts.get())));
    let result = move || {
        let was_stopped = distillation.has_begun.get() && job.get() != Some(Job::Distill);
        verdict.get().or_else(|| was_stopped.then(|| texts.get().distill_stopped().to_owned()))
    };
    let problem = RwSignal::new(None::<SaveError>);
    let download = move |_| {
        distillation.file.with_untracked(|file| {
            if let Some((file_name, buffer)) = file {
                problem.set(save(file_name, buffer).err());
            }
        });
    };
    view! {
        <p role="status" data-testid="distill-verdict">
            {result}
        </p>
        <Show when=move || distillation.file.with(Option::is_some)>
            <div class="row wrap">
                <button type="button" class="button" on:click=download>
                    {text(Texts::distill_download)}
                </button>
            </div>
            <SaveProblem problem />
        </Show>
    }
}
