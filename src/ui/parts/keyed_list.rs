//! A list whose entries stay while others come, go and change places.

use std::sync::Arc;

use leptos::prelude::*;

/// How the entry of a key looks.
pub type Entry = Arc<dyn Fn(u32) -> AnyView + Send + Sync>;

/// An entry a key. It is [`For`] with all types fixed: each of its own would add 10 KB to the page.
#[component]
pub fn KeyedList(#[prop(into)] keys: Signal<Vec<u32>>, entry: Entry) -> impl IntoView {
    view! { <For each=move || keys.get() key=|key| *key children=move |key| entry(key) /> }
}
