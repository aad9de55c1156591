//! The program of the page's options: see `tunelab::ui::advanced`.

use js_sys::Function;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

/// Shows the options in `place`; what is chosen is told by `send`.
#[wasm_bindgen]
pub fn start(place: HtmlElement, send: Function) {
    tunelab::ui::advanced::start(place, send);
}

/// Takes in what the page tells.
#[wasm_bindgen]
pub fn receive(bytes: &[u8]) {
    tunelab::ui::advanced::receive(bytes);
}

fn main() {}
