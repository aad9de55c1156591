//! How often charts are drawn, and in how much room.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, ResizeObserver};

/// The least time between two drawings, in ms: smooth enough, and little work beside that of the worker.
const INTERVAL_MS: f64 = 100.0;

/// The width of a chart until it is measured, in px.
const INITIAL_WIDTH: f64 = 320.0;

/// A number that changes one animation frame after `earlier`, so that not everything is drawn in the same frame.
pub fn a_frame_later(earlier: ReadSignal<u32>) -> ReadSignal<u32> {
    let (later, set_later) = signal(0);
    Effect::new(move || {
        let number = earlier.get();
        request_animation_frame(move || {
            set_later.try_set(number);
        });
    });
    later
}

/// A number that changes after the signals of `track`: in an animation frame, and at most ten times a second.
pub fn paced(track: impl Fn() + 'static) -> ReadSignal<u32> {
    let (drawing, set_drawing) = signal(0);
    let waiting = StoredValue::new(false);
    let latest = StoredValue::new(0.0);
    let draw = move || {
        latest.try_set_value(js_sys::Date::now());
        waiting.try_set_value(false);
        set_drawing.try_update(|number| *number += 1);
    };
    Effect::new(move || {
        track();
        if waiting.get_value() {
            return;
        }
        waiting.set_value(true);
        let rest = latest.get_value() + INTERVAL_MS - js_sys::Date::now();
        if rest > 0.0 {
            let rest = std::time::Duration::from_millis(rest.min(INTERVAL_MS) as u64);
            set_timeout(move || request_animation_frame(draw), rest);
        } else {
            request_animation_frame(draw);
        }
    });
    drawing
}

/// The current width of an element, in px.
pub fn width_of(element: NodeRef<Div>) -> ReadSignal<f64> {
    let (width, set_width) = signal(INITIAL_WIDTH);
    let observer = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn FnMut()>)>);
    Effect::new(move || {
        let Some(element) = element.get() else { return };
        let measured: HtmlElement = element.clone().unchecked_into();
        let measure: Closure<dyn FnMut()> = Closure::new(move || {
            let now = f64::from(measured.client_width());
            if now > 0.0 && width.try_get_untracked().is_some_and(|before| before != now) {
                set_width.try_set(now);
            }
        });
        match ResizeObserver::new(measure.as_ref().unchecked_ref()) {
            Ok(created) => {
                created.observe(&element);
                observer.set_value(Some((created, measure)));
            }
            // Measured once in a browser without it.
            Err(_) => {
                let now = f64::from(element.client_width());
                if now > 0.0 {
                    set_width.set(now);
                }
            }
        }
    });
    on_cleanup(move || {
        observer.try_update_value(|observer| {
            if let Some((observer, _)) = observer.take() {
                observer.disconnect();
            }
        });
    });
    width
}
