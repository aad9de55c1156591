//! The results of runs: stored, read and printed.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::data::TaskName;
use crate::device::DeviceName;
use crate::variants::{DEFAULT, Variant};

/// The result of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunResult {
    pub name: String,
    pub task: TaskName,
    pub seed: u64,
    pub device: DeviceName,
    /// Test accuracy, 0 to 1.
    pub accuracy: f64,
    pub best_epoch: u32,
    pub epochs: u32,
    /// CPU time of training and validation, in seconds of one core.
    pub core_seconds: f64,
}

impl RunResult {
    /// Whether it is the result of this run.
    pub fn is_of(&self, variant: &Variant, task: TaskName, seed: u64) -> bool {
        (&self.name, self.task, self.seed) == (&variant.name, task, seed)
    }
}

/// Reads all stored results.
pub fn read(path: &Path) -> Vec<RunResult> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Appends a result to the file.
pub fn append(path: &Path, result: &RunResult) {
    let line = serde_json::to_string(result).expect("plain data");
    let mut file =
        OpenOptions::new().create(true).append(true).open(path).expect("a writable results file");
    writeln!(file, "{line}").expect("a writable results file");
}

/// Whether the mean accuracy of the default strategy is at most `margin` below that of the best fixed one on every
/// dataset. Prints both, and missing results.
pub fn check_default(
    variants: &[Variant],
    tasks: &[TaskName],
    results: &[RunResult],
    margin: f64,
) -> bool {
    let mean = |name: &str, task: TaskName| {
        let of = results.iter().filter(|result| result.name == name && result.task == task);
        let accuracies: Vec<f64> = of.map(|result| result.accuracy).collect();
        (!accuracies.is_empty()).then(|| accuracies.iter().sum::<f64>() / accuracies.len() as f64)
    };
    let mut holds = true;
    for &task in tasks {
        let fixed = variants.iter().filter(|one| one.name != DEFAULT);
        let best = fixed
            .filter_map(|one| Some((&one.name, mean(&one.name, task)?)))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        let (Some((name, best)), Some(default)) = (best, mean(DEFAULT, task)) else {
            println!("{}: not run", task.title());
            holds = false;
            continue;
        };
        let good = default >= best - margin;
        println!(
            "{}: {DEFAULT} {:.1} %, best fixed {name} {:.1} %: {}",
            task.title(),
            100.0 * default,
            100.0 * best,
            if good { "good" } else { "too low" }
        );
        holds &= good;
    }
    holds
}

/// Prints a table in Markdown: accuracy as mean ± standard deviation over the seeds, and mean CPU seconds. Marks cells
/// with fewer than `seeds` runs.
pub fn print(variants: &[Variant], tasks: &[TaskName], results: &[RunResult], seeds: u64) {
    let titles: Vec<&str> = tasks.iter().map(|task| task.title()).collect();
    println!("| | {} |", titles.join(" | "));
    println!("| --- |{}", " ---: |".repeat(tasks.len()));
    for variant in variants {
        let cells: Vec<String> = tasks
            .iter()
            .map(|task| {
                let of_task: Vec<&RunResult> = results
                    .iter()
                    .filter(|result| result.name == variant.name && result.task == *task)
                    .collect();
                cell(&of_task, seeds)
            })
            .collect();
        println!("| {} | {} |", variant.name, cells.join(" | "));
    }
}

fn cell(results: &[&RunResult], seeds: u64) -> String {
    if results.is_empty() {
        return "not run".into();
    }
    let count = results.len() as f64;
    let accuracies: Vec<f64> = results.iter().map(|result| 100.0 * result.accuracy).collect();
    let mean = accuracies.iter().sum::<f64>() / count;
    let squares: f64 = accuracies.iter().map(|accuracy| (accuracy - mean).powi(2)).sum();
    let deviation = match results.len() {
        1 => String::new(),
        _ => format!(" ± {:.1}", (squares / (count - 1.0)).sqrt()),
    };
    let missing = match results.len() {
        run if run as u64 >= seeds => String::new(),
        run => format!(" ({run} of {seeds} seeds)"),
    };
    let seconds = results.iter().map(|result| result.core_seconds).sum::<f64>() / count;
    format!("{mean:.1}{deviation} %{missing}, {seconds:.0} s")
}
