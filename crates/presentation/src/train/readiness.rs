//! Whether there is something to train on, and what is missing.

use tunelab_core::protocol::Collection;

/// What keeps a run from starting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// In a sentence.
    pub reason: String,
    /// Where it can be changed, by its id on the page, and in words.
    pub remedy: Option<(String, &'static str)>,
}

/// Whether there is a picture of each of several classes: enough for an answer without training.
pub fn has_one_of_each(collection: &Collection) -> bool {
    let classes = &collection.classes;
    classes.len() > 1 && classes.iter().all(|class| class.pictures > 0)
}

/// What the pictures lack for a run.
pub fn obstacle(collection: &Collection) -> Option<Obstacle> {
    if collection.table.is_some() && collection.pictures() > 1 {
        return None;
    }
    let classes = &collection.classes;
    let filled = classes.iter().filter(|class| class.pictures > 0).count();
    let empty = classes.iter().find(|class| class.pictures == 0);
    let lone = classes.iter().find(|class| class.pictures == 1);
    let reason = match (filled, empty, lone) {
        (0, ..) => "There are no pictures to learn from yet.".to_string(),
        (1, ..) => "There is only one class with pictures, and telling apart takes at least two."
            .to_string(),
        (_, Some(class), _) => {
            format!("The class “{}” has no pictures. Add some, or remove it.", class.name)
        }
        (_, _, Some(class)) if !collection.has_validation => format!(
            "The class “{}” has one picture only. Training takes at least two: one to learn from, one to check with. “Try it right away” at the end of step 1 makes do with one.",
            class.name
        ),
        _ => return None,
    };
    let remedy = if filled == 0 { "Choose pictures" } else { "Go to the pictures" };
    Some(Obstacle { reason, remedy: Some(("#pictures".into(), remedy)) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::options::context::TaskCounts;
    use tunelab_core::protocol::{ClassId, ClassSummary, TableSummary};

    fn collection(pictures: &[usize], has_validation: bool) -> Collection {
        let class = |(index, &pictures): (usize, &usize)| ClassSummary {
            id: ClassId(index as u32),
            name: format!("Class {index}"),
            pictures,
            validation: 0,
        };
        let classes = pictures.iter().enumerate().map(class).collect();
        Collection { classes, has_validation, ..Collection::default() }
    }

    fn reason(pictures: &[usize], has_validation: bool) -> Option<String> {
        obstacle(&collection(pictures, has_validation)).map(|obstacle| obstacle.reason)
    }

    #[test]
    fn one_picture_of_each_class_is_enough_without_training() {
        assert!(!has_one_of_each(&collection(&[], false)));
        assert!(!has_one_of_each(&collection(&[3], false)));
        assert!(!has_one_of_each(&collection(&[3, 0], false)));
        assert!(has_one_of_each(&collection(&[1, 1], false)));
    }

    #[test]
    fn pictures_of_a_table_need_no_classes() {
        let of = |pictures| {
            let table = TableSummary {
                pictures,
                validation: 0,
                tasks: TaskCounts::default(),
                classes: 0,
                class: ClassId(0),
                summaries: Vec::new(),
            };
            obstacle(&Collection { table: Some(table), ..Collection::default() })
        };
        assert_eq!(of(2), None);
        assert!(of(0).is_some());
    }

    #[test]
    fn what_is_missing_is_named() {
        let starts = |pictures: &[usize], start: &str| {
            let found = reason(pictures, false).unwrap_or_default();
            assert!(found.starts_with(start), "{found}");
        };
        starts(&[], "There are no pictures");
        starts(&[0, 0], "There are no pictures");
        starts(&[5], "There is only one class");
        starts(&[5, 0], "There is only one class");
        starts(&[5, 5, 0], "The class “Class 2” has no pictures");
        starts(&[5, 1], "The class “Class 1” has one picture only");
        assert_eq!(reason(&[5, 2], false), None);
        assert_eq!(reason(&[5, 1], true), None);
    }
}
