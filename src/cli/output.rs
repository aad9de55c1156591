//! What a command prints: results on standard output, warnings and progress bars on standard error. With
//! `--json`, standard output has one JSON object per line and nothing else.

use std::fmt;
use std::io::Write;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use serde_json::{Map, Value, json};
use tunelab_l10n::{Localize, Texts};

use super::report::report_json;
use tunelab_core::data::skipped::SkippedFile;
use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::data::warning::DataWarning;
use tunelab_core::device::ComputeError;
use tunelab_core::train::event::Event;

/// Where and in which language a command prints.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// The language of everything but JSON, which is in English.
    pub texts: Texts,
    pub is_json: bool,
}

impl Output {
    /// Prints a JSON object, if `--json` is given.
    pub fn event(self, event: impl Into<Value>) {
        if self.is_json {
            print_line(&event.into().to_string());
        }
    }

    /// Prints a line of text, unless `--json` is given.
    pub fn line(self, text: impl AsRef<str>) {
        if !self.is_json {
            print_line(text.as_ref());
        }
    }

    /// Prints a warning.
    pub fn warn(self, problem: &str) {
        eprintln!("{}", one_line(&self.texts.cli_warning(problem)));
    }

    /// Prints why the command failed.
    pub fn error(self, error: &impl Localize) {
        eprintln!("{}", one_line(&self.texts.cli_error(&error.localize(self.texts))));
    }

    /// Prints a warning about the data.
    pub fn data_warning(self, warning: &DataWarning) {
        self.event(json!({ "event": "warning", "message": warning.to_string() }));
        self.warn(&warning.localize(self.texts));
    }

    /// Prints why a run continues without the activation cache.
    pub fn cache_dropped(self, problem: &ComputeError) {
        self.warn(&self.texts.cli_cache_dropped(&problem.localize(self.texts)));
    }

    /// Prints the name of a skipped file and the reason.
    pub fn skipped(self, file: &SkippedFile) {
        let SkippedFile { name, reason } = file;
        self.event(json!({ "event": "skipped", "file": name, "reason": reason.to_string() }));
        eprintln!("{}", one_line(&self.texts.cli_skipped(name, &reason.localize(self.texts))));
    }

    /// A progress bar; hidden if `--json` is given.
    pub fn bar(self, total: u64, message: &str) -> ProgressBar {
        self.bar_in(Texts::count, total, message)
    }

    /// A progress bar that counts bytes.
    pub fn bytes_bar(self, total: u64, message: &str) -> ProgressBar {
        self.bar_in(Texts::file_size, total, message)
    }

    /// A progress bar whose amounts are written by `amount`.
    fn bar_in(self, amount: fn(Texts, u64) -> String, total: u64, message: &str) -> ProgressBar {
        let texts = self.texts;
        let target = match self.is_json {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr(),
        };
        let progress = move |state: &ProgressState, line: &mut dyn fmt::Write| {
            let [done, total] = [state.pos(), state.len().unwrap_or(0)].map(|n| amount(texts, n));
            let left = texts.about(state.eta().as_secs_f64());
            // Writing to a string cannot fail.
            let _ = write!(line, "{}", texts.cli_progress(&done, &total, &left));
        };
        let style = ProgressStyle::with_template("{msg} [{bar:30}] {progress}")
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .with_key("progress", progress)
            .progress_chars("━╸ ");
        let bar = ProgressBar::with_draw_target(Some(total), target).with_style(style);
        bar.set_message(message.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}

/// An event of a run of `tasks` as JSON: one object, whose first field `event` is its name in snake case.
pub fn event_json(tasks: &[Task], event: &Event) -> Value {
    let (name, fields) = match serde_json::to_value(event) {
        Ok(Value::String(name)) => (name, Value::Null),
        Ok(Value::Object(variant)) => variant.into_iter().next().unwrap_or_default(),
        _ => Default::default(),
    };
    let mut line = Map::from_iter([("event".to_owned(), name.into())]);
    if let Value::Object(fields) = fields {
        line.extend(fields);
    }
    match event {
        Event::Epoch { validation, .. } => {
            line.insert("validation".to_owned(), report_json(tasks, validation).into());
        }
        Event::CacheDropped { problem } => {
            line.insert("problem".to_owned(), problem.to_string().into());
        }
        Event::Started { tasks, .. } => {
            if let [Task { kind: TaskKind::Class { classes }, .. }] = &tasks[..] {
                line.shift_remove("tasks");
                line.insert("classes".to_owned(), json!(classes));
            }
        }
        _ => {}
    }
    line.into()
}

/// Prints a line on standard output. A closed pipe, for example of `head`, ends the program without an error.
fn print_line(line: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// Escapes line breaks and other control characters, which file names can contain.
pub fn one_line(text: &str) -> String {
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.into() };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_line_breaks_stay_on_one_line() {
        assert_eq!(one_line("a\nb\u{1b}[31m ü"), "a\\nb\\u{1b}[31m ü");
    }

    #[test]
    fn an_event_is_an_object_that_begins_with_its_name() {
        let caching = Event::CachingActivations { done: 3, total: 8 };
        assert_eq!(
            event_json(&[], &caching).to_string(),
            r#"{"event":"caching_activations","done":3,"total":8}"#
        );
        assert_eq!(event_json(&[], &Event::Paused).to_string(), r#"{"event":"paused"}"#);
    }
}
