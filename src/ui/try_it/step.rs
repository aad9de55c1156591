//! The content of step 4.

use leptos::prelude::*;

use super::bars::Probabilities;
use super::choose::Choose;
use super::confusion_table::ConfusionTable;
use super::download::Download;
use super::mistakes::Mistakes;
use super::per_class::PerClass;
use super::small_copy::SmallCopy;
use super::trial::Trial;
use crate::ui::parts::{ProblemNotice, Show, effect};
use crate::ui::plot::format::percent;
use crate::ui::state::{State, send};
use crate::ui::train::verdict::UNCHECKED;
use crate::worker::protocol::{Command, Subject};

/// Pictures of the newest network's mistakes that are asked for.
const MISTAKES: usize = 24;

/// A picture to try, the network as a file, and what it gets wrong.
#[component]
pub fn TryStep() -> impl IntoView {
    let state = expect_context::<State>();
    let is_possible = Memo::new(move |_| state.outcome.with(Option::is_some));
    effect(move || {
        let has_report = state
            .outcome
            .with(|outcome| outcome.as_ref().is_some_and(|outcome| outcome.report.is_some()));
        if has_report {
            send(Command::FindMistakes { count: MISTAKES });
        }
    });
    view! {
        <div class="try-step stack">
            <ProblemNotice about=Subject::Try />
            <Show when=move || is_possible.get() fallback=NotYet>
                <Trying />
                <Download />
                <SmallCopy />
                <Evaluation />
            </Show>
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
    view! {
        <div class="card try-trying">
            <Choose />
            <Probabilities />
        </div>
    }
}

/// How the network did on the validation pictures.
#[component]
fn Evaluation() -> impl IntoView {
    let state = expect_context::<State>();
    let content = move || {
        let outcome = state.outcome.get()?;
        let (classes, best_epoch) = (outcome.classes().to_vec(), outcome.best_epoch);
        let Some(report) = outcome.class_report().cloned() else {
            let words = match best_epoch {
                0 => {
                    "This network was loaded from a file, or stopped before its first check; there is no record of what it gets wrong."
                }
                _ => UNCHECKED,
            };
            return Some(view! { <p class="hint">{words}</p> }.into_any());
        };
        let words = format!(
            "In epoch {best_epoch}, whose network is kept, it recognized {} of the validation pictures. The classes' mean F1 score is {:.2}.",
            percent(report.top1),
            report.macro_f1
        );
        Some(
            view! {
                <p class="try-summary">{words}</p>
                <PerClass report=report.clone() classes=classes.clone() />
                <ConfusionTable report classes />
                <Mistakes />
            }
            .into_any(),
        )
    };
    view! { <div class="card stack try-evaluation">{content}</div> }
}
