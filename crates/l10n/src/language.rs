//! The languages of the texts, and which of them a person prefers.

use std::fmt;
use std::str::FromStr;

/// A language that every text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    #[default]
    English,
    SimplifiedChinese,
}

impl Language {
    /// All of them, in the order of a menu.
    pub const ALL: [Self; 2] = [Self::English, Self::SimplifiedChinese];

    /// The BCP 47 tag, for the `lang` attribute and for saved settings.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::SimplifiedChinese => "zh-Hans",
        }
    }

    /// What its speakers call it, for a menu of languages.
    #[must_use]
    pub const fn native_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::SimplifiedChinese => "简体中文",
        }
    }

    /// The first language of `tags` that there is, or English. A browser lists the tags in
    /// `navigator.languages`, such as `zh-CN`. Every kind of Chinese is shown in Simplified Chinese, the
    /// nearest there is.
    pub fn from_preferences(tags: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        tags.into_iter().find_map(|tag| Self::of_tag(tag.as_ref())).unwrap_or_default()
    }

    /// The language that a terminal's environment asks for: the first that is set of `LC_ALL`,
    /// `LC_MESSAGES` and `LANG`, such as `zh_CN.UTF-8`. `variable` reads one, as `|name| env::var(name).ok()`
    /// does. Before them comes `LANGUAGE`, a list with colons, unless they ask for no language at all (`C`).
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        let Some(locale) = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set) else {
            return Self::default();
        };
        if matches!(primary(&locale), "C" | "POSIX") {
            return Self::English;
        }
        let list = set("LANGUAGE").unwrap_or_default();
        Self::from_preferences(list.split(':').chain([locale.as_str()]))
    }

    /// The language of a BCP 47 tag or a POSIX locale, where there is one.
    fn of_tag(tag: &str) -> Option<Self> {
        match primary(tag).to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            // Macrolanguage, Mandarin, Cantonese, Wu.
            "zh" | "cmn" | "yue" | "wuu" => Some(Self::SimplifiedChinese),
            _ => None,
        }
    }
}

/// The language of a tag without script, region and encoding.
fn primary(tag: &str) -> &str {
    tag.trim().split(['-', '_', '.', '@']).next().unwrap_or_default()
}

/// Neither `en` nor `zh-Hans`, nor another tag of theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownLanguage(String);

impl fmt::Display for UnknownLanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = crate::Texts::ENGLISH;
        let tags: Vec<&str> = Language::ALL.iter().map(|language| language.tag()).collect();
        f.write_str(&texts.error_language_unknown(&self.0, &texts.any_of(&tags)))
    }
}

impl std::error::Error for UnknownLanguage {}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        Self::of_tag(tag).ok_or_else(|| UnknownLanguage(tag.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{English, SimplifiedChinese};
    use super::*;

    #[test]
    fn the_first_language_there_is_is_preferred() {
        for (tags, expected) in [
            (&["zh"][..], SimplifiedChinese),
            (&["zh-CN", "zh", "en"], SimplifiedChinese),
            (&["zh-Hans-SG"], SimplifiedChinese),
            (&["zh-TW"], SimplifiedChinese),
            (&["ZH-hant"], SimplifiedChinese),
            (&["yue-HK"], SimplifiedChinese),
            (&["fr-FR", "zh-CN", "en"], SimplifiedChinese),
            (&["en-US", "zh-CN"], English),
            (&["fr", "de"], English),
            (&["zhx", ""], English),
            (&[], English),
        ] {
            assert_eq!(Language::from_preferences(tags), expected, "{tags:?}");
        }
    }

    #[test]
    fn the_environment_is_read_as_other_programs_read_it() {
        for (environment, expected) in [
            (&[("LANG", "zh_CN.UTF-8")][..], SimplifiedChinese),
            (&[("LC_ALL", "en_GB.UTF-8"), ("LANG", "zh_CN.UTF-8")], English),
            (&[("LC_ALL", ""), ("LC_MESSAGES", "zh_TW"), ("LANG", "en_US")], SimplifiedChinese),
            (&[("LANG", "zh_CN.GB18030@pinyin")], SimplifiedChinese),
            (&[("LANG", "fr_FR.UTF-8"), ("LANGUAGE", "fr:zh_CN:en")], SimplifiedChinese),
            (&[("LANG", "C.UTF-8"), ("LANGUAGE", "zh_CN")], English),
            (&[("LC_ALL", "POSIX"), ("LANG", "zh_CN")], English),
            (&[("LANGUAGE", "zh_CN")], English),
            (&[], English),
        ] {
            let variable = |name: &str| {
                let found = environment.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| value.to_string())
            };
            assert_eq!(Language::from_environment(variable), expected, "{environment:?}");
        }
    }

    #[test]
    fn tags_are_read_back() {
        for language in Language::ALL {
            assert_eq!(language.tag().parse(), Ok(language));
        }
        let error = "fr".parse::<Language>().unwrap_err();
        assert_eq!(error.to_string(), "There is no language “fr”: choose en or zh-Hans.");
    }
}
