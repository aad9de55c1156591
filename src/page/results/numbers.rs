//! How close predicted numbers are.

use leptos::prelude::*;

use crate::results::panel::Section;
use crate::state::State;
use tunelab_core::metrics::evaluation::RegressionMetrics;
use tunelab_presentation::results::scatter::{SIDE, Scatter};
use tunelab_presentation::results::text;

/// The errors in words, and every validation picture by its true and its predicted number.
#[component]
pub fn Closeness(
    report: RegressionMetrics,
    /// Which of the tasks it is.
    task: usize,
    about: Option<String>,
) -> impl IntoView {
    let compared = expect_context::<State>().predicted_numbers;
    let scatter = Memo::new(move |_| {
        compared.with(|compared| Scatter::of(compared.get(task).map_or(&[], Vec::as_slice)))
    });
    let drawing = move || {
        let Scatter { points, ends: (lowest, highest) } = scatter.get()?;
        let words = format!(
            "Predicted over true numbers, from {lowest} to {highest}: the closer to the diagonal, the better",
        );
        let points = points.into_iter().map(|(x, y)| view! { <circle cx=x cy=y r="3.5" /> });
        let points: Vec<_> = points.collect();
        Some(view! {
            <svg
                class="results-scatter"
                viewBox=format!("-34 -8 {} {}", SIDE + 42.0, SIDE + 32.0)
                role="img"
                aria-label=words
            >
                <rect width=SIDE height=SIDE />
                <line x1="0" y1=SIDE x2=SIDE y2="0" />
                {points}
                <g aria-hidden="true">
                    <text x="0" y=SIDE + 16.0>
                        {lowest.clone()}
                    </text>
                    <text x=SIDE y=SIDE + 16.0 text-anchor="end">
                        {highest.clone()}
                    </text>
                    <text x=SIDE / 2.0 y=SIDE + 16.0 text-anchor="middle">
                        "true"
                    </text>
                    <text x="-6" y=SIDE text-anchor="end">
                        {lowest.clone()}
                    </text>
                    <text x="-6" y="10" text-anchor="end">
                        {highest.clone()}
                    </text>
                </g>
            </svg>
        })
    };
    view! {
        <Section about title="How close the numbers are">
            <p>{text::of_numbers(&report.errors)}</p>
            <Show when=move || scatter.with(Option::is_some)>
                <p class="hint">
                    "Each point is a validation picture: its true number to the right, the predicted one upwards. On the line both are the same."
                </p>
            </Show>
            {drawing}
        </Section>
    }
}
