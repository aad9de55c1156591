//! How well each label is found.

use leptos::prelude::*;

use super::section::Section;
use super::words;
use crate::order::sort_by;
use crate::ui::advanced::bars::{Bar, Bars};
use crate::ui::plot::format::percent;
use tunelab_core::metrics::report::LabelsReport;

/// Labels shown before all are asked for.
const FIRST: usize = 12;

/// The average precision of every label, the weakest first.
#[component]
pub fn PerLabel(report: LabelsReport, labels: Vec<String>, about: Option<String>) -> impl IntoView {
    let summary = words::of_labels(&report);
    let mut known: Vec<(String, f64)> = labels
        .into_iter()
        .zip(&report.average_precision)
        .filter_map(|(label, precision)| Some((label, (*precision)?)))
        .collect();
    sort_by(&mut known, |a, b| a.1.total_cmp(&b.1));
    let bar = |(name, share): (String, f64)| Bar {
        name,
        share,
        words: percent(share),
        detail: String::new(),
    };
    let bars = known.into_iter().map(bar).collect::<Vec<_>>();
    view! {
        <Section about title="How well each label is found">
            <p>{summary}</p>
            <p class="hint">
                "The bars are average precisions: with the pictures sorted by how likely they have the label, all of it if those that have it come first. The weakest label comes first."
            </p>
            <Bars bars=Signal::stored(bars) first=FIRST />
        </Section>
    }
}
