//! The functions that the build script makes of `locales/`, and texts by the keys of options.

use crate::{Count, Language};

/// All texts in one language: a function for each message of `locales/`, and those that write numbers,
/// times and lists. It is as cheap to copy as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Texts {
    language: Language,
}

/// An option that has texts, and those of its choices that have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionKeys {
    pub key: &'static str,
    pub choices: &'static [&'static str],
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

    /// The options that have texts, with the keys as the catalogue has them, such as `label-smoothing`.
    #[must_use]
    pub const fn options() -> &'static [OptionKeys] {
        OPTIONS
    }

    /// What an option is called. Its key may have hyphens or underscores, here and below.
    #[must_use]
    pub fn label_of_option(self, key: &str) -> Option<&'static str> {
        option_label(self, (&hyphened(key), ""))
    }

    /// A sentence that explains an option.
    #[must_use]
    pub fn help_of_option(self, key: &str) -> Option<&'static str> {
        option_help(self, (&hyphened(key), ""))
    }

    /// What a choice of an option is called.
    #[must_use]
    pub fn label_of_choice(self, key: &str, choice: &str) -> Option<&'static str> {
        if choice.is_empty() {
            return None;
        }
        option_label(self, (&hyphened(key), &hyphened(choice)))
    }

    /// A sentence that explains a choice of an option.
    #[must_use]
    pub fn help_of_choice(self, key: &str, choice: &str) -> Option<&'static str> {
        if choice.is_empty() {
            return None;
        }
        option_help(self, (&hyphened(key), &hyphened(choice)))
    }
}

fn hyphened(key: &str) -> String {
    key.replace('_', "-")
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
