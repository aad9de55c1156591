//! Images drawn from their pixels.

use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, ImageData};

use crate::state::Pixels;

/// Draws `pixels`. `label` describes the image to those who cannot see it.
#[component]
pub fn PixelCanvas(pixels: Pixels, #[prop(into)] label: Signal<String>) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let side = pixels.side;
    Effect::new(move || {
        let context = canvas.get().and_then(|canvas| canvas.get_context("2d").ok().flatten());
        let context = context.and_then(|context| context.dyn_into().ok());
        let Some(context): Option<CanvasRenderingContext2d> = context else { return };
        let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels.rgba), side, side);
        if let Ok(image) = image {
            // Fails only if the canvas was removed.
            let _ = context.put_image_data(&image, 0.0, 0.0);
        }
    });
    view! {
        <canvas class="pixels" node_ref=canvas width=side height=side role="img" aria-label=label>
        </canvas>
    }
}
