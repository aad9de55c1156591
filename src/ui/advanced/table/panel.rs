//! The panel of the table.

use leptos::prelude::*;

use super::column::Column;
use super::words::advice;
use crate::ui::advanced::page::Page;
use crate::ui::parts::{PixelCanvas, effect};
use crate::ui::state::Pixels;
use tunelab_core::protocol::{Caption, Command, TableDetails};

/// Pictures shown.
const SHOWN: usize = 24;

/// What each column predicts, and some pictures with what is known of them; nothing where no table
/// describes the pictures.
#[component]
pub fn Table() -> impl IntoView {
    let page = expect_context::<Page>();
    let described = page.described;
    let all = Memo::new(move |_| {
        described.details.with(|details| details.as_ref().map(|details| details.pictures))
    });
    effect(move || {
        if let Some(class) = all.get() {
            page.command(Command::ShowPictures { class, from: 0, count: SHOWN }, &[]);
        }
    });
    let columns = move || {
        let TableDetails { columns, .. } = described.details.get()?;
        let notices: Vec<_> = advice(&columns)
            .into_iter()
            .map(|words| view! { <p class="notice warn">{words}</p> })
            .collect();
        let columns: Vec<_> =
            columns.into_iter().map(|column| view! { <Column column /> }).collect();
        Some(view! {
            <p>
                "Each column of the table is something to predict. Some pictures are set aside to check with."
            </p>
            {notices}
            <div class="table-columns">{columns}</div>
        })
    };
    let picture = |(caption, pixels): (Caption, Pixels)| {
        let Caption { name, labels, .. } = caption;
        view! {
            <li class="try-mistake">
                <PixelCanvas pixels label=name />
                <p>{labels}</p>
            </li>
        }
    };
    let pictures = move || {
        let pictures = described.pictures.get();
        (!pictures.is_empty()).then(|| {
            let pictures: Vec<_> = pictures.into_iter().map(picture).collect();
            view! {
                <ul class="try-mistakes" role="list" aria-label="Some of the pictures">
                    {pictures}
                </ul>
            }
        })
    };
    view! { {columns} {pictures} }
}
