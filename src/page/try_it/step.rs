//! The content of step 4.

use leptos::prelude::*;

use crate::parts::FoldedPanel;
use crate::parts::ProblemNotice;
use crate::results::Results;
use crate::state::State;
use crate::train::distillation::DistillationPanel;
use crate::try_it::answers::Answers;
use crate::try_it::choose::Choose;
use crate::try_it::download::Download;
use crate::try_it::probabilities::Probabilities;
use crate::try_it::trial::Trial;
use tunelab_core::protocol::Subject;
use tunelab_presentation::plot::format::percent;
use tunelab_presentation::train::verdict::UNCHECKED;

/// A picture to try, the network as a file, and what it gets wrong.
#[component]
pub fn TryStep() -> impl IntoView {
    let state = expect_context::<State>();
    let is_possible = Memo::new(move |_| state.outcome.with(Option::is_some));
    view! {
        <div class="try-step stack">
            <ProblemNotice about=Subject::Try />
            <Show when=move || is_possible.get() fallback=NotYet>
                <Trying />
                <Download />
                <FoldedPanel id="try-distill" title=|| "Make a small copy">
                    <DistillationPanel />
                </FoldedPanel>
                <Summary />
            </Show>
            <Results />
        </div>
    }
}

#[component]
fn NotYet() -> impl IntoView {
    let state = expect_context::<State>();
    let is_training = Memo::new(move |_| state.run.with(|run| run.phase.is_active()));
    view! {
        <p class="notice">
            {move || {
                if is_training.get() {
                    "The network is still learning. When the run ends, or is stopped, it can be tried here. "
                } else {
                    "There is no trained network to try yet. "
                }
            }}
            <a href="#train">
                {move || if is_training.get() { "See how far it is" } else { "Train one" }}
            </a>
        </p>
    }
}

#[component]
fn Trying() -> impl IntoView {
    provide_context(Trial::new());
    let state = expect_context::<State>();
    let does_more = Memo::new(move |_| {
        state.outcome.with(|outcome| outcome.as_ref().is_some_and(|one| !one.only_sorts()))
    });
    view! {
        <div class="card try-trying">
            <Choose />
            <div>
                <Show when=move || does_more.get() fallback=Probabilities>
                    <Answers />
                </Show>
            </div>
        </div>
    }
}

/// How the network did on the validation pictures, in a line.
#[component]
fn Summary() -> impl IntoView {
    let state = expect_context::<State>();
    let words = move || {
        let outcome = state.outcome.get()?;
        let report = outcome.report.as_ref().map(|report| (report.score(), outcome.class_report()));
        Some(match report {
            Some((_, Some(report))) if outcome.only_sorts() => format!(
                "In epoch {}, whose network is kept, it recognized {} of the validation pictures. The classes' mean F1 score is {:.2}.",
                outcome.best_epoch,
                percent(report.top1),
                report.macro_f1
            ),
            Some((score, _)) => {
                format!("Kept is the network of epoch {}: score {}.", outcome.best_epoch, percent(score))
            }
            None if outcome.best_epoch > 0 => UNCHECKED.into(),
            None => "This network was loaded from a file, or stopped before its first check; there is no record of what it gets wrong.".into(),
        })
    };
    view! { <p class="try-summary">{words}</p> }
}
