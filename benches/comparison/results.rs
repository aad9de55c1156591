//! The results of runs, one JSON object a line.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::data::TaskName;
use crate::device::DeviceName;

/// The result of one run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunResult {
    pub name: String,
    pub task: TaskName,
    pub seed: u64,
    pub device: DeviceName,
    /// The accuracy on the test images, 0 to 1.
    pub accuracy: f64,
    pub best_epoch: u32,
    pub epochs: u32,
    /// Processor seconds of training and validation.
    pub core_seconds: f64,
}

impl RunResult {
    /// Whether it is the result of this run.
    pub fn is_of(&self, name: &str, task: TaskName, seed: u64) -> bool {
        (&*self.name, self.task, self.seed) == (name, task, seed)
    }
}

/// The results in a file; none if there is no file.
pub fn read(path: &Path) -> Vec<RunResult> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Appends a result to a file.
pub fn append(path: &Path, result: &RunResult) {
    let line = serde_json::to_string(result).expect("plain data");
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .expect("the results can be written");
    writeln!(file, "{line}").expect("the results can be written");
}
