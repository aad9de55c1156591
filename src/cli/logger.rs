//! The engine's and the downloader's warnings, on standard error.

use log::{Level, LevelFilter, Log, Metadata, Record};

struct Warnings;

impl Log for Warnings {
    fn enabled(&self, metadata: &Metadata) -> bool {
        metadata.level() <= Level::Warn && metadata.target().starts_with("tunelab")
    }

    fn log(&self, record: &Record) {
        if self.enabled(record.metadata()) {
            eprintln!("tunelab: {}", record.args());
        }
    }

    fn flush(&self) {}
}

/// Shows this crate's warnings from now on.
pub fn show_warnings() {
    // Fails only where a logger is set already, which then shows them.
    if log::set_logger(&Warnings).is_ok() {
        log::set_max_level(LevelFilter::Warn);
    }
}
