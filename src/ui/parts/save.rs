//! A file of the page's, saved.

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// How long the file's address is kept for the browser to begin saving it.
const KEPT: std::time::Duration = std::time::Duration::from_secs(60);

/// Hands a buffer to the browser to be saved.
///
/// # Errors
/// The browser refuses.
pub fn save(file_name: &str, buffer: &JsValue) -> Result<(), JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type("application/octet-stream");
    let blob = Blob::new_with_buffer_source_sequence_and_options(&Array::of1(buffer), &kind)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.dyn_into()?;
    link.set_href(&address);
    link.set_download(file_name);
    link.click();
    set_timeout(
        move || {
            let _ = Url::revoke_object_url(&address);
        },
        KEPT,
    );
    Ok(())
}
