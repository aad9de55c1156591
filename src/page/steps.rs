//! The four steps, and the navigation between them.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use crate::language::{text, use_texts};
use crate::state::State;
use tunelab_l10n::Texts;
use tunelab_presentation::train::readiness::ImageObstacle;

/// One of the four steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Images,
    Model,
    Train,
    Try,
}

impl Step {
    /// All steps, in order.
    pub const ALL: [Step; 4] = [Step::Images, Step::Model, Step::Train, Step::Try];

    /// The id of the step's section.
    pub fn id(self) -> &'static str {
        match self {
            Step::Images => "images",
            Step::Model => "model",
            Step::Train => "train",
            Step::Try => "try",
        }
    }

    /// A link to the step's section, which is also its selector.
    pub fn href(self) -> String {
        format!("#{}", self.id())
    }

    /// The id of the step's heading.
    pub fn heading_id(self) -> String {
        format!("{}-heading", self.id())
    }

    /// The text of the step's heading.
    pub fn title(self) -> fn(Texts) -> &'static str {
        match self {
            Step::Images => Texts::app_step_images,
            Step::Model => Texts::app_step_model,
            Step::Train => Texts::app_step_train,
            Step::Try => Texts::app_step_try,
        }
    }

    /// The step's number, from 1.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    fn progress(self, state: &State, has_model: bool) -> Progress {
        let has_images =
            state.collection.with(|collection| ImageObstacle::of(collection).is_none());
        let has_outcome = state.outcome.with(Option::is_some);
        let (is_ready, is_done) = match self {
            Step::Images => (true, has_images),
            Step::Model => (false, has_model),
            Step::Train => (has_images && has_model, has_outcome),
            Step::Try => (has_outcome, state.prediction.with(Option::is_some)),
        };
        match (is_ready, is_done) {
            (_, true) => Progress::Done,
            (true, false) => Progress::Ready,
            (false, false) => Progress::Waiting,
        }
    }
}

/// The progress of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// An earlier step has to be done first.
    Waiting,
    Ready,
    Done,
}

impl Progress {
    /// The value of the `data-progress` attribute, for styles.
    fn attribute(self) -> &'static str {
        match self {
            Progress::Waiting => "waiting",
            Progress::Ready => "ready",
            Progress::Done => "done",
        }
    }

    fn name(self, texts: Texts) -> &'static str {
        match self {
            Progress::Waiting => texts.app_step_waiting(),
            Progress::Ready => texts.app_step_ready(),
            Progress::Done => texts.app_step_done(),
        }
    }
}

/// Links to the steps, with their progress and the current position.
#[component]
pub fn StepNavigation() -> impl IntoView {
    let (state, texts) = (expect_context::<State>(), use_texts());
    let current = RwSignal::new(Step::Images);
    // A model stays loaded while another one is being loaded.
    let has_model = Memo::new(move |_| state.loaded.with(Option::is_some));
    Effect::new(move || watch(current));
    let item = move |step: Step| {
        let progress = Memo::new(move |_| step.progress(&state, has_model.get()));
        view! {
            <li>
                <a
                    href=step.href()
                    class="nav-step"
                    data-progress=move || progress.get().attribute()
                    aria-current=move || (current.get() == step).then_some("step")
                >
                    <span class="nav-mark" aria-hidden="true">
                        {move || match progress.get() {
                            Progress::Done => "✓".to_string(),
                            _ => step.number().to_string(),
                        }}
                    </span>
                    <span class="nav-words">
                        {text(step.title())} <span class="visually-hidden">", "</span>
                        <span class="nav-progress">{move || progress.get().name(texts.get())}</span>
                    </span>
                </a>
            </li>
        }
    };
    view! {
        <nav class="nav" aria-label=text(Texts::app_steps)>
            <ol>{Step::ALL.map(item).collect_view()}</ol>
        </nav>
    }
}

/// Tracks which section is in the middle of the window.
fn watch(current: RwSignal<Step>) {
    let on_change = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        for entry in entries.iter() {
            let entry: IntersectionObserverEntry = entry.unchecked_into();
            let id = entry.target().id();
            if let Some(step) = Step::ALL.into_iter().find(|step| step.id() == id)
                && entry.is_intersecting()
            {
                current.set(step);
            }
        }
    });
    let options = IntersectionObserverInit::new();
    options.set_root_margin("-35% 0px -60% 0px");
    let observer =
        IntersectionObserver::new_with_options(on_change.as_ref().unchecked_ref(), &options);
    // Without an observer the links still work, but none is marked as current.
    let Ok(observer) = observer else { return };
    for step in Step::ALL {
        if let Some(section) = document().get_element_by_id(step.id()) {
            observer.observe(&section);
        }
    }
    // It lives as long as the page.
    on_change.forget();
}
