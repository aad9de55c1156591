//! What is predicted about a picture, and what is known of it.
//!
//! A network may learn several tasks at once. It has one linear layer, whose rows are the tasks' heads
//! one after another: [`output_ranges`] says which outputs are whose.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why tasks cannot be learned, or a target is not a task's.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TaskError {
    /// Nothing to predict.
    #[error("there is no task; name at least one thing to predict")]
    NoTask,
    /// A task that cannot be spoken of.
    #[error("task {position} has no name; give it one")]
    NoName { position: usize },
    /// Two tasks that cannot be told apart.
    #[error("two tasks are called `{task}`; rename one of them")]
    SameName { task: String },
    /// A choice with nothing to choose from.
    #[error("task `{task}` has {found} classes, but needs at least 2")]
    TooFewClasses { task: String, found: usize },
    /// A multi-label task that predicts nothing.
    #[error("task `{task}` has no labels, but needs at least 1")]
    NoLabels { task: String },
    /// Classes or labels that cannot be told apart.
    #[error("task `{task}` has the class or label `{name}` twice; rename one of them")]
    SameClass { task: String, name: String },
    /// Numbers that cannot be standardized.
    #[error(
        "task `{task}` has mean {mean} and deviation {deviation}, but they must be finite and the deviation above 0"
    )]
    Standardization { task: String, mean: String, deviation: String },
    /// Targets of other tasks than these.
    #[error("there are {found} targets for {expected} tasks")]
    TargetCount { expected: usize, found: usize },
    /// A target of another kind or size than the task's.
    #[error("a target of task `{task}` should be {expected}, but is {found}")]
    Target { task: String, expected: String, found: String },
}

/// One thing to predict about a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Not empty, and unlike the names of other tasks.
    pub name: String,
    pub kind: TaskKind,
}

/// What kind of thing is predicted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskKind {
    /// One of several classes; at least two names, all different.
    Class { classes: Vec<String> },
    /// Any number of labels at once (multi-label); at least one name, all different.
    Labels { labels: Vec<String> },
    /// A number. The network predicts it standardized, `(number - mean) / deviation`, by the training
    /// examples' mean and deviation.
    Number { mean: f64, deviation: f64 },
}

/// What is known of one picture for one task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// Index of the class.
    Class(usize),
    /// Whether each label is there, one a label.
    Labels(Vec<bool>),
    /// The number as it is, finite, not standardized.
    Number(f64),
    /// Nothing: the picture does not count for this task.
    Missing,
}

impl Task {
    /// The name of the only task where pictures are sorted into classes and nothing else is predicted.
    pub const ONLY: &str = "class";

    /// The only task of pictures that are sorted into classes.
    pub fn only(classes: Vec<String>) -> Self {
        Self::class(Self::ONLY, classes)
    }

    /// Predicts one of several classes.
    pub fn class(name: impl Into<String>, classes: Vec<String>) -> Self {
        Self { name: name.into(), kind: TaskKind::Class { classes } }
    }

    /// Predicts which labels are there.
    pub fn labels(name: impl Into<String>, labels: Vec<String>) -> Self {
        Self { name: name.into(), kind: TaskKind::Labels { labels } }
    }

    /// Predicts a number, which is as it is before [`standardize`](super::standardize::standardize) has seen
    /// some.
    pub fn number(name: impl Into<String>) -> Self {
        Self { name: name.into(), kind: TaskKind::Number { mean: 0.0, deviation: 1.0 } }
    }

    /// Whether it sorts into classes.
    pub fn sorts(&self) -> bool {
        matches!(self.kind, TaskKind::Class { .. })
    }

