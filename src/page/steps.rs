//! The four steps and the way between them.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use crate::state::State;
use tunelab_presentation::train::readiness::obstacle;

/// One of the four steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Pictures,
    Model,
    Train,
    Try,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Step; 4] = [Step::Pictures, Step::Model, Step::Train, Step::Try];

    /// The id of its section.
    pub fn id(self) -> &'static str {
        match self {
            Step::Pictures => "pictures",
            Step::Model => "model",
            Step::Train => "train",
            Step::Try => "try",
        }
    }

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Step::Pictures => "Pictures",
            Step::Model => "Model",
            Step::Train => "Train",
            Step::Try => "Try it",
        }
    }

    /// Counted from 1.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// How far it is.
    fn progress(self, state: &State, has_model: bool) -> Progress {
        let has_pictures = state.collection.with(|collection| obstacle(collection).is_none());
        let has_outcome = state.outcome.with(Option::is_some);
        let (is_ready, is_done) = match self {
            Step::Pictures => (true, has_pictures),
            Step::Model => (false, has_model),
            Step::Train => (has_pictures && has_model, has_outcome),
            Step::Try => (has_outcome, state.prediction.with(Option::is_some)),
        };
        match (is_ready, is_done) {
            (_, true) => Progress::Done,
            (true, false) => Progress::Ready,
            (false, false) => Progress::Waiting,
        }
    }
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// Something is missing for it.
    Waiting,
    /// It can be done.
    Ready,
    Done,
}

impl Progress {
    /// In a word.
    fn name(self) -> &'static str {
        match self {
            Progress::Waiting => "waiting",
            Progress::Ready => "ready",
            Progress::Done => "done",
        }
    }
}

/// Links to the steps, with what is done and where the reader is.
#[component]
pub fn StepNavigation() -> impl IntoView {
    let state = expect_context::<State>();
    let here = RwSignal::new(Step::Pictures);
    // Also while another one is on its way.
    let has_model = Memo::new(move |_| state.loaded.with(Option::is_some));
    Effect::new(move || watch(here));
    let item = move |step: Step| {
        let progress = Memo::new(move |_| step.progress(&state, has_model.get()));
        view! {
            <li>
                <a
                    href=format!("#{}", step.id())
                    class="nav-step"
                    data-progress=move || progress.get().name()
                    aria-current=move || (here.get() == step).then_some("step")
                >
                    <span class="nav-mark" aria-hidden="true">
                        {move || match progress.get() {
                            Progress::Done => "✓".to_string(),
                            _ => step.number().to_string(),
                        }}
                    </span>
                    <span class="nav-words">
                        {step.title()} <span class="visually-hidden">", "</span>
                        <span class="nav-progress">{move || progress.get().name()}</span>
                    </span>
                </a>
            </li>
        }
    };
    view! {
        <nav class="nav" aria-label="Steps">
            <ol>{Step::ALL.map(item).collect_view()}</ol>
        </nav>
    }
}

/// Follows which section is in the middle of the window.
fn watch(here: RwSignal<Step>) {
    let seen = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        for entry in entries.iter() {
            let entry: IntersectionObserverEntry = entry.unchecked_into();
            let id = entry.target().id();
            if let Some(step) = Step::ALL.into_iter().find(|step| step.id() == id)
                && entry.is_intersecting()
            {
                here.set(step);
            }
        }
    });
    let options = IntersectionObserverInit::new();
    options.set_root_margin("-35% 0px -60% 0px");
    let observer = IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &options);
    // A browser without it shows no place; the links work all the same.
    let Ok(observer) = observer else { return };
    for step in Step::ALL {
        if let Some(section) = document().get_element_by_id(step.id()) {
            observer.observe(&section);
        }
    }
    // Watches for as long as the page lives.
    seen.forget();
}
