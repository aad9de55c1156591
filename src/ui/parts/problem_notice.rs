//! What did not work, said where it belongs.

use leptos::prelude::*;

use crate::ui::parts::leave;
use crate::ui::plot::format::sentence;
use crate::ui::state::State;
use crate::worker::protocol::Subject;

/// The latest problem, if it is about this subject, until it is dismissed.
#[component]
pub fn ProblemNotice(about: Subject) -> impl IntoView {
    let state = expect_context::<State>();
    let message = move || {
        state.problem.with(|problem| {
            let problem = problem.as_ref().filter(|problem| problem.about == about)?;
            Some(sentence(&problem.message))
        })
    };
    move || {
        message().map(|message| {
            view! {
                <div class="notice bad" role="alert" data-testid="problem">
                    <p>{message}</p>
                    <button
                        type="button"
                        class="button quiet"
                        on:click=move |event| {
                            leave(&event);
                            state.forget_problem(about);
                        }
                    >
                        "Dismiss"
                    </button>
                </div>
            }
        })
    }
}
