//! The content of step 3.

use leptos::prelude::*;

use crate::language::text;
use crate::parts::{CollapsiblePanel, ProblemNotice};
use crate::state::State;
use crate::train::advanced::AdvancedOptions;
use crate::train::basics::BasicOptions;
use crate::train::controls::Controls;
use crate::train::device::DeviceChoice;
use crate::train::run_display::RunDisplay;
use crate::train::run_view::{RunAnnouncements, RunView};
use crate::train::search::SearchPanel;
use tunelab_core::protocol::Subject;
use tunelab_l10n::Texts;

/// The settings, the buttons, and the run.
#[component]
pub fn TrainStep() -> impl IntoView {
    let display = RunDisplay::new(expect_context::<State>());
    provide_context(display);
    view! {
        <div class="train-step stack">
            <p class="train-lead">{text(Texts::run_lead)}</p>
            <fieldset
                class="train-group train-settings stack"
                disabled=move || display.active.get()
                aria-label=text(Texts::run_settings)
            >
                <BasicOptions />
                <DeviceChoice />
                <AdvancedOptions />
                <CollapsiblePanel id="train-search" title=|| text(Texts::search_heading)>
                    <SearchPanel />
                </CollapsiblePanel>
            </fieldset>
            <Controls />
            <ProblemNotice about=Subject::Train />
            <RunView />
            <RunAnnouncements />
        </div>
    }
}
