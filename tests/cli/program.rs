//! Runs the program.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

/// The output of a command, and its exit code.
pub struct Outcome {
    /// Standard output: one JSON object a line.
    pub events: Vec<Value>,
    /// Standard error.
    pub errors: String,
    pub code: Option<i32>,
}

impl Outcome {
    /// The last line, which must be the event `done`.
    pub fn done(&self) -> &Value {
        let last = self.events.last();
        let last = last.unwrap_or_else(|| panic!("no output; standard error: {}", self.errors));
        assert_eq!(last["event"], "done", "standard error: {}", self.errors);
        last
    }

    /// The events of this name.
    pub fn named(&self, name: &str) -> Vec<&Value> {
        self.events.iter().filter(|event| event["event"] == name).collect()
    }
}

/// Runs `tunelab` with these arguments. Every line of its standard output must be a JSON object with an `event`.
pub fn tunelab<S: AsRef<OsStr>>(arguments: &[S]) -> Outcome {
    let output = command(arguments).output().expect("the program was built for this test");
    let parse = |line: &str| {
        let value: Value = serde_json::from_str(line).expect("a line of JSON");
        assert!(value["event"].is_string(), "{line}");
        value
    };
    Outcome {
        events: String::from_utf8_lossy(&output.stdout).lines().map(parse).collect(),
        errors: String::from_utf8_lossy(&output.stderr).into_owned(),
        code: output.status.code(),
    }
}

/// `tunelab` with these arguments, in English, not yet started.
pub fn command<S: AsRef<OsStr>>(arguments: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tunelab"));
    command.args(arguments).env("LC_ALL", "C");
    command
}

/// Runs `tunelab` with these arguments and kills it (SIGKILL on Unix) once it has printed `count` events of this
/// name.
///
/// # Panics
/// If it ends before.
pub fn kill_after(event: &str, count: usize, arguments: &[&str]) {
    let mut child = command(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built for this test");
    let output = child.stdout.take().expect("its output is piped");
    let is_counted = |line: &String| {
        let value: Value = serde_json::from_str(line).expect("a line of JSON");
        value["event"] == event
    };
    let lines = BufReader::new(output).lines().map_while(Result::ok);
    let seen = lines.filter(is_counted).take(count).count();
    child.kill().expect("it can be killed");
    let ended = child.wait_with_output().expect("it was started");
    let errors = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(seen, count, "the run ended before its kill: {errors}");
}

/// Checks that the command was rejected: exit code 2, and one line that contains `expected`, preceded only by warnings.
#[track_caller]
pub fn assert_rejected(outcome: &Outcome, expected: &str) {
    assert_eq!(outcome.code, Some(2), "{expected}: {}", outcome.errors);
    let starts = ["Error: ", "Warning: ", "Skipped "];
    let lines = || outcome.errors.trim_end().lines();
    let said = |line: &str| starts.iter().any(|start| line.starts_with(start));
    assert!(lines().all(said), "more than warnings and an error: {}", outcome.errors);
    let message = lines().last().unwrap_or_default();
    assert!(message.contains(expected), "no `{expected}`: {message}");
}

pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"))
}
