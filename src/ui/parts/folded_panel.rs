//! A panel of the page's second program, folded away until it is asked for.

use leptos::html::Details;
use leptos::prelude::*;

use super::Panel;

/// The panel `name` under its title, the children; it is loaded when it is first unfolded.
#[component]
pub fn FoldedPanel(id: &'static str, name: &'static str, children: Children) -> impl IntoView {
    let details = NodeRef::<Details>::new();
    let open = RwSignal::new(false);
    view! {
        <details
            class="train-advanced"
            id=id
            node_ref=details
            on:toggle=move |_| {
                open.set(details.get_untracked().is_some_and(|details| details.open()));
            }
        >
            <summary>{children()}</summary>
            <div class="train-advanced-body">
                <Panel name wanted=open.into() />
            </div>
        </details>
    }
}