    /// Checks that `target` is one of this task; a missing one always is.
    ///
    /// # Errors
    /// When it is of another kind, a class or number of labels that the task does not have, or a number
    /// that is not finite.
    pub fn check(&self, target: &Target) -> Result<(), TaskError> {
        let fits = match (&self.kind, target) {
            (_, Target::Missing) => true,
            (TaskKind::Class { classes }, Target::Class(class)) => *class < classes.len(),
            (TaskKind::Labels { labels }, Target::Labels(present)) => present.len() == labels.len(),
            (TaskKind::Number { .. }, Target::Number(number)) => number.is_finite(),
            _ => false,
        };
        if fits {
            return Ok(());
        }
        let expected = match &self.kind {
            TaskKind::Class { classes } => format!("a class below {}", classes.len()),
            TaskKind::Labels { labels } => format!("{} labels", labels.len()),
            TaskKind::Number { .. } => "a finite number".to_owned(),
        };
        let found = match target {
            Target::Class(class) => format!("class {class}"),
            Target::Labels(present) => format!("{} labels", present.len()),
            Target::Number(number) => format!("the number {number}"),
            Target::Missing => "missing".to_owned(),
        };
        Err(TaskError::Target { task: self.name.clone(), expected, found })
    }

    /// Checks what the fields say of themselves, the name apart.
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
                let (mean, deviation) = (mean.to_string(), deviation.to_string());
                Err(TaskError::Standardization { task: task(), mean, deviation })
            }
        }
    }
}

impl TaskKind {
    /// How many outputs the network has for it: one a class, one a label, one for a number.
    pub fn outputs(&self) -> usize {
        match self {
            Self::Class { classes } => classes.len(),
            Self::Labels { labels } => labels.len(),
            Self::Number { .. } => 1,
        }
    }
}

/// Names of the classes of the first task, in the order of their numbers; none where it does not sort
/// into classes.
pub fn first_classes(tasks: &[Task]) -> &[String] {
    match tasks.first().map(|task| &task.kind) {
        Some(TaskKind::Class { classes }) => classes,
        _ => &[],
    }
}

/// How many outputs the network has for all tasks together.
pub fn outputs(tasks: &[Task]) -> usize {
    tasks.iter().map(|task| task.kind.outputs()).sum()
}

/// Which of the network's outputs are each task's: one range a task, one after another from 0 on.
pub fn output_ranges(tasks: &[Task]) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut next = |task: &Task| {
        let range = start..start + task.kind.outputs();
        start = range.end;
        range
    };
    tasks.iter().map(&mut next).collect()
}

/// Checks that `tasks` can be learned together.
///
/// # Errors
/// When there is none, a name lacks or repeats, or a task has too few classes or labels, the same one
/// twice, or numbers that cannot be standardized.
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

/// Checks that `targets` (one a task, in the tasks' order) are targets of `tasks`.
///
/// # Errors
/// When there are more or fewer than tasks, or one does not fit its task.
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
    fn the_tasks_share_the_outputs_in_order() {
        assert_eq!(output_ranges(&three_tasks()), [0..3, 3..4, 4..6]);
        let only = Task::only(names(&["cat", "dog"]));
        assert_eq!((only.name.as_str(), only.kind.outputs()), ("class", 2));
        assert!(output_ranges(&[]).is_empty());
    }

    #[test]
    fn a_target_fits_its_own_task_only() {
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
    fn a_target_out_of_range_is_refused_and_named() {
        let tasks = three_tasks();
        let message = |task: &Task, target| task.check(&target).unwrap_err().to_string();
        assert_eq!(
            message(&tasks[0], Target::Class(3)),
            "a target of task `breed` should be a class below 3, but is class 3"
        );
        assert_eq!(
            message(&tasks[1], Target::Number(f64::NAN)),
            "a target of task `age` should be a finite number, but is the number NaN"
        );
        assert_eq!(
            message(&tasks[2], Target::Labels(vec![true])),
            "a target of task `tags` should be 2 labels, but is 1 labels"
        );
    }

    #[test]
    fn tasks_that_cannot_be_learned_are_refused() {
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
    fn tasks_and_targets_survive_serialization() {
        let targets = vec![Target::Class(1), Target::Labels(vec![true]), Target::Missing];
        let both = (three_tasks(), targets);
        let json = serde_json::to_string(&both).unwrap();
        assert_eq!(serde_json::from_str::<(Vec<Task>, Vec<Target>)>(&json).unwrap(), both);
        let bytes = postcard::to_allocvec(&both).unwrap();
        assert_eq!(postcard::from_bytes::<(Vec<Task>, Vec<Target>)>(&bytes).unwrap(), both);
        assert!(json.contains(r#"{"number":{"mean":0.0,"deviation":1.0}}"#), "{json}");
    }
}
