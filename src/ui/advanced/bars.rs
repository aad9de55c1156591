//! Bars with names.

use leptos::prelude::*;

use crate::ui::parts::Show;

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub name: String,
    /// Its length, 0 to 1 of the whole.
    pub share: f64,
    /// What it says.
    pub words: String,
    /// What that is made of.
    pub detail: String,
}

/// Bars in their order; those after the `first` when they are asked for.
#[component]
pub fn Bars(#[prop(into)] bars: Signal<Vec<Bar>>, first: usize) -> impl IntoView {
    let total = Memo::new(move |_| bars.with(Vec::len));
    let all = RwSignal::new(false);
    let row = |bar: &Bar| {
        let Bar { name, share, words, detail } = bar.clone();
        view! {
            <li class="try-bar try-class">
                <span class="try-bar-name">{name}</span>
                <span class="try-bar-track" aria-hidden="true">
                    <span class="try-bar-fill" style:width=format!("{:.1}%", 100.0 * share)></span>
                </span>
                <span class="try-bar-number">
                    {words} " " <span class="hint">{detail}</span>
                </span>
            </li>
        }
    };
    let shown = move || {
        let room = if all.get() { usize::MAX } else { first };
        bars.with(|bars| bars.iter().take(room).map(row).collect_view())
    };
    view! {
        <ol class="try-bars">{shown}</ol>
        <Show when=move || { total.get() > first }>
            <button
                type="button"
                class="button quiet"
                aria-expanded=move || all.get().to_string()
                on:click=move |_| all.update(|all| *all = !*all)
            >
                {move || {
                    if all.get() { format!("Show the first {first}") } else { format!("Show all {}", total.get()) }
                }}
            </button>
        </Show>
    }
}
