//! What the texts keep to. That none is missing, and that all have the same variables, the build checks.

// The build script's; it uses the rest of them.
#[allow(dead_code)]
#[path = "../../build/catalogue.rs"]
mod catalogue;
#[allow(dead_code)]
#[path = "../../build/parse.rs"]
mod parse;
#[allow(dead_code)]
#[path = "../../build/problem.rs"]
mod problem;

mod boot;
mod options;
mod style;
mod usage;

use std::path::{Path, PathBuf};

use catalogue::Catalogue;

fn crate_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).into()
}

fn repository() -> PathBuf {
    crate_folder().join("../..")
}

fn load() -> Catalogue {
    Catalogue::load(&crate_folder().join("locales")).unwrap_or_else(|problems| {
        panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

/// Fails with all complaints at once.
#[track_caller]
fn assert_none(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "{} texts:\n{}", complaints.len(), complaints.join("\n"));
}
