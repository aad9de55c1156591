//! What a command prints: for people, progress bars on standard error and results on standard output;
//! for machines, one JSON object a line on standard output and nothing else.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::report::report_json;
use tunelab_core::data::skipped::SkippedFile;
use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::data::warning::DataWarning;
use tunelab_core::train::event::Event;

/// The two audiences of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    Human,
    Json,
}

impl Output {
    /// The output that `--json` asks for, or not.
    pub fn new(json: bool) -> Self {
        if json { Output::Json } else { Output::Human }
    }

    /// Prints what happened in a run for machines. For people it prints nothing.
    pub fn run_event(self, tasks: &[Task], event: &Event) {
        self.event(&tagged(tasks, event));
    }

    /// Prints an event for machines. For people it prints nothing.
    pub fn event(self, event: &impl Serialize) {
        if self == Output::Json {
            match serde_json::to_string(event) {
                Ok(line) => print_line(&line),
                Err(error) => eprintln!("tunelab: an event could not be written: {error}"),
            }
        }
    }

    /// Prints a line for people. For machines it prints nothing.
    pub fn line(self, text: impl AsRef<str>) {
        if self == Output::Human {
            print_line(text.as_ref());
        }
    }

    /// Reports a file that was left out.
    pub fn skipped(self, file: &SkippedFile) {
        let reason = file.reason.to_string();
        self.event(&json!({ "event": "skipped", "file": file.name, "reason": reason }));
        eprintln!("Skipped {}: {}", one_line(&file.name), one_line(&reason));
    }

    /// Prints a warning about data.
    pub fn warning(self, warning: &DataWarning) {
        let message = warning.to_string();
        self.event(&json!({ "event": "warning", "message": message }));
        eprintln!("Warning: {}", one_line(&message));
    }

    /// A progress bar with rate and time left; hidden for machines.
    pub fn bar(self, total: u64, message: &str) -> ProgressBar {
        self.styled(
            total,
            message,
            "{msg} [{bar:30}] {human_pos}/{human_len} ({per_sec}, {eta} left)",
        )
    }

    /// A progress bar counting bytes.
    pub fn bytes_bar(self, total: u64, message: &str) -> ProgressBar {
        self.styled(
            total,
            message,
            "{msg} [{bar:30}] {bytes}/{total_bytes} ({bytes_per_sec}, {eta} left)",
        )
    }

    fn styled(self, total: u64, message: &str, template: &str) -> ProgressBar {
        let target = match self {
            Output::Human => ProgressDrawTarget::stderr(),
            Output::Json => ProgressDrawTarget::hidden(),
        };
        let style = ProgressStyle::with_template(template)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("━╸ ");
        let bar = ProgressBar::with_draw_target(Some(total), target).with_style(style);
        bar.set_message(message.to_string());
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}

/// An event of a run of `tasks` as machines read it: one object, whose first field `event` is its name
/// in snake case.
pub fn tagged(tasks: &[Task], event: &Event) -> Value {
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

/// A line on standard output. A reader that went away (a closed pipe) is no error of ours.
fn print_line(line: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// A text without line breaks or other control characters, which names of files may have.
pub fn one_line(text: &str) -> String {
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.into() };
    text.chars().map(shown).collect()
}

/// 0.7753 as `77.5 %`.
pub fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
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
        let features = Event::CachingActivations { done: 3, total: 8 };
        assert_eq!(
            tagged(&[], &features).to_string(),
            r#"{"event":"features","done":3,"total":8}"#
        );
        assert_eq!(tagged(&[], &Event::Paused).to_string(), r#"{"event":"paused"}"#);
    }
}
