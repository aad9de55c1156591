//! The worker: runs the engine in the browser, beside the page. See [`protocol`](tunelab_core::protocol) for the
//! messages between the two.
//!
//! From the top down, each file using only those below it:
//!
//! - [`dispatch`]: executes commands.
//! - [`training`], [`search`], [`distillation`]: runs. [`run_setup`]: their images, network and device.
//!   [`device_selection`]: selects the device. [`pretrained`]: loads models.
//! - [`state`]: the state of the worker.
//! - [`import`], [`datasets`]: new images. [`images`]: all images. [`files`], [`decoding`]: reading files.
//! - [`classifier`]: the trained model. [`active_run`]: the run in progress. [`devices`], [`gpu`]: devices.
//!   [`threads`]: threads of the processor.
//! - [`download`], [`storage`], [`browser`]: browser interfaces. [`messages`]: messages to the page.

mod active_run;
mod browser;

mod classifier;
mod datasets;
mod decoding;
mod device_selection;
mod devices;
mod dispatch;
mod distillation;
mod download;
mod files;
mod gpu;
mod images;
mod import;
mod messages;
mod pretrained;
mod run_setup;
mod search;
mod state;
mod storage;
mod threads;
mod training;

use js_sys::Reflect;
use log::{Level, LevelFilter, Log, Metadata, Record};
use tunelab_engine::kernels::use_threads;
use web_sys::console;

unsafe extern "C" {
    /// Runs the program's static constructors. The linker makes this function.
    fn __wasm_call_ctors();
}

fn main() {
    // cubecl registers its operations in static constructors. Without this call the linker runs them again at
    // every call from JavaScript, which takes longer than most calls.
    // SAFETY: the linker makes this function in every program; it takes and returns nothing.
    unsafe { __wasm_call_ctors() }
    std::panic::set_hook(Box::new(|panic| {
        // www/worker-loader.js sends the text to the page.
        let scope = messages::scope();
        let _ = Reflect::set(&scope, &"tunelabPanic".into(), &panic.to_string().into());
    }));
    // Fails only if there is a logger already.
    if log::set_logger(&ConsoleLogger).is_ok() {
        log::set_max_level(LevelFilter::Warn);
    }
}

/// Lets the kernels use relaxed SIMD. `www/worker-loader.js` calls it if the browser has it.
#[unsafe(no_mangle)]
extern "C" fn use_relaxed_simd() {
    // SAFETY: the browser has it.
    unsafe { tunelab_engine::kernels::use_relaxed_simd() }
}

/// Starts the worker. `www/worker-loader.js` calls it once threads can be started.
#[unsafe(no_mangle)]
extern "C" fn start_engine() {
    use_threads(&threads::THREADS);
    dispatch::start();
}

/// Writes warnings and errors to the console of the browser.
struct ConsoleLogger;

impl Log for ConsoleLogger {
    fn enabled(&self, metadata: &Metadata) -> bool {
        metadata.level() <= Level::Warn
    }

    fn log(&self, record: &Record) {
        if self.enabled(record.metadata()) {
            let text = format!("{}: {}", record.target(), record.args()).into();
            match record.level() {
                Level::Error => console::error_1(&text),
                _ => console::warn_1(&text),
            }
        }
    }

    fn flush(&self) {}
}
