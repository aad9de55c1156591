//! The content of step 2.

use leptos::prelude::*;

use super::loaded::LoadedModel;
use super::loading::Loading;
use super::others::OtherModels;
use crate::ui::parts::ProblemNotice;
use crate::ui::state::State;
use tunelab_core::protocol::{ModelStatus, ModelSummary, Subject};

/// The network that is loaded, and ways to another.
#[component]
pub fn ModelStep() -> impl IntoView {
    let state = expect_context::<State>();
    // It stays while another one is on its way.
    let loaded = Memo::new(move |before: Option<&Option<ModelSummary>>| {
        state.model.with(|model| match model {
            Some(ModelStatus::Ready(summary)) => Some(summary.clone()),
            _ => before.cloned().flatten(),
        })
    });
    let loading = Memo::new(move |_| {
        state.model.with(|model| matches!(model, Some(ModelStatus::Loading { .. })))
    });
    view! {
        <p class="model-lead">
            "Your classes are learned on top of a network that has learned to see. One comes with the app."
        </p>
        {move || loaded.get().map(|model| view! { <LoadedModel model /> })}
        <Loading />
        <ProblemNotice about=Subject::Model />
        <OtherModels loaded loading />
    }
}
