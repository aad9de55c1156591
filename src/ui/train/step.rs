//! The content of step 3.

use leptos::prelude::*;

use super::advanced::Advanced;
use super::choices::Choices;
use super::controls::Controls;
use super::desk::Desk;
use super::device::DeviceChoice;
use super::live::LiveView;
use super::news::News;
use crate::ui::parts::{FoldedPanel, ProblemNotice};
use tunelab_core::protocol::Subject;

/// Choices, the button that starts, and the run as it goes.
#[component]
pub fn TrainStep() -> impl IntoView {
    let desk = Desk::new();
    provide_context(desk);
    view! {
        <div class="train-step stack">
            <p class="train-lead">
                "The network learns from your pictures. The settings below are good for your pictures as they are; change them if you like."
            </p>
            <fieldset
                class="train-group train-settings stack"
                disabled=move || desk.active.get()
                aria-label="Settings"
            >
                <Choices />
                <DeviceChoice />
                <Advanced />
                <FoldedPanel id="train-search" name="search">
                    "Try many settings"
                </FoldedPanel>
            </fieldset>
            <Controls />
            <ProblemNotice about=Subject::Train />
            <LiveView />
            <News />
        </div>
    }
}
