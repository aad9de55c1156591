//! The content of step 4.

use leptos::prelude::*;

use crate::language::{text, use_texts};
use crate::parts::{CollapsiblePanel, ProblemNotice};
use crate::results::Results;
use crate::state::State;
use crate::steps::Step;
use crate::train::distillation::DistillationPanel;
use crate::try_it::download::Download;
use crate::try_it::image_input::ImageInput;
use crate::try_it::predictions::{ClassProbabilities, TaskPredictions};
use crate::try_it::predictor::Predictor;
use tunelab_core::protocol::Subject;
use tunelab_l10n::Texts;

/// An image to try, the download, distillation, and the results on the validation images.
#[component]
pub fn TryStep() -> impl IntoView {
    let state = expect_context::<State>();
    let is_possible = Memo::new(move |_| state.outcome.with(Option::is_some));
    view! {
        <div class="try-step stack">
            <ProblemNotice about=Subject::Try />
            <Show when=move || is_possible.get() fallback=NoModelYet>
                <Prediction />
                <Download />
                <CollapsiblePanel id="try-distill" title=|| text(Texts::distill_heading)>
                    <DistillationPanel />
                </CollapsiblePanel>
                <Summary />
            </Show>
            <Results />
        </div>
    }
}

#[component]
fn NoModelYet() -> impl IntoView {
    let (state, texts) = (expect_context::<State>(), use_texts());
    let is_training = Memo::new(move |_| state.run.with(|run| run.phase.is_active()));
    let message = move || match is_training.get() {
        true => texts.get().try_training(),
        false => texts.get().try_none_yet(),
    };
    let link = move || match is_training.get() {
        true => texts.get().try_see_progress(),
        false => texts.get().try_start(),
    };
    view! {
        <p class="notice">
            {message} " " <a href=Step::Train.href()>{link}</a>
        </p>
    }
}

#[component]
fn Prediction() -> impl IntoView {
    provide_context(Predictor::new());
    let state = expect_context::<State>();
    let only_classifies = Memo::new(move |_| {
        state
            .outcome
            .with(|outcome| outcome.as_ref().is_none_or(|outcome| outcome.is_only_classification()))
    });
    view! {
        <div class="card try-trying">
            <ImageInput />
            <div>
                <Show when=move || only_classifies.get() fallback=TaskPredictions>
                    <ClassProbabilities />
                </Show>
            </div>
        </div>
    }
}

/// The validation metrics of the model, in a line.
#[component]
fn Summary() -> impl IntoView {
    let (state, texts) = (expect_context::<State>(), use_texts());
    let summary = move || {
        let (outcome, texts) = (state.outcome.get()?, texts.get());
        let report = outcome.report.as_ref().map(|report| (report.score(), outcome.class_report()));
        Some(match report {
            Some((_, Some(report))) if outcome.is_only_classification() => texts.results_summary(
                outcome.best_epoch,
                &texts.percent(report.top1),
                &texts.decimal(report.macro_f1, 2),
            ),
            Some((score, _)) => {
                texts.results_summary_score(outcome.best_epoch, &texts.percent(score))
            }
            None if outcome.best_epoch > 0 => texts.run_not_validated().to_owned(),
            None => texts.results_summary_unknown().to_owned(),
        })
    };
    view! { <p class="try-summary">{summary}</p> }
}
