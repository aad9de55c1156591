//! The language of the page: the one that the user chose before, or the first of the browser's that there is.

use leptos::prelude::*;
use tunelab_l10n::{Language, Texts};

/// Where the chosen language is saved. `www/boot.js` reads it too.
const SAVED_LANGUAGE: &str = "tunelab-language";

/// Provides the texts to all components, and keeps the document's title and `lang` up to date.
pub fn provide_texts() {
    let texts = RwSignal::new(Texts::new(preferred_language()));
    provide_context(texts);
    Effect::new(move || {
        document().set_title(texts.get().boot_title());
        if let Some(document) = document().document_element() {
            // Fails only for an invalid name of an attribute.
            let _ = document.set_attribute("lang", texts.get().language().tag());
        }
    });
}

/// The texts in the page's language.
pub fn use_texts() -> Signal<Texts> {
    expect_context::<RwSignal<Texts>>().into()
}

/// A text that follows the page's language, such as `text(Texts::run_start)`.
pub fn text<T: Into<String>>(
    message: impl Fn(Texts) -> T + Send + Sync + 'static,
) -> Signal<String> {
    let texts = use_texts();
    Signal::derive(move || message(texts.get()).into())
}

/// A menu of the languages, each in its own words.
#[component]
pub fn LanguageMenu() -> impl IntoView {
    let texts = expect_context::<RwSignal<Texts>>();
    let option = move |language: Language| {
        view! {
            <option
                value=language.tag()
                lang=language.tag()
                prop:selected=move || texts.get().language() == language
            >
                {language.native_name()}
            </option>
        }
    };
    view! {
        <select
            id="language"
            class="language"
            aria-label=text(Texts::app_language)
            on:change:target=move |event| {
                if let Ok(language) = event.target().value().parse::<Language>() {
                    save(language);
                    texts.set(Texts::new(language));
                }
            }
        >
            {Language::ALL.map(option).collect_view()}
        </select>
    }
}

fn preferred_language() -> Language {
    let storage = window().local_storage().ok().flatten();
    let saved = storage.and_then(|storage| storage.get_item(SAVED_LANGUAGE).ok().flatten());
    let languages = window().navigator().languages();
    let browser = languages.iter().filter_map(|tag| tag.as_string());
    Language::from_preferences(saved.into_iter().chain(browser))
}

fn save(language: Language) {
    // A browser may offer no storage, or refuse it: the choice then holds until the page is closed.
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(SAVED_LANGUAGE, language.tag());
    }
}
