//! The engine's warnings and errors, on the browser's console.

use log::{Level, LevelFilter, Log, Metadata, Record};
use web_sys::console;

struct Console;

impl Log for Console {
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

/// Shows warnings and errors from now on.
pub fn show_warnings() {
    // Fails only where a logger is set already, which then shows them.
    if log::set_logger(&Console).is_ok() {
        log::set_max_level(LevelFilter::Warn);
    }
}
