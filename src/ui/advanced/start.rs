//! The program's beginning, and its line to the page.

use std::cell::Cell;

use js_sys::Function;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::page::Page;
use super::panel::Panel;

thread_local! {
    static PAGE: Cell<Option<Page>> = const { Cell::new(None) };
}

/// Shows a panel in `place`. The panels share what the page tells, and speak to it by the first one's
/// `send`.
///
/// # Errors
/// There is no panel of this name.
pub fn start(place: HtmlElement, panel: &str, send: Function) -> Result<(), JsValue> {
    let panel = Panel::named(panel).ok_or("no such panel")?;
    let mounted = leptos::mount::mount_to(place, move || {
        let page = PAGE.get().unwrap_or_else(|| Page::new(send));
        PAGE.set(Some(page));
        page.provide();
        panel.view()
    });
    mounted.forget();
    Ok(())
}

/// Takes in what the page tells (bytes), or passes on from the worker (an object).
pub fn receive(message: JsValue) {
    if let Some(page) = PAGE.get() {
        page.take_in(&message);
    }
}
