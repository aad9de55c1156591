//! A problem, said.

use leptos::prelude::*;

use super::leave;
use crate::ui::plot::format::sentence;

/// A problem's message, where there is one, with a button that calls `dismiss`.
#[component]
pub fn Notice(message: Signal<Option<String>>, dismiss: Callback<()>) -> impl IntoView {
    move || {
        message.get().map(|message| {
            view! {
                <div class="notice bad" role="alert" data-testid="problem">
                    <p>{sentence(&message)}</p>
                    <button
                        type="button"
                        class="button quiet"
                        on:click=move |event| {
                            leave(&event);
                            dismiss.run(());
                        }
                    >
                        "Dismiss"
                    </button>
                </div>
            }
        })
    }
}
