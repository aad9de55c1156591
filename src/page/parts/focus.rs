//! Where the focus goes when what has it goes away.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, FocusOptions, HtmlElement, Node};

/// Moves the focus from a button that is about to go to the heading of its step, or of the first one.
pub fn leave(event: &Event) {
    let from = event.target().and_then(|target| target.dyn_into::<Node>().ok());
    let element = from.and_then(|from| from.parent_element());
    let step = element.and_then(|element| element.closest(".step").ok().flatten());
    let heading = match step {
        Some(step) => step.query_selector("h2"),
        None => document().query_selector(".step h2"),
    };
    let heading = heading.ok().flatten().and_then(|heading| heading.dyn_into::<HtmlElement>().ok());
    if let Some(heading) = heading {
        focus_in_place(&heading);
    }
}

/// Gives an element the focus without taking the reader to it.
pub fn focus_in_place(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // Fails only where the element cannot have the focus.
    let _ = element.focus_with_options(&options);
}
