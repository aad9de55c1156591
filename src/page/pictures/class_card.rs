//! A class: its name, its pictures, and what can be done with them.

use leptos::ev::KeyboardEvent;
use leptos::html::{Input, Li};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DataTransfer, HtmlElement};

use crate::parts::{DropZone, FileButton};
use crate::pictures::entries::Drop;
use crate::pictures::intake::Intake;
use crate::pictures::nearness::is_near;
use crate::pictures::thumbnails::Thumbnails;
use crate::state::State;
use tunelab_core::protocol::{ClassId, ClassSummary, Command};
use tunelab_presentation::pictures::words;

/// Marks a class's card in the document with its id, for what is pasted there.
pub const CLASS_ATTRIBUTE: &str = "data-class";

/// The button that has the focus when the last class goes.
pub const ADD_BUTTON: &str = "pictures-add-class";

/// A card of a class. `summary` follows the class for as long as it is there.
#[component]
pub fn ClassCard(class: ClassId, summary: Memo<ClassSummary>) -> impl IntoView {
    let (intake, state) = (expect_context::<Intake>(), expect_context::<State>());
    let card = NodeRef::<Li>::new();
    let near = is_near(card);
    let name = move || summary.with(|class| class.name.clone());
    let take_drop = move |data: DataTransfer| intake.take_drop(Drop::of(&data), Some(class));
    let remove = move |_| {
        focus_neighbour(&state, class);
        intake.send(Command::RemoveClass { class }, Vec::new());
    };
    view! {
        <li class="pictures-class" attr:data-class=class.0 node_ref=card>
            <DropZone class="card pictures-class-card" on_drop=take_drop>
                <div class="pictures-class-head">
                    <ClassName class summary />
                    <span class="muted">{move || summary.with(words::of_class)}</span>
                </div>
                <Thumbnails class summary near />
                <div class="row wrap pictures-class-foot">
                    <FileButton
                        text="Add pictures"
                        name=Signal::derive(move || format!("Add pictures to {}", name()))
                        accept="image/*"
                        multiple=true
                        on_files=move |files| intake.send(Command::AddPictures { class }, files)
                    />
                    <button
                        type="button"
                        class="button quiet danger"
                        aria-label=move || format!("Remove class {}", name())
                        on:click=remove
                    >
                        "Remove class"
                    </button>
                </div>
            </DropZone>
        </li>
    }
}

/// The name in a text field; a change is sent on Enter and when the field is left.
#[component]
fn ClassName(class: ClassId, summary: Memo<ClassSummary>) -> impl IntoView {
    let (intake, state) = (expect_context::<Intake>(), expect_context::<State>());
    let field = NodeRef::<Input>::new();
    // What the class was to be called, until the worker has answered.
    let wish = StoredValue::new(None::<String>);
    let name = Memo::new(move |_| summary.with(|class| class.name.clone()));
    let commit = move || {
        let Some(field) = field.get_untracked() else { return };
        let (wished, current) = (field.value().trim().to_string(), name.get_untracked());
        if wished.is_empty() || wished == current {
            field.set_value(&current);
        } else {
            wish.set_value(Some(wished.clone()));
            intake.send(Command::RenameClass { class, name: wished }, Vec::new());
        }
    };
    // A name that is taken becomes another: the field says what the class is called now.
    Effect::new(move || {
        state.collection.track();
        let wished = wish.try_update_value(Option::take).flatten();
        if let (Some(field), Some(wished)) = (field.get_untracked(), wished)
            && field.value().trim() == wished
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
    // A class that was just added is named first.
    Effect::new(move || {
        if let Some(field) = field.get()
            && intake.unnamed.get() == Some(class)
        {
            intake.unnamed.set(None);
            // Once its value is there, which is to be written over.
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
            class="pictures-name"
            id=field_id(class)
            node_ref=field
            maxlength="80"
            autocomplete="off"
            spellcheck="false"
            aria-label=move || format!("Name of class {}", name.get())
            prop:value=move || name.get()
            on:blur=move |_| commit()
            on:keydown=on_key
        />
    }
}

fn field_id(class: ClassId) -> String {
    format!("class-name-{}", class.0)
}

/// Gives the focus to the class beside one that goes, or to the button that adds one.
fn focus_neighbour(state: &State, class: ClassId) {
    let neighbour = state.collection.with_untracked(|collection| {
        let classes = &collection.classes;
        let at = classes.iter().position(|one| one.id == class)?;
        let next = classes.get(at + 1).or_else(|| classes.get(at.checked_sub(1)?));
        next.map(|next| next.id)
    });
    focus(&neighbour.map_or_else(|| ADD_BUTTON.to_string(), field_id));
}

/// Gives the focus to the name of a class.
pub fn focus_name(class: ClassId) {
    focus(&field_id(class));
}

fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Fails only where the element cannot have the focus.
        let _ = element.focus();
    }
}
