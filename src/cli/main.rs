//! The command line, a terminal around the engine: reads files, downloads weights, shows progress, writes results.
//!
//! - [`args`]: what can be asked for.
//! - [`train`], [`find_rate`], [`search`], [`distill`], [`evaluate`], [`predict`], [`info`]: one file a
//!   subcommand. [`source`]: what is learned from, and what learns. [`spill`]: kept activations beyond
//!   memory. [`options`]: the training options as flags.
//! - [`host`]: turns a training session's crank. [`pictures`], [`table`], [`pretrained`]: from a path to a dataset, and to a network. [`download`].
//! - [`run_folder`]: what a run leaves on disk. [`output`]: what it prints, for people or machines, with
//!   figures as [`report`] tells them.

mod args;
mod distill;
mod download;
mod error;
mod evaluate;
mod files;
mod find_rate;
mod host;
mod info;
mod logger;
mod options;
mod output;
mod pictures;
mod predict;
mod pretrained;
mod report;
mod run_folder;
mod search;
mod source;
mod spill;
mod table;
mod train;

use std::process::ExitCode;

use args::{Cli, Command};
use clap::Parser;

/// Runs the command. Exit code: 0 done, 1 failed on the way, 2 asked for something impossible.
fn main() -> ExitCode {
    logger::show_warnings();
    let result = match Cli::parse().command {
        Command::Train(args) => pollster::block_on(train::run(*args)),
        Command::FindRate(args) => pollster::block_on(find_rate::run(*args)),
        Command::Search(args) => pollster::block_on(search::run(*args)),
        Command::Distill(args) => pollster::block_on(distill::run(*args)),
        Command::Evaluate(args) => pollster::block_on(evaluate::run(args)),
        Command::Predict(args) => pollster::block_on(predict::run(args)),
        Command::Info(args) => info::run(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tunelab: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}
