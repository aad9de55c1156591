//! What became of a table's column, in words.

use crate::data::table::summary::ColumnSummary;
use crate::data::task::TaskKind;
use crate::ui::plot::format::{counted, figure};

/// What a column predicts, and of how many pictures that is not known.
pub fn of_column(column: &ColumnSummary) -> String {
    let kind = match &column.task.kind {
        TaskKind::Class { classes } => {
            format!("Sorts into {}.", counted(classes.len(), "class", "classes"))
        }
        TaskKind::Labels { labels } => {
            format!("Any of {}, none or several.", counted(labels.len(), "label", "labels"))
        }
        TaskKind::Number { .. } => match column.range {
            Some((lowest, highest)) if lowest < highest => {
                format!("A number, {} to {}.", figure(lowest), figure(highest))
            }
            Some((same, _)) => format!("A number, always {}.", figure(same)),
            None => "A number.".to_string(),
        },
    };
    match column.missing {
        0 => kind,
        missing => format!("{kind} Not known of {}.", counted(missing, "picture", "pictures")),
    }
}

/// What can be made of so few pictures; nothing where they are enough for a start.
pub fn advice(pictures: usize) -> Option<&'static str> {
    (pictures < 20).then_some(
        "These are few pictures to learn from. Aim for 100 or more, as different as they come.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::table::summary::summarize;
    use crate::data::task::{Target, Task};

    fn words(task: Task, targets: &[Target]) -> String {
        let rows: Vec<&[Target]> = targets.iter().map(std::slice::from_ref).collect();
        let column = summarize(&[task], &rows).remove(0);
        of_column(&column).replace('\u{a0}', " ")
    }

    #[test]
    fn every_kind_of_column_is_told() {
        let names = || vec!["a".to_string(), "b".to_string()];
        assert_eq!(
            words(Task::class("kind", names()), &[Target::Class(0), Target::Missing]),
            "Sorts into 2 classes. Not known of 1 picture."
        );
        assert_eq!(words(Task::labels("tags", names()), &[]), "Any of 2 labels, none or several.");
        let number = |targets: &[Target]| words(Task::number("age"), targets);
        assert_eq!(number(&[Target::Number(1.0), Target::Number(87.26)]), "A number, 1 to 87.3.");
        assert_eq!(number(&[Target::Number(0.5)]), "A number, always 0.500.");
        assert_eq!(number(&[Target::Missing]), "A number. Not known of 1 picture.");
        assert!(advice(19).is_some() && advice(20).is_none());
    }
}
