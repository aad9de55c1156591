//! How figures are told: as JSON to machines, as lines to people.

use serde_json::{Map, Value, json};

use super::output::percent;
use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::metrics::evaluation::{EvaluationResults, TaskMetrics};
use tunelab_core::metrics::regression::amount;

/// A report as machines read it. Of pictures that are only sorted into classes, the figures of that:
/// `loss`, `top1`, `macro_f1`, `per_class_accuracy`, `confusion`. Else `loss`, `score`, and under
/// `tasks` each task's figures by its name.
pub fn report_json(tasks: &[Task], report: &EvaluationResults) -> Map<String, Value> {
    let fields = |task: &TaskMetrics| {
        let value = match task {
            TaskMetrics::Class(report) => serde_json::to_value(report),
            TaskMetrics::Labels(report) => serde_json::to_value(report),
            TaskMetrics::Number(report) => serde_json::to_value(report),
        };
        // Plain data, whose serialization cannot fail.
        match value {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        }
    };
    match &report.tasks[..] {
        [only @ TaskMetrics::Class(_)] => fields(only),
        several => {
            let named = tasks.iter().zip(several);
            let named: Map<String, Value> =
                named.map(|(task, report)| (task.name.clone(), fields(report).into())).collect();
            let all = json!({ "loss": report.loss, "score": report.score(), "tasks": named });
            all.as_object().cloned().unwrap_or_default()
        }
    }
}

/// The last line's figures: those of [`report_json`] that are single numbers.
pub fn summary_json(tasks: &[Task], report: &EvaluationResults) -> Map<String, Value> {
    let fields = report_json(tasks, report).into_iter();
    fields.filter(|(name, value)| value.is_number() || name == "tasks").collect()
}

/// How good a network is, in a few words a task.
pub fn headline(tasks: &[Task], report: &EvaluationResults) -> String {
    let only = tasks.len() == 1;
    let of_task = |(task, report): (&Task, &TaskMetrics)| {
        let figure = match report {
            TaskMetrics::Class(report) => format!("accuracy {}", percent(report.top1)),
            TaskMetrics::Labels(report) => {
                format!("mean average precision {}", percent(report.mean_average_precision))
            }
            TaskMetrics::Number(report) => format!(
                "off by {} on average, R² {:.3}",
                amount(report.errors.mean_absolute_error),
                report.errors.r_squared.unwrap_or(0.0)
            ),
        };
        if only { figure } else { format!("{}: {figure}", task.name) }
    };
    tasks.iter().zip(&report.tasks).map(of_task).collect::<Vec<_>>().join("; ")
}

/// Lines about each class, label or number.
pub fn details(tasks: &[Task], report: &EvaluationResults) -> Vec<String> {
    let mut lines = Vec::new();
    for (task, report) in tasks.iter().zip(&report.tasks) {
        let shares = |names: &[String], shares: &[Option<f64>], lines: &mut Vec<String>| {
            let known =
                names.iter().zip(shares).filter_map(|(name, share)| Some((name, (*share)?)));
            lines.extend(known.map(|(name, share)| format!("{:>7}  {name}", percent(share))));
        };
        match (&task.kind, report) {
            (TaskKind::Class { classes }, TaskMetrics::Class(report)) => {
                shares(classes, &report.per_class_accuracy, &mut lines);
            }
            (TaskKind::Labels { labels }, TaskMetrics::Labels(report)) => {
                shares(labels, &report.average_precision, &mut lines);
            }
            (TaskKind::Number { .. }, TaskMetrics::Number(report)) => lines.push(format!(
                "{:>7}  typical error of {}",
                amount(report.errors.root_mean_squared_error),
                task.name
            )),
            _ => {}
        }
    }
    lines
}
