//! What happens with files: how far an import is, and what was left out.

use leptos::prelude::*;

use crate::parts::ProgressBar;
use crate::pictures::intake::Intake;
use crate::state::State;
use tunelab_core::data::warning::DataWarning;
use tunelab_presentation::pictures::words;

/// Files named on the page; thousands of others are only counted.
const NAMED: usize = 200;

/// Progress of the import under way.
#[component]
pub fn ImportProgress() -> impl IntoView {
    let (intake, state) = (expect_context::<Intake>(), expect_context::<State>());
    let active = Memo::new(move |_| state.importing.with(Option::is_some));
    // When it began, in ms.
    let begun = Memo::new(move |_| {
        active.track();
        js_sys::Date::now()
    });
    let label = Signal::derive(move || {
        let (done, total) = state.importing.get().unwrap_or_default();
        let seconds = (js_sys::Date::now() - begun.get()) / 1000.0;
        words::progress(done, total, intake.downloading.get(), seconds)
    });
    let value = Signal::derive(move || {
        let (done, total) = state.importing.get()?;
        (total > 0).then(|| done as f64 / total as f64)
    });
    let looking = move || {
        intake.looking.get().map(|found| {
            let files = words::counted(found, "file", "files");
            view! { <p class="hint">{format!("Looking through the folder: {files} so far")}</p> }
        })
    };
    view! {
        <div role="status">{looking}</div>
        <Show when=move || active.get()>
            <ProgressBar label value />
        </Show>
    }
}

/// Files that the last import left out, and why, and what else should be known of it.
#[component]
pub fn LeftOut() -> impl IntoView {
    let (intake, state) = (expect_context::<Intake>(), expect_context::<State>());
    let list = move || {
        state.skipped.with(|skipped| {
            let count = skipped.len();
            let summary = match count {
                0 => return None,
                1 => "1 file was left out".to_string(),
                _ => format!("{} were left out", words::counted(count, "file", "files")),
            };
            let items = skipped.iter().take(NAMED).map(|file| {
                let (name, reason) = (file.name.clone(), file.reason.to_string());
                view! { <li><code>{name}</code>": " {reason}</li> }
            });
            let others = (count > NAMED).then(|| {
                let others = words::counted(count - NAMED, "other", "others");
                view! { <li>{format!("and {others}")}</li> }
            });
            Some(view! {
                <details class="notice warn pictures-left-out">
                    <summary>{summary}</summary>
                    <ul>{items.collect_view()} {others}</ul>
                </details>
            })
        })
    };
    let complaint =
        move || intake.complaint.get().map(|words| view! { <p class="notice warn">{words}</p> });
    let notices = move || {
        let line = |notice: &DataWarning| view! { <p class="notice">{notice.to_string()}</p> };
        state.notices.with(|notices| notices.iter().map(line).collect_view())
    };
    view! { <div role="status" class="stack pictures-news">{complaint} {notices} {list}</div> }
}
