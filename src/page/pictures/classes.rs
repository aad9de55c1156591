//! All classes, and how many pictures they have.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::parts::leave;
use crate::pictures::class_card::{ADD_BUTTON, ClassCard};
use crate::pictures::intake::Intake;
use crate::pictures::table::Table;
use crate::state::State;
use tunelab_core::protocol::{ClassId, ClassSummary, Command};
use tunelab_presentation::pictures::advice::advice;
use tunelab_presentation::pictures::words;

/// Cards of all classes, with advice on them, or what a table says of the pictures.
#[component]
pub fn Classes() -> impl IntoView {
    let (intake, state) = (expect_context::<Intake>(), expect_context::<State>());
    let ids = Memo::new(move |_| {
        let ids = |all: &[ClassSummary]| all.iter().map(|class| class.id).collect::<Vec<_>>();
        state.collection.with(|collection| ids(&collection.classes))
    });
    let is_table = Memo::new(move |_| state.collection.with(|all| all.table.is_some()));
    let is_any = Memo::new(move |_| is_table.get() || ids.with(|ids| !ids.is_empty()));
    let total = move || {
        if is_any.get() {
            state.collection.with(words::total)
        } else {
            "No pictures yet".to_string()
        }
    };
    let has_validation = move || state.collection.with(|collection| collection.has_validation);
    view! {
        <div class="pictures-bar row wrap">
            <p class="pictures-total" role="status" data-testid="pictures-total">
                {total}
            </p>
            <Show when=move || !is_table.get()>
                <button
                    type="button"
                    class="button"
                    id=ADD_BUTTON
                    on:click=move |_| intake.add_class()
                >
                    "Add a class"
                </button>
            </Show>
            <Show when=move || is_any.get()>
                <button
                    type="button"
                    class="button quiet danger"
                    on:click=move |event| {
                        leave(&event);
                        intake.send(Command::RemoveAllPictures, Vec::new());
                    }
                >
                    "Remove all pictures"
                </button>
            </Show>
        </div>
        <UndoRemoval />
        <Show when=has_validation>
            <p class="hint">
                "These pictures bring some of their own to check with: the network does not learn from those."
            </p>
        </Show>
        <Advice />
        <Show when=move || is_table.get()>
            <div class="stack">
                <Table />
            </div>
        </Show>
        <ul class="pictures-classes" role="list" aria-label="Classes">
            <For
                each=move || ids.get()
                key=|class| *class
                children=move |class| view! { <ClassCard class summary=follow(&state, class) /> }
            />
        </ul>
    }
}

/// Brings back what was removed last.
#[component]
fn UndoRemoval() -> impl IntoView {
    let (intake, state) = (expect_context::<Intake>(), expect_context::<State>());
    let removal = Memo::new(move |_| state.collection.with(|all| all.removal.clone()));
    let offer = move || {
        removal.get().map(|removal| {
            let undo = move |event: MouseEvent| {
                leave(&event);
                intake.send(Command::UndoRemoval, Vec::new());
            };
            view! {
                <div class="notice row wrap">
                    <span>{words::removed(&removal)}</span>
                    <button type="button" class="button" on:click=undo>
                        "Undo"
                    </button>
                </div>
            }
        })
    };
    view! { <div role="status" data-testid="pictures-undo">{offer}</div> }
}

/// What the pictures lack.
#[component]
fn Advice() -> impl IntoView {
    let state = expect_context::<State>();
    let advice = Memo::new(move |_| state.collection.with(advice));
    let items = move || {
        let words = advice.get();
        (!words.is_empty()).then(|| {
            let items = words.into_iter().map(|words| view! { <li>{words}</li> }).collect_view();
            view! { <ul class="notice warn pictures-advice" role="list">{items}</ul> }
        })
    };
    view! { <div role="status" data-testid="pictures-advice">{items}</div> }
}

/// A class as it is now; as it last was, once it is gone.
fn follow(state: &State, id: ClassId) -> Memo<ClassSummary> {
    let collection = state.collection;
    Memo::new(move |before: Option<&ClassSummary>| {
        let now = collection
            .with(|collection| collection.classes.iter().find(|class| class.id == id).cloned());
        now.or_else(|| before.cloned()).unwrap_or(ClassSummary {
            id,
            name: String::new(),
            pictures: 0,
            validation: 0,
        })
    })
}
