//! What several integration tests need.
#![allow(dead_code, reason = "each test binary uses a part of it")]

pub mod pth;

use std::path::{Path, PathBuf};

/// The folder with real data, or `None` with a visible message where it is absent.
pub fn shared(path: &str) -> Option<PathBuf> {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if full.exists() {
        Some(full)
    } else {
        skip(format_args!("this test needs shared/{path}, which is not on this machine"));
        None
    }
}

/// A GPU by wgpu, in tests usually a software one (Mesa's lavapipe), or `None` with a visible message where
/// there is none.
pub fn wgpu() -> Option<burn::tensor::Device> {
    match pollster::block_on(tunelab_engine::device::open(
        tunelab_core::device::ComputeDevice::Wgpu,
    )) {
        Ok(device) => Some(device),
        Err(error) => {
            skip(error);
            None
        }
    }
}

/// Says that a test is skipped, past the harness, which hides what passing tests print.
pub fn skip(reason: impl std::fmt::Display) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "SKIPPED: {reason}");
}

/// The weights file that comes with the program.
pub fn bundled_weights() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("www/models/resnet18-tiny-imagenet-f16.safetensors");
    std::fs::read(path).expect("the bundled weights are part of the repository")
}

/// A command's lines of JSON, its standard error and its exit code.
pub struct Outcome {
    pub events: Vec<serde_json::Value>,
    pub errors: String,
    pub code: Option<i32>,
}

impl Outcome {
    /// The last line, which must be the event `done`.
    pub fn done(&self) -> &serde_json::Value {
        let last = self.events.last();
        let last = last.unwrap_or_else(|| panic!("no output; standard error: {}", self.errors));
        assert_eq!(last["event"], "done", "standard error: {}", self.errors);
        last
    }

    /// The events of this name.
    pub fn named(&self, name: &str) -> Vec<&serde_json::Value> {
        self.events.iter().filter(|event| event["event"] == name).collect()
    }
}

/// Runs `tunelab` with these arguments and kills it (SIGKILL on Unix) once it has printed `count` events
/// of this name. The events it printed, up to the last of those.
///
/// # Panics
/// When it ends before.
pub fn kill_after(event: &str, count: usize, arguments: &[&str]) -> Vec<serde_json::Value> {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_tunelab"))
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program was built for this test");
    let output = child.stdout.take().expect("its output is piped");
    let mut events = Vec::new();
    let mut seen = 0;
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        let value: serde_json::Value = serde_json::from_str(&line).expect("a line of JSON");
        seen += usize::from(value["event"] == event);
        events.push(value);
        if seen == count {
            break;
        }
    }
    child.kill().expect("it can be killed");
    child.wait().expect("it was started");
    assert_eq!(seen, count, "the run ended before its kill");
    events
}

/// Runs `tunelab` with these arguments. Every line of its standard output must be a JSON object with
/// an `event`.
pub fn tunelab<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Outcome {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_tunelab"))
        .args(arguments)
        .output()
        .expect("the program was built for this test");
    let parse = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        assert!(value["event"].is_string(), "{line}");
        value
    };
    Outcome {
        events: String::from_utf8_lossy(&output.stdout).lines().map(parse).collect(),
        errors: String::from_utf8_lossy(&output.stderr).into_owned(),
        code: output.status.code(),
    }
}
