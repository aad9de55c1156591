//! The program of the page's further parts: see `tunelab::ui::advanced`.

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

/// Shows a panel in `place`; what is chosen in it is told by `send`.
///
/// # Errors
/// There is no such panel.
#[wasm_bindgen]
pub fn start(place: HtmlElement, panel: &str, send: Function) -> Result<(), JsValue> {
    tunelab::ui::advanced::start(place, panel, send)
}

/// Takes in what the page tells, or passes on from the worker.
#[wasm_bindgen]
pub fn receive(message: JsValue) {
    tunelab::ui::advanced::receive(message);
}

fn main() {}
