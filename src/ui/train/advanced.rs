//! The options that are not in plain sight.

use leptos::prelude::*;

use super::desk::Desk;
use crate::ui::parts::{FoldedPanel, Show, leave};

/// The options, folded away.
#[component]
pub fn Advanced() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let touched = Memo::new(move |_| desk.form.with(|form| form.is_touched()));
    view! {
        <FoldedPanel id="train-advanced" name="options">
            "Advanced"
            <Show when=move || touched.get()>
                <span class="badge">"changed"</span>
            </Show>
        </FoldedPanel>
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
