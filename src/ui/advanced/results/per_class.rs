//! How well each class is recognized.

use leptos::prelude::*;

use crate::eval::ClassReport;
use crate::order::sort_by;
use crate::ui::parts::Show;
use crate::ui::plot::format::{count, percent};

/// Classes shown before all are asked for.
const FIRST: usize = 12;

/// The accuracy of every class, the weakest first.
#[component]
pub fn PerClass(report: ClassReport, classes: Vec<String>) -> impl IntoView {
    let mut rows: Vec<(usize, f64)> = report
        .per_class_accuracy
        .iter()
        .enumerate()
        .filter_map(|(class, accuracy)| accuracy.map(|accuracy| (class, accuracy)))
        .collect();
    sort_by(&mut rows, |a, b| a.1.total_cmp(&b.1));
    let total = rows.len();
    let all = RwSignal::new(false);
    let counts = report.confusion;
    let row = move |&(class, accuracy): &(usize, f64)| {
        let of_class = counts.counts().get(class);
        let examples = of_class.map_or(0, |row| row.iter().sum::<u64>());
        let right = of_class.and_then(|row| row.get(class)).copied().unwrap_or(0);
        let name = classes.get(class).cloned().unwrap_or_default();
        let detail = format!("{}\u{a0}of\u{a0}{}", count(right as usize), count(examples as usize));
        view! {
            <li class="try-bar try-class">
                <span class="try-bar-name">{name}</span>
                <span class="try-bar-track" aria-hidden="true">
                    <span class="try-bar-fill" style:width=format!("{:.1}%", 100.0 * accuracy)></span>
                </span>
                <span class="try-bar-number">
                    {percent(accuracy)} " " <span class="hint">{detail}</span>
                </span>
            </li>
        }
    };
    let shown = move || {
        let room = if all.get() { total } else { FIRST };
        rows.iter().take(room).map(&row).collect_view()
    };
    view! {
        <section class="try-part" aria-labelledby="try-classes-title">
            <h3 id="try-classes-title">"How well each class is recognized"</h3>
            <p class="hint">"Of the validation pictures, which were not trained on. The weakest class comes first."</p>
            <ol class="try-bars">{shown}</ol>
            <Show when=move || { total > FIRST }>
                <button
                    type="button"
                    class="button quiet"
                    aria-expanded=move || all.get().to_string()
                    on:click=move |_| all.update(|all| *all = !*all)
                >
                    {move || {
                        if all.get() {
                            format!("Show the {FIRST} weakest")
                        } else {
                            format!("Show all {total} classes")
                        }
                    }}
                </button>
            </Show>
        </section>
    }
}
