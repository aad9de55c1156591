//! Tests of the command-line program.
//!
//! - [`train`]: lines of JSON, exit codes, the run folder, resuming. [`tasks`]: several columns of a table at once.
//!   [`find_rate`], [`search`], [`distill`]: the other ways to train. [`predict`]: a trained network at work.
//! - [`folders`], [`images`], [`tables`], [`weights`]: inputs as users have them, written by other programs.
//! - [`accuracy`]: what the defaults achieve on real images.
//! - [`language`]: Chinese text, and JSON in English.
//! - [`program`]: runs the program. [`inputs`]: makes small inputs. [`pth`]: writes PyTorch files.

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/pth.rs"]
#[expect(dead_code, reason = "the engine's own tests use the rest")]
mod pth;

mod accuracy;
mod distill;
mod find_rate;
mod folders;
mod images;
mod inputs;
mod language;
mod predict;
mod program;
mod search;
mod tables;
mod tasks;
mod train;
mod weights;
