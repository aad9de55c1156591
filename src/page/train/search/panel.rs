//! The panel of the search.

use leptos::html::Button;
use leptos::prelude::*;

use crate::language::{text, use_texts};
use crate::parts::{ProblemNotice, focus_in_place, on_first_click};
use crate::train::search::context::SearchContext;
use crate::train::search::fields::SearchFields;
use crate::train::search::results::Results;
use tunelab_core::protocol::Subject;
use tunelab_l10n::{Localize, Texts};

/// A hyperparameter search: its form, its progress and its results.
#[component]
pub fn SearchPanel() -> impl IntoView {
    let context = SearchContext::new();
    provide_context(context);
    view! {
        <p class="hint">
            {text(Texts::search_about)}
        </p>
        <fieldset
            class="train-group stack"
            disabled=move || context.under_way.get()
            aria-label=text(Texts::search_settings)
        >
            <SearchFields />
        </fieldset>
        <Buttons />
        <ProblemNotice about=Subject::Search />
        <Results />
    }
}

/// What the first button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Start,
    StartNew,
    Continue,
    Stop,
}

impl Action {
    fn label(self, texts: Texts) -> &'static str {
        match self {
            Self::Start => texts.search_start(),
            Self::StartNew => texts.search_start_new(),
            Self::Continue => texts.search_continue(),
            Self::Stop => texts.search_stop(),
        }
    }

    fn hint(self, texts: Texts) -> String {
        match self {
            Self::Start => texts.search_start_hint().to_owned(),
            Self::StartNew => texts.search_start_new_hint().to_owned(),
            Self::Continue => texts.search_continue_hint().into(),
            Self::Stop => texts.search_stop_hint().to_owned(),
        }
    }
}

#[component]
fn Buttons() -> impl IntoView {
    let (context, texts) = (expect_context::<SearchContext>(), use_texts());
    // One button, so that the focus stays where it is.
    let button = NodeRef::<Button>::new();
    let action = Memo::new(move |_| match context.under_way.get() {
        true => Action::Stop,
        false if context.can_continue() => Action::Continue,
        false if context.log(|log| log.started.is_some()) => Action::StartNew,
        false => Action::Start,
    });
    let error = Memo::new(move |_| {
        let texts = texts.get();
        context.planned.with(|planned| planned.as_ref().err().map(|error| error.localize(texts)))
    });
    let obstacle = Memo::new(move |_| {
        let starts = matches!(action.get(), Action::Start | Action::StartNew);
        context.obstacle(texts.get()).or_else(|| if starts { error.get() } else { None })
    });
    let press = move || match action.get_untracked() {
        Action::Stop => context.stop(),
        _ if obstacle.with_untracked(Option::is_some) => {}
        Action::Continue => context.resume(),
        Action::Start | Action::StartNew => context.start(),
    };
    let start_new = move || {
        let is_free = untrack(|| context.obstacle(texts.get())).is_none();
        if is_free && error.with_untracked(Option::is_none) {
            // The button that was pressed goes.
            if let Some(button) = button.get_untracked() {
                focus_in_place(&button);
            }
            context.start();
        }
    };
    view! {
        <div class="row wrap train-buttons">
            <button
                type="button"
                class="button"
                class:danger=move || action.get() == Action::Stop
                node_ref=button
                aria-describedby="search-reason"
                aria-disabled=move || obstacle.with(|obstacle| obstacle.is_some().then_some("true"))
                on:click=on_first_click(press)
            >
                {move || action.get().label(texts.get())}
            </button>
            <Show when=move || action.get() == Action::Continue>
                <button type="button" class="button" on:click=move |_| start_new()>
                    {text(Texts::search_start_new)}
                </button>
            </Show>
            <p class="hint" id="search-reason">
                {move || obstacle.get().unwrap_or_else(|| action.get().hint(texts.get()))}
            </p>
        </div>
    }
}
