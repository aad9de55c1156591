//! Bar charts with names, and images drawn from their pixels.

use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, ImageData};

use crate::language::use_texts;
use crate::state::Pixels;

/// One bar of a chart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bar {
    /// Identifies the bar, also when the order changes.
    pub key: usize,
    pub name: String,
    /// The length, 0 to 1 of the whole.
    pub share: f64,
    /// The value as text.
    pub value: String,
    /// What the value is made of, in smaller type; may be empty.
    pub detail: String,
}

/// Bars in their order. Those after the `first` ones are shown on request.
#[component]
pub fn Bars(#[prop(into)] bars: Signal<Vec<Bar>>, first: usize) -> impl IntoView {
    let texts = use_texts();
    let total = Memo::new(move |_| bars.with(Vec::len));
    let shows_all = RwSignal::new(false);
    let shown = Memo::new(move |_| {
        let room = if shows_all.get() { usize::MAX } else { first };
        bars.with(|bars| bars.iter().take(room).map(|bar| bar.key).collect::<Vec<_>>())
    });
    let button = move || match shows_all.get() {
        true => texts.get().app_show_first(first),
        false => texts.get().app_show_all(total.get()),
    };
    view! {
        <ol class="try-bars">
            <For
                each=move || shown.get()
                key=|key| *key
                children=move |key| view! { <BarRow bars key /> }
            />
        </ol>
        <Show when=move || { total.get() > first }>
            <button
                type="button"
                class="button quiet"
                aria-expanded=move || shows_all.get().to_string()
                on:click=move |_| shows_all.update(|all| *all = !*all)
            >
                {button}
            </button>
        </Show>
    }
}

/// The current state of a bar, or its last one after it was removed.
#[component]
fn BarRow(bars: Signal<Vec<Bar>>, key: usize) -> impl IntoView {
    let bar = Memo::new(move |before: Option<&Bar>| {
        let now = bars.with(|bars| bars.iter().find(|bar| bar.key == key).cloned());
        now.or_else(|| before.cloned()).unwrap_or_default()
    });
    view! {
        <li
            class="try-bar"
            class:try-bar-detailed=move || bar.with(|bar| !bar.detail.is_empty())
        >
            <span class="try-bar-name">{move || bar.get().name}</span>
            <span class="try-bar-track" aria-hidden="true">
                <span
                    class="try-bar-fill"
                    style:width=move || bar.with(|bar| format!("{:.1}%", 100.0 * bar.share))
                ></span>
            </span>
            <span class="try-bar-number">
                {move || bar.get().value} " " <span class="hint">{move || bar.get().detail}</span>
            </span>
        </li>
    }
}

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
