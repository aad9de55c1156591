//! All classes with their totals and advice, and undoing a removal.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::images::class_card::{ADD_BUTTON, ClassCard};
use crate::images::importer::Importer;
use crate::images::table::Table;
use crate::language::{text, use_texts};
use crate::parts::leave;
use crate::state::State;
use tunelab_core::protocol::{ClassId, ClassSummary, Command};
use tunelab_l10n::Texts;
use tunelab_presentation::images::{advice, summary};

/// The cards of all classes, or the columns of a table.
#[component]
pub fn ClassList() -> impl IntoView {
    let (importer, state) = (expect_context::<Importer>(), expect_context::<State>());
    let texts = use_texts();
    let ids = Memo::new(move |_| {
        let ids = |all: &[ClassSummary]| all.iter().map(|class| class.id).collect::<Vec<_>>();
        state.collection.with(|collection| ids(&collection.classes))
    });
    let has_table = Memo::new(move |_| state.collection.with(|all| all.table.is_some()));
    let is_empty = Memo::new(move |_| !has_table.get() && ids.with(Vec::is_empty));
    let total = move || state.collection.with(|all| summary::total(all, texts.get()));
    let has_validation = move || state.collection.with(|all| all.has_validation);
    view! {
        <div class="images-bar row wrap">
            <p class="images-total" role="status" data-testid="images-total">
                {total}
            </p>
            <Show when=move || !has_table.get()>
                <button
                    type="button"
                    class="button"
                    id=ADD_BUTTON
                    on:click=move |_| importer.add_class(texts.get_untracked())
                >
                    {text(Texts::images_add_class)}
                </button>
            </Show>
            <Show when=move || !is_empty.get()>
                <button
                    type="button"
                    class="button quiet danger"
                    on:click=move |event| {
                        leave(&event);
                        importer.send(Command::RemoveAllImages, Vec::new());
                    }
                >
                    {text(Texts::images_remove_all)}
                </button>
            </Show>
        </div>
        <UndoRemoval />
        <Show when=has_validation>
            <p class="hint">{text(Texts::images_has_validation)}</p>
        </Show>
        <Advice />
        <Show when=move || has_table.get()>
            <div class="stack">
                <Table />
            </div>
        </Show>
        <ul class="images-classes" role="list" aria-label=text(Texts::images_classes)>
            <For
                each=move || ids.get()
                key=|class| *class
                children=move |class| view! { <ClassCard class summary=follow(&state, class) /> }
            />
        </ul>
    }
}

/// Restores what was removed last.
#[component]
fn UndoRemoval() -> impl IntoView {
    let (importer, state) = (expect_context::<Importer>(), expect_context::<State>());
    let texts = use_texts();
    let removal = Memo::new(move |_| state.collection.with(|all| all.removal.clone()));
    let can_undo = Memo::new(move |_| removal.with(Option::is_some));
    let removed =
        move || removal.with(|removal| Some(summary::removed(removal.as_ref()?, texts.get())));
    let undo = move |event: MouseEvent| {
        leave(&event);
        importer.send(Command::UndoRemoval, Vec::new());
    };
    view! {
        <div role="status" data-testid="images-undo">
            <Show when=move || can_undo.get()>
                <div class="notice row wrap">
                    <span>{removed}</span>
                    <button type="button" class="button" on:click=undo>
                        {text(Texts::images_undo)}
                    </button>
                </div>
            </Show>
        </div>
    }
}

/// Advice on the images.
#[component]
fn Advice() -> impl IntoView {
    let (state, texts) = (expect_context::<State>(), use_texts());
    let advice = Memo::new(move |_| state.collection.with(|all| advice::advice(all, texts.get())));
    let items = move || {
        let advice = advice.get();
        (!advice.is_empty()).then(|| {
            let items = advice.into_iter().map(|text| view! { <li>{text}</li> }).collect_view();
            view! { <ul class="notice warn images-advice" role="list">{items}</ul> }
        })
    };
    view! { <div role="status" data-testid="images-advice">{items}</div> }
}

/// The current state of a class, or its last one after the class was removed.
fn follow(state: &State, id: ClassId) -> Memo<ClassSummary> {
    let collection = state.collection;
    Memo::new(move |before: Option<&ClassSummary>| {
        let now = collection
            .with(|collection| collection.classes.iter().find(|class| class.id == id).cloned());
        now.or_else(|| before.cloned()).unwrap_or(ClassSummary {
            id,
            name: String::new(),
            images: 0,
            validation: 0,
        })
    })
}
