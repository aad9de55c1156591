//! The content of step 4.

use leptos::prelude::*;

use super::bars::Probabilities;
use super::choose::Choose;
use super::download::Download;
use super::small_copy::SmallCopy;
use super::trial::Trial;
use crate::ui::parts::{Panel, ProblemNotice, Show};
use crate::ui::plot::format::percent;
use crate::ui::state::State;
use crate::ui::train::verdict::UNCHECKED;
use tunelab_core::protocol::Subject;

/// A picture to try, the network as a file, and what it gets wrong.
#[component]
pub fn TryStep() -> impl IntoView {
    let state = expect_context::<State>();
    let is_possible = Memo::new(move |_| state.outcome.with(Option::is_some));
    let has_report = Signal::derive(move || {
        state
            .outcome
            .with(|outcome| outcome.as_ref().is_some_and(|outcome| outcome.report.is_some()))
    });
    view! {
        <div class="try-step stack">
            <ProblemNotice about=Subject::Try />
            <Show when=move || is_possible.get() fallback=NotYet>
                <Trying />
                <Download />
                <SmallCopy />
                <Summary />
            </Show>
            <Panel name="results" wanted=has_report />
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
    // The bars of classes are the page's own; all else is the second program's.
    let does_more = Memo::new(move |_| {
        state.outcome.with(|outcome| outcome.as_ref().is_some_and(|one| !one.only_sorts()))
    });
    view! {
        <div class="card try-trying">
            <Choose />
            <div>
                <Show when=move || !does_more.get()>
                    <Probabilities />
                </Show>
                <Panel name="answers" wanted=does_more.into() />
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
