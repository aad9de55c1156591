//! Dropping, choosing and saving files.

use js_sys::Array;
use leptos::ev::DragEvent;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, BlobPropertyBag, DataTransfer, Element, File, HtmlAnchorElement, HtmlInputElement, Node,
    Url,
};

use crate::language::use_texts;
use tunelab_l10n::{Localize, Texts, display_in_english};

/// How long a saved file's address stays valid, so that the browser can start to save it.
const ADDRESS_LIFETIME: std::time::Duration = std::time::Duration::from_secs(60);

/// Accepts files dropped on its children, and highlights them while files are dragged over them.
#[component]
pub fn DropZone(
    #[prop(optional)] class: &'static str,
    on_drop: impl Fn(DataTransfer) + 'static,
    children: Children,
) -> impl IntoView {
    let is_over = RwSignal::new(false);
    // Preventing the default also tells the page that the files are accepted here.
    let hover = move |event: DragEvent| {
        if event.data_transfer().is_some_and(|data| has_files(&data)) {
            event.prevent_default();
            is_over.set(true);
        }
    };
    let leave = move |event: DragEvent| {
        if !stays_inside(&event) {
            is_over.set(false);
        }
    };
    let drop = move |event: DragEvent| {
        let Some(data) = event.data_transfer().filter(has_files) else { return };
        event.prevent_default();
        is_over.set(false);
        on_drop(data);
    };
    view! {
        <div
            class=class
            class:drop-over=move || is_over.get()
            on:dragenter=hover
            on:dragover=hover
            on:dragleave=leave
            on:drop=drop
        >
            {children()}
        </div>
    }
}

/// Whether the dragged or pasted data contains files, rather than text or a link.
pub fn has_files(data: &DataTransfer) -> bool {
    data.types().includes(&JsValue::from_str("Files"), 0)
}

/// Whether the pointer only moved from one child of the zone to another.
fn stays_inside(event: &DragEvent) -> bool {
    let zone = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
    let next = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
    zone.is_some_and(|zone| next.is_some() && zone.contains(next.as_ref()))
}

/// A file input that looks like a button. `name` is its accessible name where `text` alone is not clear; it
/// contains the text.
#[component]
pub fn FileButton(
    #[prop(into)] text: Signal<String>,
    #[prop(optional, into)] name: Option<Signal<String>>,
    #[prop(optional)] accept: &'static str,
    #[prop(optional)] multiple: bool,
    /// Asks for a folder, with all files in it.
    #[prop(optional)]
    folder: bool,
    on_files: impl Fn(Vec<File>) + 'static,
) -> impl IntoView {
    view! {
        <label class="button">
            <input
                type="file"
                class="visually-hidden"
                accept=(!accept.is_empty()).then_some(accept)
                multiple=multiple
                prop:webkitdirectory=folder
                aria-label=name.map(|name| move || name.get())
                on:change:target=move |event| {
                    let input: HtmlInputElement = event.target();
                    let files = input.files();
                    let chosen = files.iter().flat_map(|files| {
                        (0..files.length()).filter_map(|index| files.get(index))
                    });
                    let chosen: Vec<File> = chosen.collect();
                    // Allows to choose the same files again.
                    input.set_value("");
                    if !chosen.is_empty() {
                        on_files(chosen);
                    }
                }
            />
            {text}
        </label>
    }
}

/// The browser refused to save a file. The reason is its message.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub struct SaveError {
    pub file: String,
    pub reason: String,
}

impl Localize for SaveError {
    fn localize(&self, texts: Texts) -> String {
        texts.app_file_not_saved(&self.file, &self.reason)
    }
}

display_in_english!(SaveError);

/// Why the last file was not saved; nothing if it was.
#[component]
pub fn SaveProblem(#[prop(into)] problem: Signal<Option<SaveError>>) -> impl IntoView {
    let texts = use_texts();
    move || {
        let message = problem.with(|error| Some(error.as_ref()?.localize(texts.get())))?;
        Some(view! { <p class="notice bad" role="alert">{message}</p> })
    }
}

/// Lets the browser save a buffer as a file.
///
/// # Errors
/// The browser refuses.
pub fn save(file_name: &str, buffer: &JsValue) -> Result<(), SaveError> {
    save_buffer(file_name, buffer).map_err(|error| {
        let reason = format!("{error:?}");
        SaveError { file: file_name.to_owned(), reason }
    })
}

fn save_buffer(file_name: &str, buffer: &JsValue) -> Result<(), JsValue> {
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
        ADDRESS_LIFETIME,
    );
    Ok(())
}
