//! Prediction tasks and their targets.
//!
//! A network may learn several tasks at once. Its head is one linear layer, whose outputs are the concatenated outputs of
//! the tasks ([`output_ranges`]).

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

/// Why tasks are invalid, or a target does not match its task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum TaskError {
    /// There are no tasks.
    NoTask,
    /// A task has no name. The position is counted from 1.
    NoName { position: usize },
    /// Two tasks have the same name.
    SameName { task: String },
    /// A task has fewer than two classes.
    TooFewClasses { task: String, found: usize },
    /// A multi-label task has no labels.
    NoLabels { task: String },
    /// A task has the same class or label twice.
    SameClass { task: String, name: String },
    /// The mean or the standard deviation is invalid.
    Standardization { task: String, mean: f64, deviation: f64 },
    /// The number of targets is not that of the tasks.
    TargetCount { expected: usize, found: usize },
    /// The task has no such class.
    ClassOutOfRange { task: String, class: usize, classes: usize },
    /// The number of labels is not that of the task.
    LabelCount { task: String, expected: usize, found: usize },
    /// The target is not a finite number.
    NotFinite { task: String },
    /// The target is not of the task's kind.
    OtherKind { task: String },
}

impl Localize for TaskError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::NoTask => texts.error_task_none().into(),
            Self::NoName { position } => texts.error_task_no_name(*position),
            Self::SameName { task } => texts.error_task_same_name(task),
            Self::TooFewClasses { task, found } => texts.error_task_too_few_classes(*found, task),
            Self::NoLabels { task } => texts.error_task_no_labels(task),
            Self::SameClass { task, name } => texts.error_task_same_class(task, name),
            Self::Standardization { task, mean, deviation } => {
                texts.error_task_standardization(task, &mean.to_string(), &deviation.to_string())
            }
            Self::TargetCount { expected, found } => {
                texts.error_task_target_count(*found, *expected)
            }
            Self::ClassOutOfRange { task, class, classes } => {
                texts.error_task_class_out_of_range(*class, task, *classes)
            }
            Self::LabelCount { task, expected, found } => {
                texts.error_task_label_count(*found, task, *expected)
            }
            Self::NotFinite { task } => texts.error_task_not_finite(task),
            Self::OtherKind { task } => texts.error_task_other_kind(task),
        }
    }
}

display_in_english!(TaskError);

/// A prediction task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Not empty, and unique among the tasks.
    pub name: String,
    pub kind: TaskKind,
}

/// The kind of a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskKind {
    /// Single-label classification, with at least two distinct class names.
    Class { classes: Vec<String> },
    /// Multi-label classification, with at least one label name, all distinct.
    Labels { labels: Vec<String> },
    /// Regression. The network predicts the standardized number, `(number - mean) / deviation`, with the mean and the
    /// standard deviation of the training examples.
    Number { mean: f64, deviation: f64 },
}

/// The target of an image for a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// Index of the class.
    Class(usize),
    /// Whether each label applies, in the order of the labels.
    Labels(Vec<bool>),
    /// A finite number, not standardized.
    Number(f64),
    /// Unknown: the image is ignored in this task's loss and metrics.
    Missing,
}

impl Task {
    /// The name of the task of a dataset of class folders.
    pub const ONLY: &str = "class";

    /// The task of a dataset of class folders.
    pub fn only(classes: Vec<String>) -> Self {
        Self::class(Self::ONLY, classes)
    }

    /// A single-label classification.
    pub fn class(name: impl Into<String>, classes: Vec<String>) -> Self {
        Self { name: name.into(), kind: TaskKind::Class { classes } }
    }

    /// A multi-label classification.
    pub fn labels(name: impl Into<String>, labels: Vec<String>) -> Self {
        Self { name: name.into(), kind: TaskKind::Labels { labels } }
    }

    /// A regression, not standardized yet.
    pub fn number(name: impl Into<String>) -> Self {
        Self { name: name.into(), kind: TaskKind::Number { mean: 0.0, deviation: 1.0 } }
    }

    /// Whether it is a single-label classification.
    pub fn is_classification(&self) -> bool {
        matches!(self.kind, TaskKind::Class { .. })
    }

