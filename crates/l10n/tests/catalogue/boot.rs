//! The texts of the start screen, shown before the page's program runs, are those of the catalogue:
//! `www/boot-texts.js`, which `UPDATE=1 cargo test -p tunelab-l10n boot` writes, and `index.html`.

use std::fmt::Write;
use std::{env, fs};

use crate::catalogue::{LANGUAGES, Text};
use crate::parse::{Element, Pattern};
use crate::{load, repository};

/// `boot-not-loaded` as JavaScript calls it: `notLoaded`.
pub fn name(id: &str) -> String {
    let mut name = String::new();
    for (index, word) in id.trim_start_matches("boot-").split('-').enumerate() {
        let (first, rest) = word.split_at(if index == 0 { 0 } else { 1 });
        name += &(first.to_uppercase() + rest);
    }
    name
}

/// Whether boot.js shows a text. Only `index.html` has the text for browsers without scripts.
fn is_for_script(id: &str) -> bool {
    id.starts_with("boot-") && id != "boot-no-script"
}

/// A string, or a function of the variables.
fn value(pattern: &Pattern, text: &Text) -> String {
    let mut template = String::new();
    for element in &pattern.0 {
        match element {
            Element::Literal(literal) => {
                template +=
                    &literal.replace('\\', "\\\\").replace('`', "\\`").replace("${", "\\${");
            }
            Element::Variable(variable) => template += &format!("${{{variable}}}"),
            other => panic!("{}: {other:?} cannot be written in JavaScript", text.id),
        }
    }
    let variables: Vec<&str> = text.variables.iter().map(|(name, _)| name.as_str()).collect();
    match &variables[..] {
        [] => format!("{template:?}"),
        variables => format!("({}) => `{template}`", variables.join(", ")),
    }
}

fn module() -> String {
    let mut module = String::from(
        "// Made of crates/l10n/locales by the test `boot` of crates/l10n, which says how. Do not edit.\n\nexport const TEXTS = {\n",
    );
    let catalogue = load();
    for (index, language) in LANGUAGES.iter().enumerate() {
        let _ = writeln!(module, "  {language:?}: {{");
        for text in catalogue.texts.iter().filter(|text| is_for_script(&text.id)) {
            let value = value(&text.patterns[index], text);
            let _ = writeln!(module, "    {}: {value},", name(&text.id));
        }
        module += "  },\n";
    }
    module + "};\n"
}

#[test]
fn the_page_has_the_texts_it_starts_with() {
    let path = repository().join("www/boot-texts.js");
    let module = module();
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, &module).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, module, "UPDATE=1 cargo test -p tunelab-l10n boot");
}

/// The document itself is in English, with the text for browsers without scripts in all languages.
#[test]
fn the_document_has_the_texts_it_shows_without_scripts() {
    let document = fs::read_to_string(repository().join("index.html")).unwrap();
    let document = document.split_whitespace().collect::<Vec<_>>().join(" ");
    let catalogue = load();
    for (id, languages) in [
        ("boot-title", 1),
        ("boot-loading", 1),
        ("boot-late", 1),
        ("boot-no-script", LANGUAGES.len()),
    ] {
        let text = catalogue.texts.iter().find(|text| text.id == id).unwrap();
        for pattern in &text.patterns[..languages] {
            let [Element::Literal(literal)] = &pattern.0[..] else { panic!("{id} has variables") };
            assert!(document.contains(literal.as_str()), "index.html lacks {id}: {literal}");
        }
    }
}
