//! Whether an element is in sight or close to it: what is far away need not be drawn.

use std::time::Duration;

use leptos::html::Li;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// How far from the window's edge is close.
const MARGIN: &str = "400px 0px";
/// How long the browser may take to tell for the first time.
const PATIENCE: Duration = Duration::from_secs(3);

/// Follows an element.
pub fn is_near(element: NodeRef<Li>) -> ReadSignal<bool> {
    let (near, set_near) = signal(false);
    let is_told = StoredValue::new(false);
    let seen = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        is_told.set_value(true);
        if let Some(entry) = entries.iter().last() {
            set_near.set(entry.unchecked_into::<IntersectionObserverEntry>().is_intersecting());
        }
    });
    let options = IntersectionObserverInit::new();
    options.set_root_margin(MARGIN);
    match IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &options) {
        Ok(observer) => {
            let watcher = observer.clone();
            Effect::new(move || {
                if let Some(element) = element.get() {
                    watcher.observe(&element);
                    // It tells something at once, or is not to be relied on.
                    set_timeout(
                        move || {
                            if is_told.try_get_value() == Some(false) {
                                set_near.set(true);
                            }
                        },
                        PATIENCE,
                    );
                }
            });
            // Kept until the element is gone.
            let kept = StoredValue::new_local(Some((observer, seen)));
            on_cleanup(move || {
                if let Some((observer, _)) = kept.try_update_value(Option::take).flatten() {
                    observer.disconnect();
                }
            });
        }
        // A browser without it draws everything.
        Err(_) => set_near.set(true),
    }
    near
}
