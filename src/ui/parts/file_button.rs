//! A button that asks for files.

use leptos::prelude::*;
use web_sys::{File, HtmlInputElement};

/// A file input that looks like a button. `name` is what it is called where `text` alone does not say
/// enough; it contains the text.
#[component]
pub fn FileButton(
    text: &'static str,
    #[prop(optional, into)] name: Option<Signal<String>>,
    #[prop(optional)] accept: &'static str,
    #[prop(optional)] multiple: bool,
    /// Asks for a folder, with everything in it.
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
                    // So that the same files can be chosen again.
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
