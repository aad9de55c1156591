//! A part of the results.

use leptos::prelude::*;

/// A part under its title; `about` names what it is about, where several things are predicted.
#[component]
pub fn Section(about: Option<String>, title: &'static str, children: Children) -> impl IntoView {
    let title = match about {
        Some(about) => format!("{about}: {title}"),
        None => title.to_string(),
    };
    let name = title.clone();
    view! {
        <section class="try-part" aria-label=name>
            <h3>{title}</h3>
            {children()}
        </section>
    }
}
