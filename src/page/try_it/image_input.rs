//! Choosing what to show: a file, a drop, a paste, the camera.

use leptos::ev::ClipboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DataTransfer, File, FileList, Node};

use crate::parts::files::{DropZone, FileButton};
use crate::try_it::camera::{Camera, CameraState};
use crate::try_it::trial::Trial;

/// The place where a picture is shown to the network.
#[component]
pub fn Choose() -> impl IntoView {
    let trial = expect_context::<Trial>();
    let camera = Camera::new(trial);
    let stage = NodeRef::<Div>::new();
    let show = move |file: &File| {
        camera.stop();
        trial.show_file(file);
    };
    let paste = window_event_listener(leptos::ev::paste, move |event: ClipboardEvent| {
        let is_meant = stage.get_untracked().is_some_and(|stage| is_meant(&stage));
        let file = event.clipboard_data().and_then(|data| first_picture(&data));
        if let (true, Some(file)) = (is_meant, file) {
            event.prevent_default();
            show(&file);
        }
    });
    on_cleanup(move || paste.remove());

    view! {
        <DropZone
            class="try-zone"
            on_drop=move |data| {
                // What is no picture is said to be none.
                let any = || data.files().and_then(|files| files.get(0));
                if let Some(file) = first_picture(&data).or_else(any) {
                    show(&file);
                }
            }
        >
            <div class="try-stage" node_ref=stage>
                <Stage camera />
            </div>
            <div class="try-ways">
                <div class="row wrap">
                    <FileButton
                        text="Choose a picture"
                        accept="image/*"
                        on_files=move |files| {
                            if let Some(file) = files.first() {
                                show(file);
                            }
                        }
                    />
                    <CameraButton camera />
                </div>
                <p class="hint">
                    "Or drop one here, or paste it. It stays on this device, like everything else."
                </p>
                <div role="status">
                    {move || match camera.state.get() {
                        CameraState::Failed(words) => {
                            Some(view! { <p class="notice warn">{words}</p> })
                        }
                        _ => None,
                    }}
                </div>
            </div>
        </DropZone>
    }
}

#[component]
fn CameraButton(camera: Camera) -> impl IntoView {
    let is_off = move || matches!(camera.state.get(), CameraState::Off | CameraState::Failed(_));
    view! {
        <button
            type="button"
            class="button"
            on:click=move |_| if untrack(is_off) { camera.start() } else { camera.stop() }
        >
            {move || if is_off() { "Use the camera" } else { "Stop the camera" }}
        </button>
    }
}

/// The chosen picture, the camera's, or nothing yet.
#[component]
fn Stage(camera: Camera) -> impl IntoView {
    let trial = expect_context::<Trial>();
    let is_on = move || camera.state.get() == CameraState::On;
    let still = move || {
        trial.picture.get().map(|(address, name)| {
            view! { <img class="try-picture" src=address alt=format!("Your picture: {name}") /> }
        })
    };
    let words = move || match camera.state.get() {
        CameraState::On => None,
        CameraState::Starting => Some("Waiting for the camera"),
        _ if trial.picture.with(Option::is_some) => None,
        _ => Some("Your picture appears here"),
    };
    view! {
        <video
            class="try-picture"
            node_ref=camera.video
            aria-label="The camera's picture"
            autoplay
            playsinline
            prop:muted=true
            hidden=move || !is_on()
        ></video>
        {still}
        {move || words().map(|words| view! { <p class="hint try-empty">{words}</p> })}
    }
}

/// The first picture among what was dropped or pasted.
fn first_picture(data: &DataTransfer) -> Option<File> {
    let files: FileList = data.files()?;
    (0..files.length())
        .filter_map(|index| files.get(index))
        .find(|file| file.type_().starts_with("image/"))
}

/// Whether what is pasted is for this place: the focus is in its step, or nowhere while it is in sight.
fn is_meant(stage: &web_sys::HtmlElement) -> bool {
    let step = stage.closest("#try").ok().flatten();
    match document().active_element() {
        Some(focused) if focused.tag_name() != "BODY" => {
            step.is_some_and(|step| step.contains(focused.dyn_ref::<Node>()))
        }
        _ => {
            let place = stage.get_bounding_client_rect();
            let height = window().inner_height().ok().and_then(|height| height.as_f64());
            place.bottom() > 0.0 && place.top() < height.unwrap_or(0.0)
        }
    }
}
