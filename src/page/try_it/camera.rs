//! The camera: its live view, and the prediction of one frame after another.

use leptos::html::Video;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, DomException, HtmlCanvasElement, MediaStream, MediaStreamConstraints,
    MediaStreamTrack, MediaTrackConstraints,
};

use crate::try_it::predictor::Predictor;
use tunelab_core::protocol::FrameSize;
use tunelab_presentation::try_it::{CameraError, frame_size};
use tunelab_wire::buffer;

/// The state of the camera.
#[derive(Debug, Clone, PartialEq)]
pub enum CameraState {
    Off,
    Starting,
    On,
    Failed(CameraError),
}

/// A handle on the camera.
#[derive(Clone, Copy)]
pub struct Camera {
    pub state: RwSignal<CameraState>,
    pub video: NodeRef<Video>,
    predictor: Predictor,
    stream: StoredValue<Option<MediaStream>, LocalStorage>,
    canvas: StoredValue<Option<(HtmlCanvasElement, CanvasRenderingContext2d)>, LocalStorage>,
}

impl Camera {
    /// A camera that is off. It is turned off again when the component is removed.
    pub fn new(predictor: Predictor) -> Self {
        let camera = Self {
            state: RwSignal::new(CameraState::Off),
            video: NodeRef::new(),
            predictor,
            stream: StoredValue::new_local(None),
            canvas: StoredValue::new_local(None),
        };
        on_cleanup(move || camera.release());
        camera
    }

    /// Requests the camera and predicts its frames.
    pub fn start(self) {
        self.predictor.forget_image();
        self.state.set(CameraState::Starting);
        spawn_local(async move {
            let opened = open().await;
            // It may have been stopped while the user was asked for permission.
            let is_wanted = self.state.try_get_untracked() == Some(CameraState::Starting);
            match opened {
                Ok(stream) if is_wanted => self.show(stream),
                Ok(stream) => stop_tracks(&stream),
                Err(error) if is_wanted => self.state.set(CameraState::Failed(error)),
                Err(_) => {}
            }
        });
    }

    /// Turns the camera off.
    pub fn stop(self) {
        self.release();
        self.state.set(CameraState::Off);
    }

    fn show(self, stream: MediaStream) {
        if let Some(video) = self.video.get_untracked() {
            video.set_src_object(Some(&stream));
            // If the browser refuses to play it, there are no frames.
            let _ = video.play();
        }
        self.stream.set_value(Some(stream));
        self.state.set(CameraState::On);
        self.predict_frames();
    }

    /// Predicts a frame whenever the prediction before has arrived.
    fn predict_frames(self) {
        request_animation_frame(move || {
            if self.state.try_get_untracked() != Some(CameraState::On) {
                return;
            }
            let is_live =
                self.stream.with_value(|stream| stream.as_ref().is_some_and(MediaStream::active));
            if !is_live {
                self.release();
                self.state.set(CameraState::Failed(CameraError::Missing));
                return;
            }
            if !untrack(|| self.predictor.is_pending())
                && let Some((size, pixels)) = self.frame()
            {
                self.predictor.predict_frame(size, pixels);
            }
            self.predict_frames();
        });
    }

    /// The current frame, RGBA.
    fn frame(&self) -> Option<(FrameSize, JsValue)> {
        let video = self.video.get_untracked()?;
        let (width, height) = frame_size(video.video_width(), video.video_height());
        if width == 0 || height == 0 {
            return None;
        }
        if self.canvas.with_value(Option::is_none) {
            self.canvas.set_value(new_canvas());
        }
        self.canvas.with_value(|canvas| {
            let (canvas, context) = canvas.as_ref()?;
            if (canvas.width(), canvas.height()) != (width, height) {
                canvas.set_width(width);
                canvas.set_height(height);
            }
            let (w, h) = (f64::from(width), f64::from(height));
            context
                .draw_image_with_html_video_element_and_dw_and_dh(&video, 0.0, 0.0, w, h)
                .ok()?;
            let image = context.get_image_data(0.0, 0.0, w, h).ok()?;
            Some((FrameSize { width, height }, buffer(&image.data())))
        })
    }

    fn release(&self) {
        let stream = self.stream.try_update_value(Option::take).flatten();
        if let Some(stream) = stream {
            stop_tracks(&stream);
        }
        if let Some(video) = self.video.try_get_untracked().flatten() {
            video.set_src_object(None);
        }
    }
}

/// Requests a camera; on phones, the one that faces away from the user.
async fn open() -> Result<MediaStream, CameraError> {
    let failed = |error: JsValue| {
        let name = error.dyn_ref::<DomException>().map(DomException::name).unwrap_or_default();
        CameraError::from_name(&name)
    };
    let devices = window().navigator().media_devices().map_err(failed)?;
    // On pages that are not secure it is undefined, whatever its type.
    if devices.is_undefined() {
        return Err(CameraError::Unsupported);
    }
    let track = MediaTrackConstraints::new();
    track.set_facing_mode(&"environment".into());
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&track);
    let asked = devices.get_user_media_with_constraints(&constraints).map_err(failed)?;
    let stream = JsFuture::from(asked).await.map_err(failed)?;
    stream.dyn_into().map_err(|_| CameraError::Unsupported)
}

fn stop_tracks(stream: &MediaStream) {
    for track in stream.get_tracks() {
        if let Some(track) = track.dyn_ref::<MediaStreamTrack>() {
            track.stop();
        }
    }
}

/// A canvas for reading pixels.
fn new_canvas() -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"willReadFrequently".into(), &true.into()).ok()?;
    let context = canvas.get_context_with_context_options("2d", &options).ok()??;
    Some((canvas, context.dyn_into().ok()?))
}
