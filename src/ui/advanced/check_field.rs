//! A choice of yes or no.

use leptos::prelude::*;

/// Yes or no.
#[component]
pub fn CheckField(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    value: Signal<bool>,
    choose: Callback<bool>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    view! {
        <div class="field train-check">
            <label for=id>
                <input
                    id=id
                    type="checkbox"
                    aria-describedby=hint_id.clone()
                    prop:checked=move || value.get()
                    on:change:target=move |event| choose.run(event.target().checked())
                />
                {label}
            </label>
            <p class="hint" id=hint_id>
                {hint}
            </p>
        </div>
    }
}
