//! The options that are not in plain sight.

use leptos::html::Details;
use leptos::prelude::*;

use super::desk::Desk;
use crate::ui::parts::{Panel, Show, leave};

/// The options, folded away.
#[component]
pub fn Advanced() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let touched = Memo::new(move |_| desk.form.with(|form| form.is_touched()));
    let details = NodeRef::<Details>::new();
    let open = RwSignal::new(false);
    view! {
        <details
            class="train-advanced"
            id="train-advanced"
            node_ref=details
            on:toggle=move |_| {
                open.set(details.get_untracked().is_some_and(|details| details.open()));
            }
        >
            <summary>
                "Advanced"
                <Show when=move || touched.get()>
                    <span class="badge">"changed"</span>
                </Show>
            </summary>
            <div class="train-advanced-body">
                <Panel name="options" wanted=open.into() />
            </div>
        </details>
        <Show when=move || touched.get()>
            <p>
                <button
                    type="button"
                    class="button quiet"
                    on:click=move |event| {
                        leave(&event);
                        desk.form.update(|form| form.reset());
                    }
                >
                    "Back to the recommended settings"
                </button>
            </p>
        </Show>
    }
}
