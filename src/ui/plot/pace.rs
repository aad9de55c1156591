//! Redrawing no more often than is seen.

use leptos::prelude::*;

use crate::ui::parts::effect;

/// Time between two drawings, in ms: fluent enough, and little work beside a computing worker.
const INTERVAL_MS: f64 = 100.0;

/// A number that changes in the animation frame after one in which `earlier` did, so that what is drawn for
/// the one and for the other are two pieces of work.
pub fn a_frame_later(earlier: ReadSignal<u32>) -> ReadSignal<u32> {
    let (later, set_later) = signal(0);
    effect(move || {
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
    effect(move || {
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
