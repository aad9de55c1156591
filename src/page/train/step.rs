//! The content of step 3.

use leptos::prelude::*;

use crate::language::text;
use crate::parts::FoldedPanel;
use crate::parts::ProblemNotice;
use crate::state::State;
use crate::train::advanced::AdvancedOptions;
use crate::train::basics::BasicOptions;
use crate::train::controls::Controls;
use crate::train::device::DeviceChoice;
use crate::train::live::LiveView;
use crate::train::news::News;
use crate::train::run_display::RunDisplay;
use crate::train::search::SearchPanel;
use tunelab_core::protocol::Subject;
use tunelab_l10n::Texts;

/// Choices, the button that starts, and the run as it goes.
#[component]
pub fn TrainStep() -> impl IntoView {
    let display = RunDisplay::new(expect_context::<State>());
    provide_context(display);
    view! {
        <div class="train-step stack">
            <p class="train-lead">
                "The network learns from your pictures. The settings below are good for your pictures as they are; change them if you like."
            </p>
            <fieldset
                class="train-group train-settings stack"
                disabled=move || display.active.get()
                aria-label="Settings"
            >
                <BasicOptions />
                <DeviceChoice />
                <AdvancedOptions />
                <FoldedPanel id="train-search" title=|| text(Texts::search_heading)>
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