    /// Checks that `target` matches this task. A missing target always does.
    ///
    /// # Errors
    /// The target is of another kind, a class out of range, a wrong number of labels, or not a finite number.
    pub fn check(&self, target: &Target) -> Result<(), TaskError> {
        let task = || self.name.clone();
        match (&self.kind, target) {
            (_, Target::Missing) => Ok(()),
            (TaskKind::Class { classes }, &Target::Class(class)) => {
                let classes = classes.len();
                let error = || TaskError::ClassOutOfRange { task: task(), class, classes };
                if class < classes { Ok(()) } else { Err(error()) }
            }
            (TaskKind::Labels { labels }, Target::Labels(present)) => {
                let (expected, found) = (labels.len(), present.len());
                let error = || TaskError::LabelCount { task: task(), expected, found };
                if found == expected { Ok(()) } else { Err(error()) }
            }
            (TaskKind::Number { .. }, Target::Number(number)) => {
                let error = || TaskError::NotFinite { task: task() };
                if number.is_finite() { Ok(()) } else { Err(error()) }
            }
            _ => Err(TaskError::OtherKind { task: task() }),
        }
    }

    /// Checks the kind.
    fn validate_kind(&self) -> Result<(), TaskError> {
        let task = || self.name.clone();
        match &self.kind {
            TaskKind::Class { classes } if classes.len() < 2 => {
                Err(TaskError::TooFewClasses { task: task(), found: classes.len() })
            }
            TaskKind::Labels { labels } if labels.is_empty() => {
                Err(TaskError::NoLabels { task: task() })
            }
            TaskKind::Class { classes: names } | TaskKind::Labels { labels: names } => {
                match first_repeated(names.iter().map(String::as_str)) {
                    Some(name) => Err(TaskError::SameClass { task: task(), name: name.to_owned() }),
                    None => Ok(()),
                }
            }
            TaskKind::Number { mean, deviation } => {
                if mean.is_finite() && deviation.is_finite() && *deviation > 0.0 {
                    return Ok(());
                }
                let (mean, deviation) = (*mean, *deviation);
                Err(TaskError::Standardization { task: task(), mean, deviation })
            }
        }
    }
}

impl TaskKind {
    /// The number of network outputs: one per class, one per label, one for a number.
    pub fn outputs(&self) -> usize {
        match self {
            Self::Class { classes } => classes.len(),
            Self::Labels { labels } => labels.len(),
            Self::Number { .. } => 1,
        }
    }
}

/// The classes of the first task, in the order of their indices; empty if it is not a classification.
pub fn first_classes(tasks: &[Task]) -> &[String] {
    match tasks.first().map(|task| &task.kind) {
        Some(TaskKind::Class { classes }) => classes,
        _ => &[],
    }
}

/// The total number of network outputs.
pub fn outputs(tasks: &[Task]) -> usize {
    tasks.iter().map(|task| task.kind.outputs()).sum()
}

/// The network outputs of each task: consecutive ranges from 0 on.
pub fn output_ranges(tasks: &[Task]) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut next = |task: &Task| {
        let range = start..start + task.kind.outputs();
        start = range.end;
        range
    };
    tasks.iter().map(&mut next).collect()
}

/// Checks the tasks.
///
/// # Errors
/// There is no task, a name is missing or repeated, or a task has too few classes or labels, a repeated one, or an
/// invalid mean or standard deviation.
pub fn validate_tasks(tasks: &[Task]) -> Result<(), TaskError> {
    if tasks.is_empty() {
        return Err(TaskError::NoTask);
    }
    if let Some(index) = tasks.iter().position(|task| task.name.is_empty()) {
        return Err(TaskError::NoName { position: index + 1 });
    }
    if let Some(task) = first_repeated(tasks.iter().map(|task| task.name.as_str())) {
        return Err(TaskError::SameName { task: task.to_owned() });
    }
    tasks.iter().try_for_each(Task::validate_kind)
}

