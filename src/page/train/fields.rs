//! Fields of the form for its numbers.

use leptos::prelude::*;

use crate::parts::fields::NumberInput;
use crate::train::sheet::Sheet;
use tunelab_presentation::train::form::number::Number;

/// The id of a number's field on the page.
pub fn field_id(number: Number) -> String {
    format!("train-number-{}", number as u8)
}

/// A number. Not there while it plays no part.
#[component]
pub fn NumberField(number: Number) -> impl IntoView {
    let sheet = expect_context::<Sheet>();
    let is_there = Memo::new(move |_| {
        sheet.form.with(|form| sheet.task.with(|task| form.shows(number, task)))
            && sheet.draft.with(|draft| number.read(&draft.request).is_some())
    });
    let written = move || sheet.form.with(|form| form.numbers.get(&number).cloned());
    let value = Memo::new(move |_| {
        written()
            .or_else(|| sheet.draft.with(|draft| number.read(&draft.request)))
            .unwrap_or_default()
    });
    let error = Memo::new(move |_| sheet.draft.with(|draft| draft.errors.get(&number).cloned()));
    let hint = Memo::new(move |_| {
        let recommended = written().and_then(|_| {
            let mut form = sheet.form.get();
            form.numbers.remove(&number);
            let text = number.read(&form.draft(&sheet.task.get()).request)?;
            (text != value.get()).then(|| format!(" Recommended: {text}."))
        });
        format!("{}{}", number.hint(), recommended.unwrap_or_default())
    });
    let write = Callback::new(move |text: String| {
        sheet.form.update(|form| {
            form.numbers.insert(number, text);
        });
    });
    let finish = Callback::new(move |text: String| {
        // Emptied: back to the recommendation.
        if text.trim().is_empty() {
            sheet.form.update(|form| {
                form.numbers.remove(&number);
            });
        }
    });
    view! {
        <Show when=move || is_there.get()>
            <NumberInput
                id=field_id(number)
                label=number.label()
                hint
                value
                error
                on_input=write
                on_change=finish
            />
        </Show>
    }
}
