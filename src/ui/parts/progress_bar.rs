//! How far something is.

use leptos::prelude::*;

/// A bar with its label as text. `value` is 0 to 1; `None` where nobody knows.
#[component]
pub fn ProgressBar(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] value: Signal<Option<f64>>,
) -> impl IntoView {
    view! {
        <div class="progress">
            <span class="progress-label" aria-hidden="true">
                {label}
            </span>
            // An attribute and not a property: without it the bar is indeterminate.
            <progress
                max="1"
                aria-label=label
                value=move || value.get().map(|value| value.clamp(0.0, 1.0).to_string())
            ></progress>
        </div>
    }
}
