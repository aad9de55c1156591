//! When drawings are made, and in how much room.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, ResizeObserver};

/// Time between two drawings, in ms: fluent enough, and little work beside a computing worker.
const INTERVAL_MS: f64 = 100.0;

/// A number that changes in the animation frame after one in which `earlier` did, so that what is drawn for
/// the one and for the other are two pieces of work.
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

/// A number that changes after `track`'s signals did: in an animation frame, and ten times a second at
/// most, however often they change.
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

/// An element's width in px, as it changes.
pub fn width_of(element: NodeRef<Div>) -> ReadSignal<f64> {
    let (width, set_width) = signal(320.0);
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
            // A browser without it is asked once.
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
