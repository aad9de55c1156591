//! What did not work, said where it belongs.

use leptos::prelude::*;

use super::Notice;
use crate::ui::state::State;
use tunelab_core::protocol::Subject;

/// The latest problem, if it is about this subject, until it is dismissed.
#[component]
pub fn ProblemNotice(about: Subject) -> impl IntoView {
    let state = expect_context::<State>();
    let message = Signal::derive(move || {
        state.problem.with(|problem| {
            let problem = problem.as_ref().filter(|problem| problem.about == about)?;
            Some(problem.message.clone())
        })
    });
    view! { <Notice message dismiss=Callback::new(move |()| state.forget_problem(about)) /> }
}
