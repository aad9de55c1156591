//! What became of a table's column, in words.

use crate::pictures::advice::BALANCED;
use crate::plot::format::{counted, figure};
use tunelab_core::data::table::summary::ColumnSummary;
use tunelab_core::data::task::TaskKind;
use tunelab_core::options::context::FEW;

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

/// What the pictures lack for a good result, the most important first.
pub fn advice(columns: &[ColumnSummary]) -> Vec<String> {
    let pictures = columns.first().map_or(0, |column| column.images);
    let few = (pictures < 20).then(|| {
        "These are few pictures to learn from. Aim for 100 or more, as different as they come."
            .into()
    });
    few.into_iter().chain(columns.iter().filter_map(small_classes)).collect()
}

/// Says so where classes of a column have few pictures, or far fewer than another.
fn small_classes(column: &ColumnSummary) -> Option<String> {
    let TaskKind::Class { classes } = &column.task.kind else { return None };
    let counts = || classes.iter().zip(column.counts.iter().copied());
    let (largest, most) = counts().max_by_key(|(_, count)| *count)?;
    let (smallest, least) = counts().min_by_key(|(_, count)| *count)?;
    let name = &column.task.name;
    let few = counts().filter(|(_, count)| *count < FEW).count();
    match few {
        0 if most > BALANCED * least => Some(format!(
            "{name}: “{largest}” has {most} pictures and “{smallest}” only {least}. The network may lean towards the larger class: add pictures to the smaller one, or choose balanced class weights under “Advanced”."
        )),
        0 => None,
        few => Some(format!(
            "{name}: {} fewer than {FEW} pictures, which is hardly enough to learn from. “{smallest}” has {least}.",
            if few == 1 { "one class has".to_string() } else { format!("{few} classes have") },
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::data::table::summary::summarize;
    use tunelab_core::data::task::{Target, Task};

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
    }

    #[test]
    fn few_pictures_and_small_classes_are_told() {
        let column = |counts: [usize; 2]| {
            let of = |class| std::iter::repeat_n(Target::Class(class), counts[class]);
            let targets: Vec<Target> = of(0).chain(of(1)).collect();
            let rows: Vec<&[Target]> = targets.iter().map(std::slice::from_ref).collect();
            summarize(&[Task::class("kind", vec!["cat".into(), "dog".into()])], &rows)
        };
        assert!(advice(&column([10, 20])).is_empty());
        assert!(advice(&column([9, 10]))[0].starts_with("These are few pictures"));
        let told = &advice(&column([300, 2]))[0];
        assert!(told.contains("kind: one class has fewer than 5") && told.contains("“dog” has 2"));
        assert!(advice(&column([80, 10]))[0].contains("“cat” has 80 pictures and “dog” only 10"));
        assert_eq!(advice(&column([1, 1])).len(), 2);
        assert_eq!(advice(&[]).len(), 1);
    }
}
