//! The page as a whole: what it knows, its head, its four steps, its foot.

use leptos::prelude::*;

use crate::engine::Engine;
use crate::engine_notice::EngineNotice;
use crate::language::{LanguageMenu, provide_texts};
use crate::model::ModelStep;
use crate::pictures::PicturesStep;
use crate::recovery::Keeper;
use crate::state::State;
use crate::steps::{Step, StepNavigation};
use crate::train::{TrainStep, forget_hidden_values};
use crate::try_it::TryStep;

/// Puts the app on the page, in place of what was shown while it loaded.
pub fn mount() {
    if let Some(boot) = document().get_element_by_id("boot") {
        boot.remove();
    }
    leptos::mount::mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    provide_texts();
    let state = State::new();
    let engine = Engine::start(move |incoming| state.take_in(incoming));
    provide_context(state);
    provide_context(engine);
    provide_context(Keeper::new(engine, state));
    forget_hidden_values(state);

    // The worker has put another device in the place of one that broke down.
    Effect::new(move || {
        if state.interrupted.with(Option::is_some) {
            state.continue_run(engine);
        }
    });

    view! {
        <a class="skip" href="#pictures">
            "Skip to the first step"
        </a>
        <header class="head">
            <div class="head-name">
                <h1>"tunelab"</h1>
                <p>"Teach a neural network to tell your pictures apart."</p>
            </div>
            <p class="head-promise">
                <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
                    <path
                        d="M6 10V7a6 6 0 0 1 12 0v3h1v11H5V10zm2 0h8V7a4 4 0 0 0-8 0z"
                        fill="currentColor"
                    />
                </svg>
                "Your pictures never leave this device."
            </p>
            <LanguageMenu />
        </header>
        <StepNavigation />
        <EngineNotice />
        <main class="steps">
            <StepSection step=Step::Pictures>
                <PicturesStep />
            </StepSection>
            <StepSection step=Step::Model>
                <ModelStep />
            </StepSection>
            <StepSection step=Step::Train>
                <TrainStep />
            </StepSection>
            <StepSection step=Step::Try>
                <TryStep />
            </StepSection>
        </main>
        <footer class="foot">
            <p>
                "tunelab is free software. "
                // www/boot.js says so where it does not.
                <span id="works-offline">"It works without a connection once it was opened."</span>
                " It sends nothing, and has no cookies and no trackers."
            </p>
        </footer>
    }
}

/// One of the four steps, under its heading.
#[component]
fn StepSection(step: Step, children: Children) -> impl IntoView {
    let heading = format!("{}-heading", step.id());
    view! {
        <section id=step.id() class="step card" aria-labelledby=heading.clone()>
            <h2 id=heading.clone() tabindex="-1">
                <span class="step-number" aria-hidden="true">
                    {step.number()}
                </span>
                {step.title()}
            </h2>
            {children()}
        </section>
    }
}
