//! The page as a whole: its context, header, four steps and footer.

use leptos::prelude::*;

use crate::engine::Engine;
use crate::engine_notice::EngineNotice;
use crate::images::ImagesStep;
use crate::language::{LanguageMenu, provide_texts, text};
use crate::model::ModelStep;
use crate::recovery::Recovery;
use crate::state::State;
use crate::steps::{Step, StepNavigation};
use crate::train::{TrainStep, forget_hidden_values};
use crate::try_it::TryStep;
use tunelab_l10n::Texts;

/// Replaces the start screen by the app.
pub fn mount() {
    if let Some(start_screen) = document().get_element_by_id("boot") {
        start_screen.remove();
    }
    leptos::mount::mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    provide_texts();
    let state = State::new();
    let engine = Engine::start(move |event| state.handle(event));
    provide_context(state);
    provide_context(engine);
    provide_context(Recovery::new(engine, state));
    forget_hidden_values(state);

    // The worker has replaced a device that failed.
    Effect::new(move || {
        if state.interrupted.with(Option::is_some) {
            state.continue_run(engine);
        }
    });

    view! {
        <a class="skip" href=Step::Images.href()>
            {text(Texts::app_skip_link)}
        </a>
        <header class="head">
            <div class="head-name">
                <h1>"tunelab"</h1>
                <p>{text(Texts::app_tagline)}</p>
            </div>
            <p class="head-promise">
                <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
                    <path
                        d="M6 10V7a6 6 0 0 1 12 0v3h1v11H5V10zm2 0h8V7a4 4 0 0 0-8 0z"
                        fill="currentColor"
                    />
                </svg>
                <span>{text(Texts::app_privacy)}</span>
            </p>
            <LanguageMenu />
        </header>
        <StepNavigation />
        <EngineNotice />
        <main class="steps">
            <StepSection step=Step::Images>
                <ImagesStep />
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
                <span>{text(Texts::app_free_software)}</span>
                " "
                // www/boot.js chooses which of these is shown.
                <span class="works-offline">{text(Texts::app_works_offline)}</span>
                <span class="needs-connection">{text(Texts::app_needs_connection)}</span>
                " "
                <span>{text(Texts::app_no_tracking)}</span>
            </p>
        </footer>
    }
}

/// One of the four steps, under its heading.
#[component]
fn StepSection(step: Step, children: Children) -> impl IntoView {
    let heading = step.heading_id();
    view! {
        <section id=step.id() class="step card" aria-labelledby=heading.clone()>
            <h2 id=heading.clone() tabindex="-1">
                <span class="step-number" aria-hidden="true">
                    {step.number()}
                </span>
                <span>{text(step.title())}</span>
            </h2>
            {children()}
        </section>
    }
}
