//! The command line. See [`tunelab::cli`].

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    tunelab::cli::run(tunelab::cli::args::Cli::parse())
}
