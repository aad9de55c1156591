//! Compiles `locales/` to `Texts`, one function per message, and fails where a text is missing or wrong.

mod catalogue;
mod generate;
mod parse;
mod problem;

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use catalogue::Catalogue;

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=locales");
    let variable = |name| env::var(name).map_err(|error| format!("{name}: {error}"));
    let write = |code: String| -> Result<(), String> {
        let path = Path::new(&variable("OUT_DIR")?).join("texts.rs");
        fs::write(&path, code).map_err(|error| format!("{}: {error}", path.display()))
    };
    let problems = match Catalogue::load(Path::new("locales")) {
        Ok(catalogue) => write(generate::texts(&catalogue)).err().into_iter().collect(),
        Err(problems) => problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
    };
    for problem in &problems {
        println!("cargo::error={problem}");
    }
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
