//! The card of a class: its name, its images, and buttons to add images or remove the class.

use leptos::ev::KeyboardEvent;
use leptos::html::{Input, Li};
use leptos::prelude::*;
use web_sys::DataTransfer;

use crate::images::dropped_items::DroppedItems;
use crate::images::importer::Importer;
use crate::images::thumbnails::{Thumbnails, class_name_id, is_near_viewport};
use crate::language::{text, use_texts};
use crate::parts::{DropZone, FileButton, focus};
use crate::state::State;
use tunelab_core::protocol::{ClassId, ClassSummary, Command};
use tunelab_l10n::Texts;
use tunelab_presentation::images::summary::of_class;

/// The button that gets the focus when the last class is removed.
pub const ADD_BUTTON: &str = "images-add-class";

/// The card of a class. `summary` follows the class while it exists.
#[component]
pub fn ClassCard(class: ClassId, summary: Memo<ClassSummary>) -> impl IntoView {
    let (importer, state) = (expect_context::<Importer>(), expect_context::<State>());
    let texts = use_texts();
    let card = NodeRef::<Li>::new();
    let is_near = is_near_viewport(card);
    let with_name =
        move |read: fn(Texts, &str) -> String| summary.with(|class| read(texts.get(), &class.name));
    let on_drop = move |data: DataTransfer| {
        importer.import_items(DroppedItems::new(&data), Some(class));
    };
    let remove = move |_| {
        focus_neighbor(&state, class);
        importer.send(Command::RemoveClass { class }, Vec::new());
    };
    view! {
        <li class="images-class" attr:data-class=class.0 node_ref=card>
            <DropZone class="card images-class-card" on_drop>
                <div class="images-class-head">
                    <ClassName class summary />
                    <span class="muted">
                        {move || summary.with(|class| of_class(class, texts.get()))}
                    </span>
                </div>
                <Thumbnails class summary is_near />
                <div class="row wrap images-class-foot">
                    <FileButton
                        text=text(Texts::images_add)
                        name=Signal::derive(move || with_name(Texts::images_add_to_class))
                        accept="image/*"
                        multiple=true
                        on_files=move |files| importer.send(Command::AddImages { class }, files)
                    />
                    <button
                        type="button"
                        class="button quiet danger"
                        aria-label=move || with_name(Texts::images_remove_named_class)
                        on:click=remove
                    >
                        {text(Texts::images_remove_class)}
                    </button>
                </div>
            </DropZone>
        </li>
    }
}

/// The name as a text field. A change is sent on Enter and when the field loses the focus.
#[component]
fn ClassName(class: ClassId, summary: Memo<ClassSummary>) -> impl IntoView {
    let (importer, state) = (expect_context::<Importer>(), expect_context::<State>());
    let texts = use_texts();
    let field = NodeRef::<Input>::new();
    // The requested name, until the worker has answered.
    let requested = StoredValue::new(None::<String>);
    let name = Memo::new(move |_| summary.with(|class| class.name.clone()));
    let commit = move || {
        let Some(field) = field.get_untracked() else { return };
        let (new, current) = (field.value().trim().to_string(), name.get_untracked());
        if new.is_empty() || new == current {
            field.set_value(&current);
        } else {
            requested.set_value(Some(new.clone()));
            importer.send(Command::RenameClass { class, name: new }, Vec::new());
        }
    };
    // If the requested name is taken, the worker chooses another one, which the field shows then.
    Effect::new(move || {
        state.collection.track();
        let requested = requested.try_update_value(Option::take).flatten();
        if let (Some(field), Some(requested)) = (field.get_untracked(), requested)
            && field.value().trim() == requested
        {
            field.set_value(&name.get_untracked());
        }
    });
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => commit(),
        "Escape" => {
            if let Some(field) = field.get_untracked() {
                field.set_value(&name.get_untracked());
            }
        }
        _ => {}
    };
    // A class that was just added gets its name first.
    Effect::new(move || {
        if let Some(field) = field.get()
            && importer.unnamed.get() == Some(class)
        {
            importer.unnamed.set(None);
            // When its value is there, which is selected to be overwritten.
            request_animation_frame(move || {
                // Fails only where the element cannot have the focus.
                let _ = field.focus();
                field.select();
            });
        }
    });
    view! {
        <input
            type="text"
            class="images-name"
            id=class_name_id(class)
            node_ref=field
            maxlength="80"
            autocomplete="off"
            spellcheck="false"
            aria-label=move || texts.get().images_class_name(&name.get())
            prop:value=move || name.get()
            on:blur=move |_| commit()
            on:keydown=on_key
        />
    }
}

/// Moves the focus from a class that is being removed to the next one, or else to the button that adds a class.
fn focus_neighbor(state: &State, class: ClassId) {
    let neighbor = state.collection.with_untracked(|collection| {
        let classes = &collection.classes;
        let index = classes.iter().position(|other| other.id == class)?;
        let next = classes.get(index + 1).or_else(|| classes.get(index.checked_sub(1)?));
        next.map(|next| next.id)
    });
    focus(&neighbor.map_or_else(|| ADD_BUTTON.to_string(), class_name_id));
}
