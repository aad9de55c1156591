//! What is there at times only.

use leptos::children::ViewFn;
use leptos::prelude::*;

/// Shows its children while `when` says so, and `fallback` at other times. It is Leptos' `Show` with all
/// types fixed: each of its own would add 1 KB to the page.
#[component]
pub fn Show(
    #[prop(into)] when: Signal<bool>,
    #[prop(optional, into)] fallback: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let when = Memo::new(move |_| when.get());
    move || if when.get() { children() } else { fallback.run() }
}
