//! The panel.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::setup::{Fields, Setup};
use super::table::Comparison;
use crate::ui::advanced::page::{Errand, Page};
use crate::ui::advanced::problem::ProblemOf;
use crate::ui::parts::{ProgressBar, Show, save};
use crate::ui::train::sheet::Sheet;
use tunelab_core::data::task::Task;
use tunelab_core::protocol::{ExtraCommand, Outcome as Trained, TrainRequest};

/// The choices, the buttons, how far it is, and what came of it.
#[component]
pub fn Distill() -> impl IntoView {
    let page = expect_context::<Page>();
    let setup = Setup::new();
    let under_way = Memo::new(move |_| page.errand.get() == Some(Errand::Distill));
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
        <ProblemOf errand=Errand::Distill />
        <Comparison />
        <ProblemOf errand=Errand::TryContestant />
        <Outcome />
    }
}

#[component]
fn Controls(setup: Setup, under_way: Memo<bool>) -> impl IntoView {
    let page = expect_context::<Page>();
    let sheet = expect_context::<Sheet>();
    let teaches = Memo::new(move |_| {
        let of_classes = |outcome: &Trained| outcome.tasks.iter().any(Task::sorts);
        page.findings.outcome.with(|outcome| outcome.as_ref().is_none_or(of_classes))
    });
    let obstacle = Memo::new(move |_| {
        let pictures = sheet.task.get().pictures;
        match (under_way.get(), page.is_free()) {
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
        let TrainRequest { config, validation_share, per_class, .. } =
            sheet.draft.get_untracked().request;
        let Some(student) = setup.student(config.seed) else { return };
        let compare = setup.compares.get_untracked();
        let more = setup.more.get_untracked();
        page.contest.begin(compare, more.len());
        let files: Vec<JsValue> = more.into_iter().map(JsValue::from).collect();
        let command = ExtraCommand::Distill { student, validation_share, per_class, compare };
        page.begin_with(Errand::Distill, &command, &files);
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
                        page.stop();
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
    let ledger = expect_context::<Page>().contest.ledger;
    let stage = Memo::new(move |_| ledger.with(|ledger| ledger.stage()));
    let label = Signal::derive(move || ledger.with(|ledger| ledger.detail()));
    let value = Signal::derive(move || ledger.with(|ledger| ledger.progress()));
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
    let page = expect_context::<Page>();
    let contest = page.contest;
    let verdict = Memo::new(move |_| contest.ledger.with(|ledger| ledger.verdict()));
    let words = move || {
        let ended = contest.begun.get() && page.errand.get() != Some(Errand::Distill);
        verdict.get().or_else(|| {
            ended.then(|| "Stopped. Of the network that was learning, nothing is kept.".to_string())
        })
    };
    let download = move |_| {
        contest.file.with_untracked(|file| {
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
        <Show when=move || contest.file.with(Option::is_some)>
            <div class="row wrap">
                <button type="button" class="button" on:click=download>
                    "Download the small network"
                </button>
            </div>
        </Show>
    }
}
