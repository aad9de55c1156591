//! An answer before anything is trained.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::ui::engine::Engine;
use crate::ui::parts::Show;
use crate::ui::state::State;
use crate::ui::train::form::{Form, Task};
use crate::ui::train::readiness::has_one_of_each;
use tunelab_core::train::recipe::Recipe;

/// A button that makes a network of the pictures' means (few-shot), once there is one of each class.
#[component]
pub fn AtOnce() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let is_possible = Memo::new(move |_| state.collection.with(has_one_of_each));
    let is_busy = Memo::new(move |_| {
        state.run.with(|run| run.phase.is_active())
            || state.link.errand.with(Option::is_some)
            || state.is_worker_lost()
    });
    let press = move |_| {
        if is_busy.get_untracked() {
            return;
        }
        let task = state.collection.with_untracked(|collection| Task::from(collection));
        let chosen = state.link.form.get_untracked();
        let form = Form {
            recipe: Some(Recipe::FewShot),
            size: chosen.size,
            fit: chosen.fit,
            ..Form::default()
        };
        state.train(engine, form.draft(&task).request);
        // From now on, so that a second press does not ask for it again.
        state.run.update(|run| run.preparing(0, 0));
        show_step_four();
    };
    view! {
        <Show when=move || is_possible.get()>
            <div class="row wrap">
                <button
                    type="button"
                    class="button"
                    aria-describedby="at-once-hint"
                    aria-disabled=move || is_busy.get().then_some("true")
                    on:click=press
                >
                    "Try it right away, without training"
                </button>
                <p class="hint" id="at-once-hint">
                    "Compares a new picture with yours as the network sees them. Training recognizes more."
                </p>
            </div>
        </Show>
    }
}

/// Where the answer will be.
fn show_step_four() {
    let heading = document().get_element_by_id("try-heading");
    if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
        // Fails only where it cannot have the focus.
        let _ = heading.focus();
    }
}
