//! What did not work in an errand.

use leptos::prelude::*;

use super::page::{Errand, Page};
use crate::ui::parts::leave;
use crate::ui::plot::format::sentence;

/// Says what did not work in an errand, where it belongs.
#[component]
pub fn ProblemOf(errand: Errand) -> impl IntoView {
    let page = expect_context::<Page>();
    let message = move || {
        page.problem.with(|problem| {
            let problem = problem.as_ref().filter(|problem| problem.errand == errand)?;
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
                            page.problem.set(None);
                        }
                    >
                        "Dismiss"
                    </button>
                </div>
            }
        })
    }
}
