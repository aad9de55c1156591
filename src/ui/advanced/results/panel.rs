//! The panel of the results.

use leptos::prelude::*;

use super::confusion_table::ConfusionTable;
use super::mistakes::Mistakes;
use super::per_class::PerClass;
use crate::ui::advanced::page::Page;
use crate::ui::parts::effect;
use crate::worker::protocol::Command;

/// Pictures of the newest network's mistakes that are asked for.
const MISTAKES: usize = 24;

/// How the network did on the validation pictures; nothing where that is not known.
#[component]
pub fn Results() -> impl IntoView {
    let page = expect_context::<Page>();
    let outcome = page.findings.outcome;
    effect(move || {
        let has_report =
            outcome.with(|outcome| outcome.as_ref().is_some_and(|one| one.report.is_some()));
        if has_report {
            page.command(Command::FindMistakes { count: MISTAKES });
        }
    });
    move || {
        let outcome = outcome.get()?;
        let report = outcome.class_report()?.clone();
        let classes = outcome.classes().to_vec();
        Some(view! {
            <div class="card stack try-evaluation">
                <PerClass report=report.clone() classes=classes.clone() />
                <ConfusionTable report classes />
                <Mistakes />
            </div>
        })
    }
}
