//! A place that takes dropped files.

use leptos::ev::DragEvent;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DataTransfer, Element, Node};

/// Takes files dropped on its children and shows that it would, while they hover above it.
#[component]
pub fn DropZone(
    #[prop(optional)] class: &'static str,
    on_drop: impl Fn(DataTransfer) + 'static,
    children: Children,
) -> impl IntoView {
    let over = RwSignal::new(false);
    // The page around it sees that the files are taken: the default is prevented.
    let hover = move |event: DragEvent| {
        if event.data_transfer().is_some_and(|data| has_files(&data)) {
            event.prevent_default();
            over.set(true);
        }
    };
    let leave = move |event: DragEvent| {
        if !goes_inside(&event) {
            over.set(false);
        }
    };
    let drop = move |event: DragEvent| {
        let Some(data) = event.data_transfer().filter(has_files) else { return };
        event.prevent_default();
        over.set(false);
        on_drop(data);
    };
    view! {
        <div
            class=class
            class:drop-over=move || over.get()
            on:dragenter=hover
            on:dragover=hover
            on:dragleave=leave
            on:drop=drop
        >
            {children()}
        </div>
    }
}

/// Whether files are dragged, and not a text or a link.
pub fn has_files(data: &DataTransfer) -> bool {
    data.types().includes(&JsValue::from_str("Files"), 0)
}

/// Whether what is dragged only went from one child of the zone to another.
fn goes_inside(event: &DragEvent) -> bool {
    let zone = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
    let next = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
    zone.is_some_and(|zone| next.is_some() && zone.contains(next.as_ref()))
}
