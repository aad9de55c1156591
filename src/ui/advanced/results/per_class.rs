//! How well each class is recognized.

use leptos::prelude::*;

use super::section::Section;
use crate::order::sort_by;
use crate::ui::advanced::bars::{Bar, Bars};
use crate::ui::plot::format::{count, percent};
use tunelab_core::metrics::report::ClassReport;

/// Classes shown before all are asked for.
const FIRST: usize = 12;

/// The accuracy of every class, the weakest first.
#[component]
pub fn PerClass(report: ClassReport, classes: Vec<String>, about: Option<String>) -> impl IntoView {
    let mut rows: Vec<(usize, f64)> = report
        .per_class_accuracy
        .iter()
        .enumerate()
        .filter_map(|(class, accuracy)| accuracy.map(|accuracy| (class, accuracy)))
        .collect();
    sort_by(&mut rows, |a, b| a.1.total_cmp(&b.1));
    let bar = |(class, accuracy): (usize, f64)| {
        let of_class = report.confusion.counts().get(class);
        let examples = of_class.map_or(0, |row| row.iter().sum::<u64>());
        let right = of_class.and_then(|row| row.get(class)).copied().unwrap_or(0);
        Bar {
            name: classes.get(class).cloned().unwrap_or_default(),
            share: accuracy,
            words: percent(accuracy),
            detail: format!("{}\u{a0}of\u{a0}{}", count(right as usize), count(examples as usize)),
        }
    };
    let bars = rows.into_iter().map(bar).collect::<Vec<_>>();
    view! {
        <Section about title="How well each class is recognized">
            <p class="hint">
                "Of the validation pictures, which were not trained on. The weakest class comes first."
            </p>
            <Bars bars=Signal::stored(bars) first=FIRST />
        </Section>
    }
}