/// Checks that `targets`, one per task and in their order, match `tasks`.
///
/// # Errors
/// The number of targets is wrong, or one does not match its task.
pub fn check_targets(tasks: &[Task], targets: &[Target]) -> Result<(), TaskError> {
    if targets.len() != tasks.len() {
        return Err(TaskError::TargetCount { expected: tasks.len(), found: targets.len() });
    }
    tasks.iter().zip(targets).try_for_each(|(task, target)| task.check(target))
}

fn first_repeated<'a>(mut names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = BTreeSet::new();
    names.find(|name| !seen.insert(*name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    fn three_tasks() -> Vec<Task> {
        vec![
            Task::class("breed", names(&["pug", "husky", "corgi"])),
            Task::number("age"),
            Task::labels("tags", names(&["indoor", "puppy"])),
        ]
    }

    #[test]
    fn output_ranges_are_consecutive() {
        assert_eq!(output_ranges(&three_tasks()), [0..3, 3..4, 4..6]);
        let only = Task::only(names(&["cat", "dog"]));
        assert_eq!((only.name.as_str(), only.kind.outputs()), ("class", 2));
        assert!(output_ranges(&[]).is_empty());
    }

    #[test]
    fn a_target_matches_only_its_own_task() {
        let targets = [Target::Class(2), Target::Number(-4.5), Target::Labels(vec![true, false])];
        let tasks = three_tasks();
        for (i, task) in tasks.iter().enumerate() {
            for (j, target) in targets.iter().enumerate() {
                assert_eq!(task.check(target).is_ok(), i == j, "{task:?} {target:?}");
            }
            assert_eq!(task.check(&Target::Missing), Ok(()));
        }
        assert_eq!(check_targets(&tasks, &targets), Ok(()));
        let missing = vec![Target::Missing; 2];
        let counts = TaskError::TargetCount { expected: 3, found: 2 };
        assert_eq!(check_targets(&tasks, &missing), Err(counts));
    }

    #[test]
    fn targets_out_of_range_are_rejected() {
        let tasks = three_tasks();
        let task = |name: &str| name.to_owned();
        for (index, target, expected) in [
            (
                0,
                Target::Class(3),
                TaskError::ClassOutOfRange { task: task("breed"), class: 3, classes: 3 },
            ),
            (1, Target::Number(f64::NAN), TaskError::NotFinite { task: task("age") }),
            (
                2,
                Target::Labels(vec![true]),
                TaskError::LabelCount { task: task("tags"), expected: 2, found: 1 },
            ),
        ] {
            assert_eq!(tasks[index].check(&target), Err(expected));
        }
    }

    #[test]
    fn invalid_tasks_are_rejected() {
        let number =
            |mean, deviation| Task { name: "n".into(), kind: TaskKind::Number { mean, deviation } };
        assert_eq!(validate_tasks(&three_tasks()), Ok(()));
        for tasks in [
            vec![],
            vec![Task::number("")],
            vec![Task::number("age"), Task::labels("age", names(&["old"]))],
            vec![Task::only(names(&["cat"]))],
            vec![Task::only(names(&["cat", "dog", "cat"]))],
            vec![Task::labels("tags", vec![])],
            vec![Task::labels("tags", names(&["a", "a"]))],
            vec![number(0.0, 0.0)],
            vec![number(f64::NAN, 1.0)],
            vec![number(0.0, f64::INFINITY)],
        ] {
            assert!(validate_tasks(&tasks).is_err(), "{tasks:?}");
        }
    }

    #[test]
    fn tasks_and_targets_round_trip() {
        let targets = vec![Target::Class(1), Target::Labels(vec![true]), Target::Missing];
        let both = (three_tasks(), targets);
        let json = serde_json::to_string(&both).unwrap();
        assert_eq!(serde_json::from_str::<(Vec<Task>, Vec<Target>)>(&json).unwrap(), both);
        let bytes = postcard::to_allocvec(&both).unwrap();
        assert_eq!(postcard::from_bytes::<(Vec<Task>, Vec<Target>)>(&bytes).unwrap(), both);
        assert!(json.contains(r#"{"number":{"mean":0.0,"deviation":1.0}}"#), "{json}");
    }
}
