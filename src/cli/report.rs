//! Metrics as JSON and as text.

use serde_json::{Map, Value, json};
use tunelab_l10n::Texts;

use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::metrics::evaluation::{EvaluationResults, TaskMetrics};

/// The metrics as JSON. If the only task is classification, its metrics: `loss`, `top1`, `macro_f1`,
/// `per_class_accuracy`, `confusion`. Otherwise `loss`, `score`, and `tasks` with the metrics of each task by its
/// name.
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

/// The metrics of [`report_json`] without lists.
pub fn summary_json(tasks: &[Task], report: &EvaluationResults) -> Map<String, Value> {
    let fields = report_json(tasks, report).into_iter();
    fields.filter(|(name, value)| value.is_number() || name == "tasks").collect()
}

/// The most important metrics, such as `accuracy 96.9%`.
pub fn summary(texts: Texts, tasks: &[Task], report: &EvaluationResults) -> String {
    let metrics = report.tasks.iter().map(|task| match task {
        TaskMetrics::Class(report) => texts.results_accuracy(&texts.percent(report.top1)),
        TaskMetrics::Labels(report) => texts.cli_map(&texts.percent(report.mean_average_precision)),
        TaskMetrics::Number(report) => {
            let mae = texts.significant(report.errors.mean_absolute_error);
            match report.errors.r_squared {
                Some(r2) => texts.cli_mae_and_r2(&mae, &texts.decimal(r2, 3)),
                None => texts.cli_mae(&mae),
            }
        }
    });
    of_tasks(texts, tasks, metrics)
}

/// The values of all tasks, with the names of the tasks if there are several.
pub fn of_tasks(texts: Texts, tasks: &[Task], values: impl Iterator<Item = String>) -> String {
    let named = |(task, value): (&Task, String)| match tasks {
        [_] => value,
        _ => texts.data_targets_of_task(&task.name, &value),
    };
    tasks.iter().zip(values).map(named).collect::<Vec<_>>().join(texts.data_targets_separator())
}

/// A line for each class, label and number.
pub fn details(texts: Texts, tasks: &[Task], report: &EvaluationResults) -> Vec<String> {
    let mut lines = Vec::new();
    let mut add = |value: String, name: &str| lines.push(format!("{value:>8}  {name}"));
    for (task, report) in tasks.iter().zip(&report.tasks) {
        let (names, values) = match (&task.kind, report) {
            (TaskKind::Class { classes }, TaskMetrics::Class(report)) => {
                (classes, &report.per_class_accuracy)
            }
            (TaskKind::Labels { labels }, TaskMetrics::Labels(report)) => {
                (labels, &report.average_precision)
            }
            (_, TaskMetrics::Number(report)) => {
                let rmse = texts.significant(report.errors.root_mean_squared_error);
                add(rmse, &texts.cli_rmse(&task.name));
                continue;
            }
            _ => continue,
        };
        let known = names.iter().zip(values).filter_map(|(name, value)| Some((name, (*value)?)));
        known.for_each(|(name, value)| add(texts.percent(value), name));
    }
    lines
}
