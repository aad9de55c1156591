//! The panel.

use leptos::html::Button;
use leptos::prelude::*;

use super::desk::Desk;
use super::fields::ChoiceFields;
use super::results::Results;
use crate::ui::advanced::page::Errand;
use crate::ui::advanced::problem::ProblemOf;
use crate::ui::parts::{Show, focus_in_place};

/// A search for good settings, from its choices to what is made of its result.
#[component]
pub fn SearchPanel() -> impl IntoView {
    let desk = Desk::new();
    provide_context(desk);
    view! {
        <p class="hint">
            "Nobody knows beforehand which settings suit your pictures best. This tries many, each in a run of its own, and compares them by the pictures that are kept for checking. It can be stopped, and gone on with as long as this page is open."
        </p>
        <fieldset
            class="train-group stack"
            disabled=move || desk.under_way.get()
            aria-label="How to search"
        >
            <ChoiceFields />
        </fieldset>
        <Buttons />
        <ProblemOf errand=Errand::Search />
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
    let desk = expect_context::<Desk>();
    // One button, so that the focus stays where it is.
    let main = NodeRef::<Button>::new();
    let does = Memo::new(move |_| match desk.under_way.get() {
        true => Main::Stop,
        false if desk.can_go_on() => Main::GoOn,
        false if desk.log(|log| log.begun.is_some()) => Main::StartAnew,
        false => Main::Start,
    });
    let wrong = Memo::new(move |_| {
        desk.planned.with(|planned| planned.as_ref().err().map(|wrong| wrong.message.clone()))
    });
    let obstacle = Memo::new(move |_| {
        let starts = matches!(does.get(), Main::Start | Main::StartAnew);
        desk.obstacle().or_else(|| if starts { wrong.get() } else { None })
    });
    let press = move || match does.get_untracked() {
        Main::Stop => desk.page.stop(),
        _ if obstacle.with_untracked(Option::is_some) => {}
        Main::GoOn => desk.go_on(),
        Main::Start | Main::StartAnew => desk.begin(),
    };
    let anew = move || {
        if untrack(|| desk.obstacle()).is_none() && wrong.with_untracked(Option::is_none) {
            // This button goes.
            if let Some(main) = main.get_untracked() {
                focus_in_place(&main);
            }
            desk.begin();
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
