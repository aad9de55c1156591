//! The room that a drawing has.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, ResizeObserver};

use crate::ui::parts::effect;

/// An element's width in px, as it changes.
pub fn width_of(element: NodeRef<Div>) -> ReadSignal<f64> {
    let (width, set_width) = signal(320.0);
    let observer = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn FnMut()>)>);
    effect(move || {
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
