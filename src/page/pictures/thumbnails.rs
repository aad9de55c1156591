//! Some pictures of a class. Only those that were asked for are on the page.

use std::collections::BTreeMap;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::engine::Engine;
use crate::parts::PixelCanvas;
use crate::pictures::class_card::focus_name;
use crate::pictures::intake::Intake;
use crate::state::{State, Thumbnail};
use tunelab_core::protocol::{ClassId, ClassSummary, Command, PictureId};

/// Pictures shown of each class at first.
const FIRST: usize = 12;
/// Pictures that "Show more" adds.
const MORE: usize = 36;

/// Thumbnails of a class's pictures, asked for while `near`. One of them is reached by Tab, the others by
/// the arrow keys, so that many pictures do not stand in a keyboard's way.
#[component]
pub fn Thumbnails(
    class: ClassId,
    summary: Memo<ClassSummary>,
    near: ReadSignal<bool>,
) -> impl IntoView {
    let (intake, engine) = (expect_context::<Intake>(), expect_context::<Engine>());
    let shown = shown(class, summary, near);
    let in_order = Memo::new(move |_| shown.with(ids));
    let first = move || shown.with(|shown| shown.values().next().map(|one| one.caption.picture));
    let current = RwSignal::new(None::<PictureId>);
    // The one that Tab reaches.
    let stop = Memo::new(move |_| {
        let known = |id: &PictureId| shown.with(|shown| find(shown, *id).is_some());
        current.get().filter(known).or_else(first)
    });
    let remove = move |picture: PictureId| {
        let ids = ids(&shown.read_untracked());
        let at = ids.iter().position(|&id| id == picture);
        let next = at.and_then(|at| ids.get(at + 1).or_else(|| ids.get(at.checked_sub(1)?)));
        // The focus goes on before its element does.
        match next {
            Some(&next) => focus(next),
            None => focus_name(class),
        }
        intake.send(Command::RemovePicture { picture }, Vec::new());
    };
    let on_key = move |event: KeyboardEvent| {
        let ids = ids(&shown.read_untracked());
        let Some(at) = stop.get_untracked().and_then(|id| ids.iter().position(|&one| one == id))
        else {
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
            focus(next);
        }
    };
    let picture = move |id: PictureId| {
        let one = shown.with_untracked(|shown| find(shown, id).cloned());
        one.map(|one| view! { <Picture one stop current remove /> })
    };
    let name = move || summary.with(|class| class.name.clone());
    let more = move || {
        summary.with(|class| shown.with(|shown| !shown.is_empty() && shown.len() < all(class)))
    };
    let focused_name = move || {
        let id = stop.get()?;
        shown.with(|shown| {
            let one = find(shown, id)?;
            Some(one.caption.name.clone())
        })
    };
    view! {
        <ul
            class="pictures-thumbs"
            role="list"
            aria-label=move || format!("Pictures of {}", name())
            on:keydown=on_key
        >
            <For each=move || in_order.get() key=|id| *id children=picture />
        </ul>
        <p class="pictures-focused hint" aria-hidden="true">
            <span class="pictures-focused-name">{focused_name}</span>
            " Arrow keys move between the pictures; Delete removes one."
        </p>
        <Show when=more>
            <button
                type="button"
                class="button quiet pictures-more"
                aria-label=move || format!("Show more pictures of {}", name())
                on:click=move |_| {
                    // The button goes with the last ones.
                    if shown.with_untracked(BTreeMap::len) + MORE >= summary.with_untracked(all)
                        && let Some(id) = stop.get_untracked()
                    {
                        focus(id);
                    }
                    let from = shown.with_untracked(BTreeMap::len);
                    engine.send(Command::ShowPictures { class, from, count: MORE });
                }
            >
                "Show more"
            </button>
        </Show>
    }
}

#[component]
fn Picture(
    one: Thumbnail,
    stop: Memo<Option<PictureId>>,
    current: RwSignal<Option<PictureId>>,
    remove: impl Fn(PictureId) + 'static,
) -> impl IntoView {
    let Thumbnail { caption, pixels } = one;
    let id = caption.picture;
    view! {
        <li class="pictures-thumb">
            <PixelCanvas pixels label=caption.name.clone() />
            <button
                type="button"
                class="pictures-remove"
                id=element_id(id)
                title=caption.name.clone()
                aria-label=format!("Remove {}", caption.name)
                tabindex=move || if stop.get() == Some(id) { "0" } else { "-1" }
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

/// The thumbnails of a class by their index. They stay while the worker sends new ones.
fn shown(
    class: ClassId,
    summary: Memo<ClassSummary>,
    near: ReadSignal<bool>,
) -> RwSignal<BTreeMap<usize, Thumbnail>> {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let shown = RwSignal::new(BTreeMap::new());
    // Whether those on the page are of an earlier state of the class.
    let stale = StoredValue::new(true);
    let size = Memo::new(move |_| summary.with(|class| (class.pictures, class.validation)));
    Effect::new(move |asked: Option<Option<(usize, usize)>>| {
        let (size, asked) = (size.get(), asked.flatten());
        if asked == Some(size) || !near.get() {
            return asked;
        }
        if size == (0, 0) {
            shown.set(BTreeMap::new());
        } else {
            stale.set_value(true);
            let count = shown.with_untracked(BTreeMap::len).max(FIRST);
            engine.send(Command::ShowPictures { class, from: 0, count });
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
    class.pictures + class.validation
}

fn ids(shown: &BTreeMap<usize, Thumbnail>) -> Vec<PictureId> {
    shown.values().map(|one| one.caption.picture).collect()
}

fn find(shown: &BTreeMap<usize, Thumbnail>, id: PictureId) -> Option<&Thumbnail> {
    shown.values().find(|one| one.caption.picture == id)
}

fn element_id(picture: PictureId) -> String {
    format!("remove-picture-{}", picture.0)
}

fn focus(picture: PictureId) {
    let element = document().get_element_by_id(&element_id(picture));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Fails only where the element cannot have the focus.
        let _ = element.focus();
    }
}
