//! The dedicated worker: the engine's host in the browser.
//!
//! - [`port`]: messages from and to the page. [`platform`]: what not every browser has.
//! - [`start`]: what comes first. [`console`]: where warnings go. [`host`]: the worker's state, and what each command does with it.
//! - [`collection`]: the pictures gathered so far. [`pictures`]: what is done with them. [`folder`],
//!   [`cifar`]: how they come in. [`picture_files`]: how files are read.
//! - [`models`]: the pretrained network. [`runs`]: training. [`search`]: many short runs. [`trials`]: the
//!   trained network at work. [`distill`]: a small copy of it.
//! - [`devices`]: which device computes. [`gpu`]: the GPU, opened and watched. [`self_test`]: proof that a
//!   device computes right.

mod cifar;
mod console;
mod devices;
mod distill;
mod folder;
mod gpu;
mod host;
mod models;
mod picture_files;
mod pictures;
mod platform;
mod port;
mod runs;
mod search;
mod spill;
mod start;
mod trials;

fn main() {
    start::construct_statics();
    host::run();
}
