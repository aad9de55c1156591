//! A place for a panel of the page's second program.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Show, effect};
use crate::ui::engine::Engine;
use crate::ui::link::Link;

/// How far the panel is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Loading {
    NotYet,
    Under,
    Done,
    Failed,
}

/// A panel of [`crate::ui::advanced`], loaded once it is `wanted`, and again after a failure.
#[component]
pub fn Panel(name: &'static str, wanted: Signal<bool>) -> impl IntoView {
    let (link, engine) = (expect_context::<Link>(), expect_context::<Engine>());
    let place = NodeRef::<Div>::new();
    let loading = RwSignal::new(Loading::NotYet);
    effect(move || {
        let (Some(place), true) = (place.get(), wanted.get()) else { return };
        if matches!(loading.get_untracked(), Loading::NotYet | Loading::Failed) {
            loading.set(Loading::Under);
            spawn_local(async move {
                let opened = link.open(engine, &place, name).await;
                if let Err(error) = &opened {
                    leptos::logging::warn!("a part of the page could not be loaded: {error:?}");
                }
                loading.set(if opened.is_ok() { Loading::Done } else { Loading::Failed });
            });
        }
    });
    view! {
        <div class="stack" node_ref=place></div>
        <Show when=move || loading.get() == Loading::Under>
            <p role="status">"Loading…"</p>
        </Show>
        <Show when=move || wanted.get() && loading.get() == Loading::Failed>
            <p role="alert">
                "This part of the page could not be loaded. Check the connection, then close and open this again."
            </p>
        </Show>
    }
}
