//! Bars with names.

use leptos::prelude::*;

/// One bar.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bar {
    /// Tells it from the others, also when they change places.
    pub key: usize,
    pub name: String,
    /// Its length, 0 to 1 of the whole.
    pub share: f64,
    /// What it says.
    pub words: String,
    /// What that is made of; empty where nothing more is to be said.
    pub detail: String,
}

/// Bars in their order; those after the `first` when they are asked for.
#[component]
pub fn Bars(#[prop(into)] bars: Signal<Vec<Bar>>, first: usize) -> impl IntoView {
    let total = Memo::new(move |_| bars.with(Vec::len));
    let all = RwSignal::new(false);
    let shown = Memo::new(move |_| {
        let room = if all.get() { usize::MAX } else { first };
        bars.with(|bars| bars.iter().take(room).map(|bar| bar.key).collect::<Vec<_>>())
    });
    view! {
        <ol class="try-bars">
            <For
                each=move || shown.get()
                key=|key| *key
                children=move |key| view! { <Row bars key /> }
            />
        </ol>
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

/// A bar as it is now; as it last was, once it is gone.
#[component]
fn Row(bars: Signal<Vec<Bar>>, key: usize) -> impl IntoView {
    let bar = Memo::new(move |before: Option<&Bar>| {
        let now = bars.with(|bars| bars.iter().find(|bar| bar.key == key).cloned());
        now.or_else(|| before.cloned()).unwrap_or_default()
    });
    view! {
        <li
            class="try-bar"
            class:try-bar-detailed=move || bar.with(|bar| !bar.detail.is_empty())
        >
            <span class="try-bar-name">{move || bar.get().name}</span>
            <span class="try-bar-track" aria-hidden="true">
                <span
                    class="try-bar-fill"
                    style:width=move || bar.with(|bar| format!("{:.1}%", 100.0 * bar.share))
                ></span>
            </span>
            <span class="try-bar-number">
                {move || bar.get().words} " " <span class="hint">{move || bar.get().detail}</span>
            </span>
        </li>
    }
}
