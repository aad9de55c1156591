//! Notices, progress bars and collapsible panels, and where the focus goes when a button disappears.

use leptos::html::Details;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, FocusOptions, HtmlElement, MouseEvent, Node};

use crate::language::{text, use_texts};
use crate::state::State;
use tunelab_core::protocol::Subject;
use tunelab_l10n::{Localize, Texts};

/// The latest problem with a subject, until it is dismissed.
#[component]
pub fn ProblemNotice(about: Subject) -> impl IntoView {
    let (state, texts) = (expect_context::<State>(), use_texts());
    let message = Memo::new(move |_| {
        state.problem.with(|problem| {
            let problem = problem.as_ref().filter(|problem| problem.about == about)?;
            Some(problem.error.localize(texts.get()))
        })
    });
    view! {
        <Show when=move || message.with(Option::is_some)>
            <div class="notice bad" role="alert" data-testid="problem">
                <p>{move || message.get()}</p>
                <button
                    type="button"
                    class="button quiet"
                    on:click=move |event| {
                        leave(&event);
                        state.forget_problem(about);
                    }
                >
                    {text(Texts::app_dismiss)}
                </button>
            </div>
        </Show>
    }
}

/// A progress bar with its label as text. `value` is 0 to 1, or `None` where it is unknown.
#[component]
pub fn ProgressBar(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] value: Signal<Option<f64>>,
) -> impl IntoView {
    view! {
        <div class="progress">
            <span class="progress-label" aria-hidden="true">
                {label}
            </span>
            // An attribute, not a property: the bar is indeterminate without it.
            <progress
                max="1"
                aria-label=label
                value=move || value.get().map(|value| value.clamp(0.0, 1.0).to_string())
            ></progress>
        </div>
    }
}

/// A collapsed panel under its title. Its content is created when it is first opened, and stays.
#[component]
pub fn CollapsiblePanel(
    id: &'static str,
    #[prop(into)] title: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let details = NodeRef::<Details>::new();
    let was_opened = RwSignal::new(false);
    view! {
        <details
            class="train-advanced"
            id=id
            node_ref=details
            on:toggle=move |_| {
                if details.get_untracked().is_some_and(|details| details.open()) {
                    was_opened.set(true);
                }
            }
        >
            <summary>{title.run()}</summary>
            <div class="train-advanced-body">
                <div class="stack">{move || was_opened.get().then(|| children())}</div>
            </div>
        </details>
    }
}

/// Moves the focus from a button that is about to disappear to the heading of its step, or of the first one.
pub fn leave(event: &Event) {
    let button = event.target().and_then(|target| target.dyn_into::<Node>().ok());
    let element = button.and_then(|button| button.parent_element());
    let step = element.and_then(|element| element.closest(".step").ok().flatten());
    let heading = match step {
        Some(step) => step.query_selector("h2"),
        None => document().query_selector(".step h2"),
    };
    let heading = heading.ok().flatten().and_then(|heading| heading.dyn_into::<HtmlElement>().ok());
    if let Some(heading) = heading {
        focus_in_place(&heading);
    }
}

/// A click handler that ignores the second click of a double click, which would stop at once what the first started.
pub fn on_first_click(press: impl Fn()) -> impl Fn(MouseEvent) {
    move |event| {
        if event.detail() <= 1 {
            press();
        }
    }
}

/// Moves the focus to an element without scrolling to it.
pub fn focus_in_place(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // Fails only if the element cannot have the focus.
    let _ = element.focus_with_options(&options);
}

/// Moves the focus to the element with an id, and scrolls to it.
pub fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Fails only if the element cannot have the focus.
        let _ = element.focus();
    }
}
