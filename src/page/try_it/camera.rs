//! The camera: shown live, and its frames to the network one after another.

use leptos::html::Video;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, DomException, HtmlCanvasElement, MediaStream, MediaStreamConstraints,
    MediaStreamTrack, MediaTrackConstraints,
};

use crate::try_it::trial::Trial;
use tunelab_core::protocol::FrameSize;
use tunelab_presentation::try_it::camera_words::{frame_size, problem};
use tunelab_wire::buffer;

/// How far the camera is.
#[derive(Debug, Clone, PartialEq)]
pub enum CameraState {
    Off,
    Starting,
    On,
    Failed(&'static str),
}

/// A handle on the camera.
#[derive(Clone, Copy)]
pub struct Camera {
    pub state: RwSignal<CameraState>,
    pub video: NodeRef<Video>,
    trial: Trial,
    stream: StoredValue<Option<MediaStream>, LocalStorage>,
    canvas: StoredValue<Option<(HtmlCanvasElement, CanvasRenderingContext2d)>, LocalStorage>,
}

impl Camera {
    /// A camera that is off, and is off again when the component goes.
    pub fn new(trial: Trial) -> Self {
        let camera = Self {
            state: RwSignal::new(CameraState::Off),
            video: NodeRef::new(),
            trial,
            stream: StoredValue::new_local(None),
            canvas: StoredValue::new_local(None),
        };
        on_cleanup(move || camera.release());
        camera
    }

    /// Asks for the camera and shows its frames to the network.
    pub fn start(self) {
        self.trial.forget_picture();
        self.state.set(CameraState::Starting);
        spawn_local(async move {
            let opened = open().await;
            // Stopped, or gone, while the user was asked.
            let wanted = self.state.try_get_untracked() == Some(CameraState::Starting);
            match opened {
                Ok(stream) if wanted => self.show(stream),
                Ok(stream) => stop_tracks(&stream),
                Err(error) if wanted => self.state.set(CameraState::Failed(problem(&error))),
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
            // Where playing is refused there are no frames, and nothing else to tell.
            let _ = video.play();
        }
        self.stream.set_value(Some(stream));
        self.state.set(CameraState::On);
        self.look();
    }

    /// Shows a frame to the network whenever it has answered the one before.
    fn look(self) {
        request_animation_frame(move || {
            if self.state.try_get_untracked() != Some(CameraState::On) {
                return;
            }
            let is_live =
                self.stream.with_value(|stream| stream.as_ref().is_some_and(MediaStream::active));
            if !is_live {
                self.release();
                self.state.set(CameraState::Failed(problem("NotFoundError")));
                return;
            }
            if !untrack(|| self.trial.is_waiting())
                && let Some((size, pixels)) = self.frame()
            {
                self.trial.show_frame(size, pixels);
            }
            self.look();
        });
    }

    /// The present frame, RGBA.
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

/// Asks for a camera, on phones the one that looks away from the user; fails with the error's name.
async fn open() -> Result<MediaStream, String> {
    let name = |error: JsValue| {
        error.dyn_ref::<DomException>().map(DomException::name).unwrap_or_default()
    };
    let devices = window().navigator().media_devices().map_err(name)?;
    // Pages that are not secure have none, whatever the type says.
    if devices.is_undefined() {
        return Err(String::new());
    }
    let track = MediaTrackConstraints::new();
    track.set_facing_mode(&"environment".into());
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&track);
    let asked = devices.get_user_media_with_constraints(&constraints).map_err(name)?;
    let stream = JsFuture::from(asked).await.map_err(name)?;
    stream.dyn_into().map_err(|_| String::new())
}

fn stop_tracks(stream: &MediaStream) {
    for track in stream.get_tracks() {
        if let Some(track) = track.dyn_ref::<MediaStreamTrack>() {
            track.stop();
        }
    }
}

/// A canvas that is read more than seen.
fn new_canvas() -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"willReadFrequently".into(), &true.into()).ok()?;
    let context = canvas.get_context_with_context_options("2d", &options).ok()??;
    Some((canvas, context.dyn_into().ok()?))
}
