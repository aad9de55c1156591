//! What may come a moment later.

use leptos::prelude::*;

/// Shows its children so many animation frames after everything around them (at least 1), so that much at
/// once does not make the page stop.
#[component]
pub fn Later(frames: u32, children: ChildrenFn) -> impl IntoView {
    let is_there = RwSignal::new(false);
    wait(frames, is_there);
    move || is_there.get().then(|| children())
}

fn wait(frames: u32, is_there: RwSignal<bool>) {
    request_animation_frame(move || match frames {
        0 | 1 => {
            is_there.try_set(true);
        }
        more => wait(more - 1, is_there),
    });
}
