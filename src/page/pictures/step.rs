//! The content of step 1.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::engine::Engine;
use crate::parts::ProblemNotice;
use crate::pictures::classes::Classes;
use crate::pictures::intake::Intake;
use crate::pictures::news::{ImportProgress, LeftOut};
use crate::pictures::page_drop::take_page_drops;
use crate::pictures::start::Start;
use crate::state::State;
use tunelab_core::protocol::Subject;
use tunelab_presentation::train::readiness::has_one_of_each;

/// Ways to pictures, and the pictures by class.
#[component]
pub fn PicturesStep() -> impl IntoView {
    let intake = Intake::new();
    provide_context(intake);
    let over = take_page_drops(intake);
    view! {
        <p class="pictures-lead">
            "Sort pictures into classes: the things that the network is to tell apart."
        </p>
        <Start over />
        <ImportProgress />
        <ProblemNotice about=Subject::Pictures />
        <LeftOut />
        <Classes />
        <AtOnce />
    }
}

/// A button that makes a network of the pictures' means (few-shot), once there is one of each class.
#[component]
fn AtOnce() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let is_possible = Memo::new(move |_| state.collection.with(has_one_of_each));
    let press = move |_| {
        if !state.is_idle.get_untracked() {
            return;
        }
        let form = state.form.with_untracked(|form| form.few_shot());
        state.train(engine, form.draft(&state.dataset.get_untracked()).config);
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
                    aria-disabled=move || (!state.is_idle.get()).then_some("true")
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
