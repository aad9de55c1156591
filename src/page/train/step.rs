//! The content of step 3.

use leptos::prelude::*;

use crate::parts::folded_panel::FoldedPanel;
use crate::parts::status::ProblemNotice;
use crate::train::choices::Choices;
use crate::train::controls::Controls;
use crate::train::desk::Desk;
use crate::train::device::DeviceChoice;
use crate::train::live::LiveView;
use crate::train::news::News;
use crate::train::options::AdvancedOptions;
use crate::train::search::panel::SearchPanel;
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
                <AdvancedOptions />
                <FoldedPanel id="train-search" title=|| "Try many settings">
                    <SearchPanel />
                </FoldedPanel>
            </fieldset>
            <Controls />
            <ProblemNotice about=Subject::Train />
            <LiveView />
            <News />
        </div>
    }
}
