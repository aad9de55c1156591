//! English and Chinese as the style guide asks for them.

use crate::catalogue::{Kind, Text};
use crate::parse::{Element, Pattern};
use crate::{assert_none, load};

/// Texts that are the same in Chinese: names and abbreviations.
const SAME_IN_CHINESE: [&str; 7] =
    ["Adam", "AdamW", "BitFit", "L2-SP", "RandAugment", "SGD", "TrivialAugment"];

/// Stands for what a variable holds: any letters, Chinese or not.
const ANY_TEXT: &str = "\u{fffc}";

/// All forms of a text, with `1` for numbers and [`ANY_TEXT`] for other variables.
fn forms(pattern: &Pattern, text: &Text) -> Vec<String> {
    let mut forms = vec![String::new()];
    for element in &pattern.0 {
        let continued: Vec<String> = match element {
            Element::Literal(literal) => vec![literal.clone()],
            Element::Variable(name) | Element::Number(name) => {
                let is_number = text.variables.contains(&(name.clone(), Kind::Number));
                vec![if is_number { "1" } else { ANY_TEXT }.into()]
            }
            Element::Select { variants, .. } => {
                variants.iter().flat_map(|(_, pattern)| self::forms(pattern, text)).collect()
            }
            Element::Reference(_) => Vec::new(),
        };
        forms = forms
            .iter()
            .flat_map(|before| continued.iter().map(move |after| format!("{before}{after}")))
            .collect();
    }
    forms
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}')
}

/// Complaints about the forms of every text in one language.
fn complaints(
    language: usize,
    complaint: impl Fn(&Text, &str) -> Option<&'static str>,
) -> Vec<String> {
    let catalogue = load();
    let of_text = |text: &Text| {
        let forms = forms(&text.patterns[language], text);
        let of_form =
            |form: &String| Some(format!("{}: {}: {form}", text.id, complaint(text, form)?));
        forms.iter().filter_map(of_form).collect::<Vec<_>>()
    };
    catalogue.texts.iter().flat_map(of_text).collect()
}

#[test]
fn no_text_is_empty_or_has_stray_spaces() {
    for language in [0, 1] {
        assert_none(complaints(language, |text, form| {
            let is_separator = text.id.ends_with("-separator");
            match form {
                form if form.trim().is_empty() && !is_separator => Some("is empty"),
                form if form.trim() != form && !is_separator => Some("begins or ends with a space"),
                form if form.contains("  ") => Some("has two spaces in a row"),
                form if form.contains('\n') => Some("has several lines"),
                form if form.contains("...") => Some("has three dots for …"),
                form if form.contains(['"', '\u{ff02}']) => {
                    Some("has straight quotation marks for “ ”")
                }
                _ => None,
            }
        }));
    }
}

#[test]
fn english_keeps_to_its_style() {
    assert_none(complaints(0, |_, form| match form {
        form if form.contains('\'') => Some("has a straight apostrophe for ’"),
        form if form.contains(is_han) => Some("has Chinese characters"),
        form if form.to_lowercase().contains("picture") => Some("says picture for image"),
        form if form.contains(" %") => Some("has a space before %"),
        _ => None,
    }));
}

#[test]
fn chinese_keeps_to_its_style() {
    assert_none(complaints(1, |_, form| {
        const WIDE: &str = "，。：；？！、（）“”";
        let letters: Vec<char> = form.chars().collect();
        for pair in letters.windows(2) {
            let [before, after] = [pair[0], pair[1]];
            let is_latin = |letter: char| letter.is_ascii_alphanumeric();
            if (is_han(before) && is_latin(after)) || (is_latin(before) && is_han(after)) {
                return Some("lacks a space between Chinese and Latin letters or digits");
            }
            if is_han(before) && ",.:;?!()".contains(after) {
                return Some("has ASCII punctuation");
            }
            if (before == ' ' && WIDE.contains(after)) || (WIDE.contains(before) && after == ' ') {
                return Some("has a space beside wide punctuation");
            }
        }
        match form {
            form if form.contains('你') => Some("says 你 for 您"),
            form if form.replace("进行到", "").contains("进行") => Some("says 进行"),
            _ => None,
        }
    }));
}

#[test]
fn chinese_is_translated() {
    let catalogue = load();
    let is_name =
        |text: &str| SAME_IN_CHINESE.contains(&text) || !text.contains(char::is_alphabetic);
    let untranslated = |text: &Text| {
        let [english, chinese] = &text.patterns;
        let literal = forms(chinese, text).concat();
        (english == chinese && !is_name(&literal) && text.variables.is_empty())
            .then(|| format!("{}: is not translated: {literal}", text.id))
    };
    assert_none(catalogue.texts.iter().filter_map(untranslated).collect());
    let unused = |name: &&&str| {
        !catalogue.texts.iter().any(|text| forms(&text.patterns[1], text).concat() == ***name)
    };
    assert_none(SAME_IN_CHINESE.iter().filter(unused).map(ToString::to_string).collect());
}

/// A sentence in one language is one in the other.
#[test]
fn texts_end_alike() {
    const ENDS: [(char, char); 4] = [('.', '。'), ('?', '？'), (':', '：'), ('…', '…')];
    let catalogue = load();
    let unlike = |text: &Text| {
        let [english, chinese] = [0, 1].map(|language| {
            let forms = forms(&text.patterns[language], text);
            forms.iter().filter_map(|form| form.chars().last()).collect::<Vec<_>>()
        });
        let is_unlike = ENDS.iter().any(|(of_english, of_chinese)| {
            english.contains(of_english) != chinese.contains(of_chinese)
        });
        is_unlike.then(|| format!("{}: one ends as a sentence, the other does not", text.id))
    };
    assert_none(catalogue.texts.iter().filter_map(unlike).collect());
}
