//! A panel that is folded away until it is asked for.

use leptos::html::Details;
use leptos::prelude::*;

/// A panel under its title. Its content is made when it is first unfolded, and stays.
#[component]
pub fn FoldedPanel(
    id: &'static str,
    #[prop(into)] title: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let details = NodeRef::<Details>::new();
    let was_opened = RwSignal::new(false);
    view! {
        <details
            class="train-advanced"
            id=id
            node_ref=details
            on:toggle=move |_| {
                if details.get_untracked().is_some_and(|details| details.open()) {
                    was_opened.set(true);
                }
            }
        >
            <summary>{title.run()}</summary>
            <div class="train-advanced-body">
                <div class="stack">{move || was_opened.get().then(|| children())}</div>
            </div>
        </details>
    }
}
