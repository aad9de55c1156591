//! Summaries of the columns of a table and of the targets of an image.

use serde::{Deserialize, Serialize};
use tunelab_l10n::Texts;

use crate::data::task::{Target, Task, TaskKind};

/// Bins of the histogram of a column of numbers.
const BINS: usize = 12;

/// A summary of the targets of one task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnSummary {
    pub task: Task,
    /// Images, including those without a value.
    pub images: usize,
    /// Images without a value.
    pub missing: usize,
    /// The lowest and the highest number; `None` without numbers.
    pub range: Option<(f64, f64)>,
    /// Images of each class, with each label, or in each of equal bins of the range.
    pub counts: Vec<usize>,
}

/// Summarizes the targets in `rows`, one per task, for each task.
pub fn summarize(tasks: &[Task], rows: &[&[Target]]) -> Vec<ColumnSummary> {
    let of_column = |(index, task): (usize, &Task)| {
        let targets: Vec<&Target> = rows.iter().filter_map(|row| row.get(index)).collect();
        of_targets(task, &targets)
    };
    tasks.iter().enumerate().map(of_column).collect()
}

fn of_targets(task: &Task, targets: &[&Target]) -> ColumnSummary {
    let numbers = || {
        targets.iter().filter_map(|target| match target {
            Target::Number(number) => Some(*number),
            _ => None,
        })
    };
    let lowest = numbers().fold(f64::INFINITY, f64::min);
    let highest = numbers().fold(f64::NEG_INFINITY, f64::max);
    let range = (lowest <= highest).then_some((lowest, highest));
    let bins = match (&task.kind, range) {
        (TaskKind::Number { .. }, Some((lowest, highest))) if lowest < highest => BINS,
        (TaskKind::Number { .. }, range) => usize::from(range.is_some()),
        (kind, _) => kind.outputs(),
    };
    let mut counts = vec![0; bins];
    let mut missing = 0;
    let mut count = |index: usize| {
        if let Some(count) = counts.get_mut(index) {
            *count += 1;
        }
    };
    for target in targets {
        match target {
            Target::Class(class) => count(*class),
            Target::Labels(present) => {
                let there = present.iter().enumerate().filter(|(_, present)| **present);
                there.for_each(|(label, _)| count(label));
            }
            Target::Number(number) => {
                let share = (number - lowest) / (highest - lowest);
                // The highest number belongs to the last bin. Without a range there is only one bin.
                let bin = (share * BINS as f64) as usize;
                count(bin.min(bins.saturating_sub(1)));
            }
            Target::Missing => missing += 1,
        }
    }
    ColumnSummary { task: task.clone(), images: targets.len(), missing, range, counts }
}

/// The targets of an image as text, such as `pug`, or with several tasks `breed: pug; age: 3.5`.
pub fn describe_targets(tasks: &[Task], targets: &[Target], texts: Texts) -> String {
    let of_task = |(task, target): (&Task, &Target)| {
        let value = match (&task.kind, target) {
            (TaskKind::Class { classes }, Target::Class(class)) => classes.get(*class)?.clone(),
            (TaskKind::Labels { labels }, Target::Labels(present)) => {
                let there = labels.iter().zip(present).filter(|(_, present)| **present);
                let there: Vec<&str> = there.map(|(label, _)| label.as_str()).collect();
                if there.is_empty() {
                    texts.data_targets_no_labels().to_owned()
                } else {
                    there.join(texts.format_list_separator())
                }
            }
            (_, Target::Number(number)) => texts.number(*number),
            _ => return None,
        };
        Some(match tasks.len() {
            1 => value,
            _ => texts.data_targets_of_task(&task.name, &value),
        })
    };
    let known: Vec<String> = tasks.iter().zip(targets).filter_map(of_task).collect();
    known.join(texts.data_targets_separator())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    #[test]
    fn columns_are_counted_by_their_kind() {
        let tasks = [
            Task::class("breed", names(&["husky", "pug"])),
            Task::labels("tags", names(&["indoor", "puppy"])),
            Task::number("age"),
        ];
        let row = |class, labels: [bool; 2], number| {
            [Target::Class(class), Target::Labels(labels.to_vec()), number]
        };
        let rows = [
            row(1, [true, true], Target::Number(2.0)),
            row(0, [false, false], Target::Number(14.0)),
            row(1, [false, true], Target::Missing),
        ];
        let rows: Vec<&[Target]> = rows.iter().map(|row| row.as_slice()).collect();
        let columns = summarize(&tasks, &rows);
        assert_eq!((&columns[0].counts[..], columns[0].missing), (&[1, 2][..], 0));
        assert_eq!(columns[1].counts, [1, 2]);
        assert_eq!((columns[2].range, columns[2].missing), (Some((2.0, 14.0)), 1));
        assert_eq!((columns[2].counts[0], columns[2].counts[11]), (1, 1));
        assert_eq!(columns[2].counts.iter().sum::<usize>(), 2);
        let describe = |tasks, targets| describe_targets(tasks, targets, Texts::ENGLISH);
        assert_eq!(describe(&tasks, rows[0]), "breed: pug; tags: indoor, puppy; age: 2");
        assert_eq!(describe(&tasks, rows[2]), "breed: pug; tags: puppy");
        assert_eq!(describe(&tasks[1..2], &rows[1][1..2]), "none");
    }

    #[test]
    fn constant_and_empty_columns_are_summarized() {
        let tasks = [Task::number("age")];
        let of = |targets: &[Target]| {
            let rows: Vec<&[Target]> = targets.iter().map(std::slice::from_ref).collect();
            summarize(&tasks, &rows).remove(0)
        };
        let same = of(&[Target::Number(7.0), Target::Number(7.0)]);
        assert_eq!((same.range, &same.counts[..]), (Some((7.0, 7.0)), &[2][..]));
        let nothing = of(&[Target::Missing]);
        assert_eq!((nothing.range, nothing.counts.len(), nothing.missing), (None, 0, 1));
    }
}
