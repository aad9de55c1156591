//! Texts that nothing shows.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use crate::catalogue::{Text, function_name};
use crate::{assert_none, boot, load, repository};

/// Adds the Rust of a folder.
fn read(folder: &Path, source: &mut String) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            read(&path, source);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            source.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_text_is_used() {
    let mut source = String::new();
    read(&repository().join("src"), &mut source);
    for member in fs::read_dir(repository().join("crates")).unwrap().flatten() {
        read(&member.path().join("src"), &mut source);
    }
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words: HashSet<&str> = source.split(|letter| !is_part(letter)).collect();
    let boot_script = fs::read_to_string(repository().join("www/boot.js")).unwrap();
    let is_used = |text: &&Text| match &*text.id {
        // Looked up by the keys of the options that there are.
        id if id.starts_with("option-") => true,
        // Only index.html shows it.
        "boot-no-script" => true,
        id if id.starts_with("boot-") => boot_script.contains(&format!(".{}", boot::name(id))),
        id => words.contains(&*function_name(id)),
    };
    let catalogue = load();
    let unused = catalogue.texts.iter().filter(|text| !is_used(text));
    assert_none(unused.map(|text| text.id.clone()).collect());
}
