//! The files that the documentation names exist.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders that `docs/architecture.md` abbreviates.
const ABBREVIATIONS: [(&str, &str); 7] = [
    ("core/", "crates/core/src/"),
    ("engine/", "crates/engine/src/"),
    ("kernels/", "crates/kernels/src/"),
    ("presentation/", "crates/presentation/src/"),
    ("cli/", "src/cli/"),
    ("worker/", "src/worker/"),
    ("page/", "src/page/"),
];
/// The folders of the repository that the documentation names.
const FOLDERS: [&str; 7] = ["benches/", "crates/", "docs/", "scripts/", "src/", "tests/", "www/"];
/// Folders with files that are not in the repository.
const GENERATED: [&str; 4] = ["dist", "node_modules", "shared", "target"];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Adds the files of a folder.
fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if path.is_dir() && !name.starts_with('.') && !GENERATED.contains(&&*name) {
            list(&path, files);
        } else if path.is_file() {
            files.push(path);
        }
    }
}

/// The parts of a text between `start` and `end`.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start).skip(1).filter_map(|rest| Some(rest.split_once(end)?.0)).collect()
}

/// Words such as `src/cli/main.rs` or `naming.rs` in the code spans of a text.
fn named_files(text: &str) -> Vec<String> {
    let is_path = |word: &&str| {
        let starts = ABBREVIATIONS.iter().map(|(short, _)| short).chain(&FOLDERS);
        let is_here = starts.into_iter().any(|folder| word.starts_with(folder));
        (is_here || word.ends_with(".rs")) && !word.contains(['*', '<'])
    };
    let expand = |word: &str| {
        let found = ABBREVIATIONS.iter().find(|(short, _)| word.starts_with(short));
        found.map_or(word.to_owned(), |(short, whole)| word.replacen(short, whole, 1))
    };
    let spans = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    spans.flat_map(str::split_whitespace).filter(is_path).map(expand).collect()
}

#[test]
fn the_files_that_the_documentation_names_exist() {
    let root = repository();
    let mut files = Vec::new();
    list(&root, &mut files);
    let mut missing = Vec::new();
    let pages = files.iter().filter(|file| file.extension().is_some_and(|kind| kind == "md"));
    for page in pages {
        let text = fs::read_to_string(page).unwrap();
        let links = between(&text, "](", ")").into_iter();
        let relative = links.filter(|link| !link.contains("://") && !link.starts_with("mailto:"));
        let targets = relative.map(|link| link.split('#').next().unwrap_or(link));
        for target in targets.filter(|target| !page.parent().unwrap().join(target).exists()) {
            missing.push(format!("{}: {target}", page.display()));
        }
        // A path may begin below the folder of its crate.
        let exists = |name: &String| {
            root.join(name).exists() || files.iter().any(|file| file.ends_with(name))
        };
        for name in named_files(&text).iter().filter(|name| !exists(name)) {
            missing.push(format!("{}: {name}", page.display()));
        }
    }
    assert!(missing.is_empty(), "missing files:\n{}", missing.join("\n"));
}
