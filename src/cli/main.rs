//! The command line: reads files, downloads weights, shows progress and writes results. The engine computes.
//!
//! - [`args`], [`options`]: the flags. [`source`]: the data and the pretrained weights that they select.
//! - [`train`], [`find_rate`], [`search`], [`distill`], [`evaluate`], [`predict`], [`info`]: the subcommands.
//! - [`dataset`], [`table`], [`files`]: reading images. [`pretrained`], [`download`]: reading weights.
//! - [`runner`], [`run_folder`], [`spill`]: a training run, its files, and its cached activations.
//! - [`output`], [`report`], [`error`], [`logger`]: what is printed.

mod args;
mod dataset;
mod distill;
mod download;
mod error;
mod evaluate;
mod files;
mod find_rate;
mod images;
mod info;
mod options;
mod output;
mod predict;
mod pretrained;
mod report;
mod run_folder;
mod runner;
mod search;
mod source;
mod spill;
mod table;
mod train;

use std::process::ExitCode;

use args::{Cli, Command};
use clap::Parser;
use output::Output;
use pollster::block_on;
use tunelab_l10n::{Language, Texts};

/// Runs the command. The exit code is 0 after success, otherwise that of the error
/// ([`CliError::exit_code`](error::CliError::exit_code)).
fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.select_kernels();
    let Cli { command, json, .. } = cli;
    let language = Language::from_environment(|name| std::env::var(name).ok());
    let output = Output { texts: Texts::new(language), is_json: json };
    let result = match command {
        Command::Train(args) => block_on(train::run(*args, output)),
        Command::FindRate(args) => block_on(find_rate::run(*args, output)),
        Command::Search(args) => block_on(search::run(*args, output)),
        Command::Distill(args) => block_on(distill::run(*args, output)),
        Command::Evaluate(args) => block_on(evaluate::run(args, output)),
        Command::Predict(args) => block_on(predict::run(args, output)),
        Command::Info(args) => info::run(&args, output),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output.error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}
