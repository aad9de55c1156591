//! The first images of a class, and more on request, as long as the class is near the viewport.

use std::collections::BTreeMap;
use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::html::Li;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use crate::engine::Engine;
use crate::images::importer::Importer;
use crate::language::{text, use_texts};
use crate::parts::{PixelCanvas, focus};
use crate::state::{State, Thumbnail};
use tunelab_core::protocol::{ClassId, ClassSummary, Command, ImageId};
use tunelab_l10n::Texts;

/// Images shown of each class at first.
const FIRST: usize = 12;
/// Images that "Show more" adds.
const MORE: usize = 36;
/// The distance from the viewport within which a class requests its thumbnails.
const NEAR_MARGIN: &str = "400px 0px";
/// How long the browser may take to report an element's position for the first time.
const OBSERVER_TIMEOUT: Duration = Duration::from_secs(3);

/// Thumbnails of a class's images, requested while `is_near`. Tab reaches one of them and the arrow keys the
/// others, so that keyboard users can skip many images.
#[component]
pub fn Thumbnails(
    class: ClassId,
    summary: Memo<ClassSummary>,
    is_near: ReadSignal<bool>,
) -> impl IntoView {
    let (importer, engine) = (expect_context::<Importer>(), expect_context::<Engine>());
    let texts = use_texts();
    let shown = shown(class, summary, is_near);
    let in_order = Memo::new(move |_| shown.with(ids));
    let first = move || shown.with(|shown| shown.values().next().map(|one| one.caption.image));
    let current = RwSignal::new(None::<ImageId>);
    // The one that Tab reaches.
    let tab_stop = Memo::new(move |_| {
        let known = |id: &ImageId| shown.with(|shown| find(shown, *id).is_some());
        current.get().filter(known).or_else(first)
    });
    let remove = move |image: ImageId| {
        let ids = ids(&shown.read_untracked());
        let index = ids.iter().position(|&id| id == image);
        let next = index.and_then(|at| ids.get(at + 1).or_else(|| ids.get(at.checked_sub(1)?)));
        // Move the focus before its element is removed.
        match next {
            Some(&next) => focus(&button_id(next)),
            None => focus(&class_name_id(class)),
        }
        importer.send(Command::RemoveImage { image }, Vec::new());
    };
    let on_key = move |event: KeyboardEvent| {
        let ids = ids(&shown.read_untracked());
        let stop = tab_stop.get_untracked();
        let Some(at) = stop.and_then(|id| ids.iter().position(|&other| other == id)) else {
            return;
        };
        let next = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => ids.get(at + 1),
            "ArrowLeft" | "ArrowUp" => at.checked_sub(1).and_then(|at| ids.get(at)),
            "Home" => ids.first(),
            "End" => ids.last(),
            "Delete" | "Backspace" => {
                event.prevent_default();
                return remove(ids[at]);
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(&next) = next {
            focus(&button_id(next));
        }
    };
    let image = move |id: ImageId| {
        let thumbnail = shown.with_untracked(|shown| find(shown, id).cloned());
        thumbnail.map(|thumbnail| view! { <Image thumbnail tab_stop current remove /> })
    };
    let with_name =
        move |read: fn(Texts, &str) -> String| summary.with(|class| read(texts.get(), &class.name));
    let more = move || {
        summary.with(|class| shown.with(|shown| !shown.is_empty() && shown.len() < all(class)))
    };
    let focused_name = move || {
        let id = tab_stop.get()?;
        shown.with(|shown| Some(find(shown, id)?.caption.name.clone()))
    };
    view! {
        <ul
            class="images-thumbs"
            role="list"
            aria-label=move || with_name(Texts::images_list)
            on:keydown=on_key
        >
            <For each=move || in_order.get() key=|id| *id children=image />
        </ul>
        <p class="images-focused hint" aria-hidden="true">
            <span class="images-focused-name">{focused_name}</span>
            " "
            {text(Texts::images_keyboard_help)}
        </p>
        <Show when=more>
            <button
                type="button"
                class="button quiet images-more"
                aria-label=move || with_name(Texts::images_show_more_of_class)
                on:click=move |_| {
                    // The button disappears when all images are shown.
                    if shown.with_untracked(BTreeMap::len) + MORE >= summary.with_untracked(all)
                        && let Some(id) = tab_stop.get_untracked()
                    {
                        focus(&button_id(id));
                    }
                    let from = shown.with_untracked(BTreeMap::len);
                    engine.send(Command::LoadThumbnails { class, from, count: MORE });
                }
            >
                {text(Texts::images_show_more)}
            </button>
        </Show>
    }
}

#[component]
fn Image(
    thumbnail: Thumbnail,
    tab_stop: Memo<Option<ImageId>>,
    current: RwSignal<Option<ImageId>>,
    remove: impl Fn(ImageId) + 'static,
) -> impl IntoView {
    let Thumbnail { caption, pixels } = thumbnail;
    let (id, name) = (caption.image, caption.name.clone());
    let texts = use_texts();
    view! {
        <li class="images-thumb">
            <PixelCanvas pixels label=Signal::stored(caption.name.clone()) />
            <button
                type="button"
                class="images-remove"
                id=button_id(id)
                title=caption.name
                aria-label=move || texts.get().images_remove(&name)
                tabindex=move || if tab_stop.get() == Some(id) { "0" } else { "-1" }
                on:focus=move |_| current.set(Some(id))
                on:click=move |_| remove(id)
            >
                <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
                    <path d="M2 2l8 8M10 2l-8 8" stroke="currentColor" stroke-width="2" />
                </svg>
            </button>
        </li>
    }
}

/// The thumbnails of a class by their index. The old ones stay while the worker sends new ones.
fn shown(
    class: ClassId,
    summary: Memo<ClassSummary>,
    is_near: ReadSignal<bool>,
) -> RwSignal<BTreeMap<usize, Thumbnail>> {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let shown = RwSignal::new(BTreeMap::new());
    // Whether the thumbnails on the page are outdated.
    let stale = StoredValue::new(true);
    let size = Memo::new(move |_| summary.with(|class| (class.images, class.validation)));
    Effect::new(move |requested: Option<Option<(usize, usize)>>| {
        let (size, requested) = (size.get(), requested.flatten());
        if requested == Some(size) || !is_near.get() {
            return requested;
        }
        if size == (0, 0) {
            shown.set(BTreeMap::new());
        } else {
            stale.set_value(true);
            let count = shown.with_untracked(BTreeMap::len).max(FIRST);
            engine.send(Command::LoadThumbnails { class, from: 0, count });
        }
        Some(size)
    });
    let sent = Memo::new(move |_| state.thumbnails.with(|all| all.get(&class).cloned()));
    Effect::new(move || {
        let Some(sent) = sent.get() else { return };
        shown.update(|shown| {
            if stale.get_value() {
                shown.clear();
                stale.set_value(false);
            }
            shown.extend(sent);
        });
    });
    shown
}

fn all(class: &ClassSummary) -> usize {
    class.images + class.validation
}

fn ids(shown: &BTreeMap<usize, Thumbnail>) -> Vec<ImageId> {
    shown.values().map(|one| one.caption.image).collect()
}

fn find(shown: &BTreeMap<usize, Thumbnail>, id: ImageId) -> Option<&Thumbnail> {
    shown.values().find(|one| one.caption.image == id)
}

/// The id of the button that removes an image.
fn button_id(image: ImageId) -> String {
    format!("remove-image-{}", image.0)
}

/// The id of the field with the name of a class.
pub fn class_name_id(class: ClassId) -> String {
    format!("class-name-{}", class.0)
}

/// Whether an element is in the viewport or close to it, so that its thumbnails are needed.
pub fn is_near_viewport(element: NodeRef<Li>) -> ReadSignal<bool> {
    let (is_near, set_near) = signal(false);
    let has_reported = StoredValue::new(false);
    let on_change = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        has_reported.set_value(true);
        if let Some(entry) = entries.iter().last() {
            set_near.set(entry.unchecked_into::<IntersectionObserverEntry>().is_intersecting());
        }
    });
    let options = IntersectionObserverInit::new();
    options.set_root_margin(NEAR_MARGIN);
    match IntersectionObserver::new_with_options(on_change.as_ref().unchecked_ref(), &options) {
        Ok(observer) => {
            let watcher = observer.clone();
            Effect::new(move || {
                if let Some(element) = element.get() {
                    watcher.observe(&element);
                    // An observer reports at once, or else cannot be relied on.
                    set_timeout(
                        move || {
                            if has_reported.try_get_value() == Some(false) {
                                set_near.set(true);
                            }
                        },
                        OBSERVER_TIMEOUT,
                    );
                }
            });
            // Kept until the element is removed.
            let observer = StoredValue::new_local(Some((observer, on_change)));
            on_cleanup(move || {
                if let Some((observer, _)) = observer.try_update_value(Option::take).flatten() {
                    observer.disconnect();
                }
            });
        }
        // Without an observer all thumbnails are requested.
        Err(_) => set_near.set(true),
    }
    is_near
}
