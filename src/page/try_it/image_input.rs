//! Choosing an image to try: a file, a drop, the clipboard or the camera.

use leptos::ev::ClipboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DataTransfer, File, FileList, Node};

use crate::language::{text, use_texts};
use crate::parts::{DropZone, FileButton};
use crate::steps::Step;
use crate::try_it::camera::{Camera, CameraState};
use crate::try_it::predictor::Predictor;
use tunelab_l10n::{Localize, Texts};

/// The image to try, with the ways to choose it.
#[component]
pub fn ImageInput() -> impl IntoView {
    let (predictor, texts) = (expect_context::<Predictor>(), use_texts());
    let camera = Camera::new(predictor);
    let stage = NodeRef::<Div>::new();
    let predict = move |file: &File| {
        camera.stop();
        predictor.predict_file(file);
    };
    let paste = window_event_listener(leptos::ev::paste, move |event: ClipboardEvent| {
        let is_for_stage = stage.get_untracked().is_some_and(|stage| is_paste_for(&stage));
        let file = event.clipboard_data().and_then(|data| first_image(&data));
        if let (true, Some(file)) = (is_for_stage, file) {
            event.prevent_default();
            predict(&file);
        }
    });
    on_cleanup(move || paste.remove());

    view! {
        <DropZone
            class="try-zone"
            on_drop=move |data| {
                // If there is no image, the engine reports what the file is.
                let any = || data.files().and_then(|files| files.get(0));
                if let Some(file) = first_image(&data).or_else(any) {
                    predict(&file);
                }
            }
        >
            <div class="try-stage" node_ref=stage>
                <Stage camera />
            </div>
            <div class="try-ways">
                <div class="row wrap">
                    <FileButton
                        text=text(Texts::try_choose)
                        accept="image/*"
                        on_files=move |files| {
                            if let Some(file) = files.first() {
                                predict(file);
                            }
                        }
                    />
                    <CameraButton camera />
                </div>
                <p class="hint">{text(Texts::try_choose_hint)}</p>
                <div role="status">
                    {move || match camera.state.get() {
                        CameraState::Failed(error) => {
                            let message = error.localize(texts.get());
                            Some(view! { <p class="notice warn">{message}</p> })
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
    let texts = use_texts();
    let is_off = move || matches!(camera.state.get(), CameraState::Off | CameraState::Failed(_));
    view! {
        <button
            type="button"
            class="button"
            on:click=move |_| if untrack(is_off) { camera.start() } else { camera.stop() }
        >
            {move || {
                if is_off() { texts.get().try_camera_start() } else { texts.get().try_camera_stop() }
            }}
        </button>
    }
}

/// The chosen image, the camera view, or a placeholder.
#[component]
fn Stage(camera: Camera) -> impl IntoView {
    let (predictor, texts) = (expect_context::<Predictor>(), use_texts());
    let is_on = move || camera.state.get() == CameraState::On;
    let image = move || {
        predictor.image.get().map(|(address, name)| {
            let description = move || texts.get().try_image(&name);
            view! { <img class="try-image" src=address alt=description /> }
        })
    };
    let placeholder = move || match camera.state.get() {
        CameraState::On => None,
        CameraState::Starting => Some(texts.get().try_camera_starting()),
        _ if predictor.image.with(Option::is_some) => None,
        _ => Some(texts.get().try_image_here()),
    };
    view! {
        <video
            class="try-image"
            node_ref=camera.video
            aria-label=text(Texts::try_camera_view)
            autoplay
            playsinline
            prop:muted=true
            hidden=move || !is_on()
        ></video>
        {image}
        {move || placeholder().map(|text| view! { <p class="hint try-empty">{text}</p> })}
    }
}

/// The first image file in dropped or pasted data.
fn first_image(data: &DataTransfer) -> Option<File> {
    let files: FileList = data.files()?;
    (0..files.length())
        .filter_map(|index| files.get(index))
        .find(|file| file.type_().starts_with("image/"))
}

/// Whether to paste an image here: the focus is in this step, or nowhere while the stage is visible.
fn is_paste_for(stage: &web_sys::HtmlElement) -> bool {
    let step = stage.closest(&Step::Try.href()).ok().flatten();
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
