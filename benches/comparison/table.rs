//! The tables of the results.

use crate::data::TaskName;
use crate::results::RunResult;
use crate::variants::{DEFAULT, Variant};

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
