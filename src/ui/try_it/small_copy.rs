//! A small network that learns from the trained one.

use leptos::html::Details;
use leptos::prelude::*;

use crate::ui::parts::Panel;

/// The panel of small copies, folded away.
#[component]
pub fn SmallCopy() -> impl IntoView {
    let details = NodeRef::<Details>::new();
    let open = RwSignal::new(false);
    view! {
        <details
            class="train-advanced"
            id="try-distill"
            node_ref=details
            on:toggle=move |_| {
                open.set(details.get_untracked().is_some_and(|details| details.open()));
            }
        >
            <summary>"Make a small copy"</summary>
            <div class="train-advanced-body">
                <Panel name="distill" wanted=open.into() />
            </div>
        </details>
    }
}
