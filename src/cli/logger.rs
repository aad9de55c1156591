//! The engine's warnings, which are in English, on standard error.

use log::{Level, LevelFilter, Log, Metadata, Record};

use super::output::Output;

struct Warnings(Output);

impl Log for Warnings {
    fn enabled(&self, metadata: &Metadata) -> bool {
        metadata.level() <= Level::Warn && metadata.target().starts_with("tunelab")
    }

    fn log(&self, record: &Record) {
        if self.enabled(record.metadata()) {
            self.0.warn(&record.args().to_string());
        }
    }

    fn flush(&self) {}
}

/// Prints the warnings that are logged from now on.
pub fn print_warnings(output: Output) {
    // Fails only if there is a logger already.
    if log::set_logger(Box::leak(Box::new(Warnings(output)))).is_ok() {
        log::set_max_level(LevelFilter::Warn);
    }
}
