//! How far something is, and what did not work.

use leptos::prelude::*;

use crate::parts::leave;
use crate::state::State;
use tunelab_core::protocol::Subject;
use tunelab_presentation::plot::format::sentence;

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

/// A bar with its label as text. `value` is 0 to 1; `None` where nobody knows.
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
            // An attribute and not a property: without it the bar is indeterminate.
            <progress
                max="1"
                aria-label=label
                value=move || value.get().map(|value| value.clamp(0.0, 1.0).to_string())
            ></progress>
        </div>
    }
}
