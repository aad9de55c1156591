//! Bar charts: a list of names, bars and values, which screen readers read as text.

use leptos::prelude::*;

use crate::language::use_texts;

/// One bar of a chart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bar {
    /// Identifies the bar, also when the order changes.
    pub key: usize,
    pub name: String,
    /// The length, 0 to 1 of the whole.
    pub share: f64,
    /// The value as text.
    pub value: String,
    /// What the value is made of, in smaller type; may be empty.
    pub detail: String,
}

/// Bars in their order. Those after the `first` ones are shown on request.
#[component]
pub fn Bars(#[prop(into)] bars: Signal<Vec<Bar>>, first: usize) -> impl IntoView {
    let texts = use_texts();
    let total = Memo::new(move |_| bars.with(Vec::len));
    let shows_all = RwSignal::new(false);
    let shown = Memo::new(move |_| {
        let room = if shows_all.get() { usize::MAX } else { first };
        bars.with(|bars| bars.iter().take(room).map(|bar| bar.key).collect::<Vec<_>>())
    });
    let button = move || match shows_all.get() {
        true => texts.get().app_show_first(first),
        false => texts.get().app_show_all(total.get()),
    };
    view! {
        <ol class="try-bars">
            <For
                each=move || shown.get()
                key=|key| *key
                children=move |key| view! { <BarRow bars key /> }
            />
        </ol>
        <Show when=move || { total.get() > first }>
            <button
                type="button"
                class="button quiet"
                aria-expanded=move || shows_all.get().to_string()
                on:click=move |_| shows_all.update(|all| *all = !*all)
            >
                {button}
            </button>
        </Show>
    }
}

/// The current state of a bar, or its last one after it was removed.
#[component]
fn BarRow(bars: Signal<Vec<Bar>>, key: usize) -> impl IntoView {
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
            <BarTrack share=Signal::derive(move || bar.with(|bar| bar.share)) />
            <span class="try-bar-number">
                {move || bar.get().value} " " <span class="hint">{move || bar.get().detail}</span>
            </span>
        </li>
    }
}

/// A bar; `share` is its length, 0 to 1 of the whole.
#[component]
pub fn BarTrack(#[prop(into)] share: Signal<f64>) -> impl IntoView {
    view! {
        <span class="try-bar-track" aria-hidden="true">
            <span
                class="try-bar-fill"
                style:width=move || format!("{:.1}%", 100.0 * share.get())
            ></span>
        </span>
    }
}
