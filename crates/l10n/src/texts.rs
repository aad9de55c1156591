//! The functions that the build script makes of `locales/`, and texts by the keys of options.

use crate::{Count, Language};

/// All texts in one language: a function for each message of `locales/`, and those that write numbers,
/// times and lists. It is as cheap to copy as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Texts {
    language: Language,
}

/// The texts of an option, or of one of its choices, in the order of [`Language`]'s variants.
struct OptionTexts {
    key: &'static str,
    /// Empty for the option itself.
    choice: &'static str,
    label: [&'static str; 2],
    /// Empty where there is none.
    help: [&'static str; 2],
}

impl Texts {
    /// For logs, and where errors are displayed.
    pub const ENGLISH: Self = Self::new(Language::English);

    /// The texts in a language.
    #[must_use]
    pub const fn new(language: Language) -> Self {
        Self { language }
    }

    /// The language of the texts.
    #[must_use]
    pub const fn language(self) -> Language {
        self.language
    }

    /// The keys of all options that have texts, such as `label-smoothing`, each alone and with each of its
    /// choices that has texts.
    pub fn options() -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
        let choice = |choice: &'static str| (!choice.is_empty()).then_some(choice);
        OPTIONS.iter().map(move |texts| (texts.key, choice(texts.choice)))
    }

    /// The label of an option. Its key may have hyphens or underscores, here and below. An unknown key is its own
    /// label.
    #[must_use]
    pub fn label_of_option(self, key: &str) -> &str {
        self.find(key, "", |texts| &texts.label).unwrap_or(key)
    }

    /// A sentence that explains an option.
    #[must_use]
    pub fn help_of_option(self, key: &str) -> Option<&'static str> {
        self.find(key, "", |texts| &texts.help)
    }

    /// The label of a choice of an option. An unknown choice is its own label.
    #[must_use]
    pub fn label_of_choice<'a>(self, key: &str, choice: &'a str) -> &'a str {
        if choice.is_empty() {
            return choice;
        }
        self.find(key, choice, |texts| &texts.label).unwrap_or(choice)
    }

    /// A sentence that explains a choice of an option.
    #[must_use]
    pub fn help_of_choice(self, key: &str, choice: &str) -> Option<&'static str> {
        if choice.is_empty() { None } else { self.find(key, choice, |texts| &texts.help) }
    }

    fn find(
        self,
        key: &str,
        choice: &str,
        text: fn(&OptionTexts) -> &[&'static str; 2],
    ) -> Option<&'static str> {
        let [key, choice] = [key, choice].map(|key| key.replace('_', "-"));
        let found = OPTIONS.iter().find(|texts| texts.key == key && texts.choice == choice)?;
        let [english, chinese] = *text(found);
        let text = match self.language {
            Language::English => english,
            Language::SimplifiedChinese => chinese,
        };
        (!text.is_empty()).then_some(text)
    }
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
