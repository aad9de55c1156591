//! The values of the form's fields, as signals.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::language::use_texts;
use crate::state::State;
use tunelab_core::options::{Kind, TrainOption};
use tunelab_l10n::{Localize, Texts};

/// Resets invalid values when their fields are hidden.
pub fn forget_hidden_values(state: State) {
    let wrong = StoredValue::new(BTreeSet::new());
    Effect::new(move || {
        let mut form = state.form.get();
        let dataset = state.dataset.get();
        if wrong.with_value(|wrong| form.forget_hidden(wrong, &dataset)) {
            state.form.set(form);
        }
        let errors = state.draft.with(|draft| draft.invalid_options().collect());
        wrong.set_value(errors);
    });
}

/// Whether an option has an effect.
pub fn applies(option: &'static TrainOption) -> Memo<bool> {
    let State { draft, dataset, .. } = expect_context();
    Memo::new(move |_| draft.with(|draft| option.applies(&draft.config, &dataset.get().context)))
}

/// The text of an option, or its default.
pub fn value(option: &'static TrainOption) -> Memo<String> {
    let State { form, draft, .. } = expect_context();
    Memo::new(move |_| {
        let written = form.with(|form| form.choices.get(option.key).map(str::to_owned));
        written.unwrap_or_else(|| draft.with(|draft| option.text(&draft.config)))
    })
}

/// The error of an option, if its value is invalid.
pub fn error(option: &'static TrainOption) -> Memo<Option<String>> {
    let (State { draft, .. }, texts) = (expect_context(), use_texts());
    Memo::new(move |_| {
        draft.with(|draft| Some(draft.error(option.key)?.problem.localize(texts.get())))
    })
}

/// The help of an option and of its value, and the default if the user has set another value.
pub fn hint(option: &'static TrainOption) -> Memo<String> {
    let (state, texts, value) = (expect_context::<State>(), use_texts(), value(option));
    Memo::new(move |_| {
        let (texts, value) = (texts.get(), value.get());
        let is_set = state.form.with(|form| form.choices.get(option.key).is_some());
        let default = is_set
            .then(|| state.form.with(|form| form.default_text(option, &state.dataset.get())))
            .filter(|default| *default != value)
            .map(|default| texts.train_default(&value_label(texts, option, &default)));
        let sentences = [
            texts.help_of_option(option.key).map(str::to_owned),
            texts.help_of_choice(option.key, &value).map(str::to_owned),
            option.none.map(|word| texts.train_word(word)),
            default,
        ];
        texts.sentences(&sentences.into_iter().flatten().collect::<Vec<_>>())
    })
}

/// The label of an option.
pub fn label(texts: Texts, option: &TrainOption) -> String {
    texts.label_of_option(option.key).to_owned()
}

/// The label of a value of an option.
pub fn value_label(texts: Texts, option: &TrainOption, value: &str) -> String {
    match (option.kind, value) {
        (Kind::Switch, "true") => texts.train_on().to_owned(),
        (Kind::Switch, _) => texts.train_off().to_owned(),
        _ => texts.label_of_choice(option.key, value).to_owned(),
    }
}
