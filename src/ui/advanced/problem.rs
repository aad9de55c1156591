//! What did not work in an errand.

use leptos::prelude::*;

use super::page::{Errand, Page};
use crate::ui::parts::Notice;

/// Says what did not work in an errand, where it belongs.
#[component]
pub fn ProblemOf(errand: Errand) -> impl IntoView {
    let page = expect_context::<Page>();
    let message = Signal::derive(move || {
        page.problem.with(|problem| {
            let problem = problem.as_ref().filter(|problem| problem.errand == errand)?;
            Some(problem.message.clone())
        })
    });
    view! { <Notice message dismiss=Callback::new(move |()| page.problem.set(None)) /> }
}
