//! The panel.

use leptos::html::Button;
use leptos::prelude::*;

use crate::parts::ProblemNotice;
use crate::parts::focus_in_place;
use crate::train::search::context::SearchContext;
use crate::train::search::fields::SearchFields;
use crate::train::search::results::Results;
use tunelab_core::protocol::Subject;

/// A search for good settings, from its choices to what is made of its result.
#[component]
pub fn SearchPanel() -> impl IntoView {
    let context = SearchContext::new();
    provide_context(context);
    view! {
        <p class="hint">
            "Nobody knows beforehand which settings suit your pictures best. This tries many, each in a run of its own, and compares them by the pictures that are kept for checking. It can be stopped, and gone on with as long as this page is open."
        </p>
        <fieldset
            class="train-group stack"
            disabled=move || context.under_way.get()
            aria-label="How to search"
        >
            <SearchFields />
        </fieldset>
        <Buttons />
        <ProblemNotice about=Subject::Search />
        <Results />
    }
}

/// What the first of the buttons does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Main {
    Start,
    StartAnew,
    GoOn,
    Stop,
}

#[component]
fn Buttons() -> impl IntoView {
    let context = expect_context::<SearchContext>();
    // One button, so that the focus stays where it is.
    let main = NodeRef::<Button>::new();
    let does = Memo::new(move |_| match context.under_way.get() {
        true => Main::Stop,
        false if context.can_go_on() => Main::GoOn,
        false if context.log(|log| log.begun.is_some()) => Main::StartAnew,
        false => Main::Start,
    });
    let wrong = Memo::new(move |_| {
        context.planned.with(|planned| planned.as_ref().err().map(|wrong| wrong.message.clone()))
    });
    let obstacle = Memo::new(move |_| {
        let starts = matches!(does.get(), Main::Start | Main::StartAnew);
        context.obstacle().or_else(|| if starts { wrong.get() } else { None })
    });
    let press = move || match does.get_untracked() {
        Main::Stop => context.stop(),
        _ if obstacle.with_untracked(Option::is_some) => {}
        Main::GoOn => context.go_on(),
        Main::Start | Main::StartAnew => context.begin(),
    };
    let anew = move || {
        if untrack(|| context.obstacle()).is_none() && wrong.with_untracked(Option::is_none) {
            // This button goes.
            if let Some(main) = main.get_untracked() {
                focus_in_place(&main);
            }
            context.begin();
        }
    };
    view! {
        <div class="row wrap train-buttons">
            <button
                type="button"
                class="button"
                class:danger=move || does.get() == Main::Stop
                node_ref=main
                aria-describedby="search-reason"
                aria-disabled=move || obstacle.with(|obstacle| obstacle.is_some().then_some("true"))
                on:click=move |_| press()
            >
                {move || match does.get() {
                    Main::Start => "Start the search",
                    Main::StartAnew => "Start anew",
                    Main::GoOn => "Go on",
                    Main::Stop => "Stop the search",
                }}
            </button>
            <Show when=move || does.get() == Main::GoOn>
                <button type="button" class="button" on:click=move |_| anew()>
                    "Start anew"
                </button>
            </Show>
            <p class="hint" id="search-reason">
                {move || obstacle.get().unwrap_or_else(|| what_it_does(does.get()).into())}
            </p>
        </div>
    }
}

fn what_it_does(main: Main) -> &'static str {
    match main {
        Main::Start => "Training waits until the search has ended or is stopped.",
        Main::StartAnew => "Begins a new search. The results of this one are given up.",
        Main::GoOn => {
            "Go on makes the run again that was under way, and all that are left. Start anew gives up the results."
        }
        Main::Stop => {
            "Stops after the present step. What was tried is kept; only the run under way has to be made again."
        }
    }
}
