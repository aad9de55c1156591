//! The validation pictures that the network gets most wrong.

use leptos::prelude::*;

use super::section::Section;
use crate::ui::advanced::page::Page;
use crate::ui::parts::{PixelCanvas, Show};
use crate::ui::plot::format::probability;
use crate::ui::state::Pixels;
use tunelab_core::protocol::Mistake;

/// Each mistake with what the picture is and what it was taken for.
#[component]
pub fn Mistakes() -> impl IntoView {
    let findings = expect_context::<Page>().findings;
    let is_perfect = move || {
        findings.outcome.with(|outcome| {
            let report = outcome.as_ref().and_then(|outcome| outcome.class_report());
            report.is_some_and(|report| report.top1 >= 1.0)
        })
    };
    let pictures = move || {
        let classes = findings.outcome.with(|outcome| {
            outcome.as_ref().map(|outcome| outcome.classes().to_vec()).unwrap_or_default()
        });
        let picture = |(mistake, pixels): (Mistake, Pixels)| {
            let class = |index: usize| classes.get(index).cloned().unwrap_or_default();
            let (is, taken_for) = (class(mistake.label), class(mistake.predicted));
            let sure = probability(mistake.confidence);
            let name = mistake.name;
            view! {
                <li class="try-mistake">
                    <PixelCanvas pixels label=name.clone() />
                    <p>
                        <span class="try-mistake-name">{name} ":"</span>
                        " is "
                        <strong>{is}</strong>
                        ", was taken for "
                        <strong>{taken_for}</strong>
                        {format!(" ({sure} sure)")}
                    </p>
                </li>
            }
        };
        findings.mistakes.get().into_iter().map(picture).collect_view()
    };
    view! {
        <Section about=None title="Most wrong pictures">
            <Show
                when=move || !is_perfect()
                fallback=|| view! { <p>"None: every validation picture was recognized."</p> }
            >
                <p class="hint">
                    "Look for pictures in the wrong class, and for kinds of pictures there are too few of."
                </p>
                <ul class="try-mistakes">{pictures}</ul>
            </Show>
        </Section>
    }
}
