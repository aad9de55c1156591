//! Counts, import progress and columns of a table as text.

use crate::progress::time_estimate::with_remaining_time;
use tunelab_core::data::table::summary::ColumnSummary;
use tunelab_core::data::task::TaskKind;
use tunelab_core::protocol::{ClassSummary, CollectionSummary, Removal};
use tunelab_l10n::Texts;

/// The number of all images, such as `640 images in 8 classes`.
pub fn total(collection: &CollectionSummary, texts: Texts) -> String {
    let images = collection.images();
    if let Some(table) = &collection.table {
        return match table.validation {
            0 => texts.images_total_of_table(images),
            validation => texts.images_total_of_table_with_validation(images, validation),
        };
    }
    let classes = collection.classes.len();
    match collection.classes.iter().map(|class| class.validation).sum::<usize>() {
        0 if images + classes == 0 => texts.images_none().to_owned(),
        0 => texts.images_total(images, classes),
        validation => texts.images_total_with_validation(images, classes, validation),
    }
}

/// The number of images of a class, such as `64 images, plus 16 for validation`.
pub fn of_class(class: &ClassSummary, texts: Texts) -> String {
    match class.validation {
        0 => texts.images_of_class(class.images),
        validation => texts.images_of_class_with_validation(class.images, validation),
    }
}

/// What was removed last, such as `Removed the class “cat” with 12 images.`
pub fn removed(removal: &Removal, texts: Texts) -> String {
    match removal {
        Removal::Class { name, images } => texts.images_removed_class(*images, name),
        Removal::Image { name } => texts.images_removed_image(name),
        Removal::All { images } => texts.images_removed_all(*images),
        Removal::Replaced { images } => texts.images_replaced(*images),
    }
}

/// The progress of an import after `seconds`, with the remaining time where it can be estimated. `done` and
/// `total` are bytes of a download, or else images; a `total` of 0 bytes is unknown.
pub fn import_progress(
    done: usize,
    total: usize,
    is_download: bool,
    seconds: f64,
    texts: Texts,
) -> String {
    let progress = match (is_download, total) {
        (false, _) => texts.images_loading(done, total),
        (true, 0) => texts.images_downloading(&texts.file_size(done as u64)),
        (true, _) => texts
            .images_downloading_of(&texts.file_size(done as u64), &texts.file_size(total as u64)),
    };
    with_remaining_time(progress, done as f64, total as f64, seconds, texts)
}

/// What a column of a table predicts, and how many images have no value.
pub fn of_column(column: &ColumnSummary, texts: Texts) -> String {
    let kind = match &column.task.kind {
        TaskKind::Class { classes } => texts.images_column_classes(classes.len()),
        TaskKind::Labels { labels } => texts.images_column_labels(labels.len()),
        TaskKind::Number { .. } => match column.range {
            Some((lowest, highest)) if lowest < highest => {
                texts.images_column_range(&texts.number(lowest), &texts.number(highest))
            }
            Some((value, _)) => texts.images_column_constant(&texts.number(value)),
            None => texts.images_column_number().to_owned(),
        },
    };
    match column.missing {
        0 => kind,
        missing => texts.sentences(&[kind, texts.images_column_missing(missing)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::data::table::summary::summarize;
    use tunelab_core::data::task::{Target, Task};
    use tunelab_core::protocol::ClassId;

    const ENGLISH: Texts = Texts::ENGLISH;

    fn class(images: usize, validation: usize) -> ClassSummary {
        ClassSummary { id: ClassId(0), name: "a".into(), images, validation }
    }

    #[test]
    fn totals_count_training_images() {
        let mut collection = CollectionSummary::default();
        assert_eq!(total(&collection, ENGLISH), "No images yet");
        collection.classes.push(class(1, 0));
        assert_eq!(total(&collection, ENGLISH), "1 image in 1 class");
        collection.classes.push(class(1239, 0));
        assert_eq!(total(&collection, ENGLISH), "1,240 images in 2 classes");
        collection.classes.push(class(0, 16));
        assert_eq!(
            total(&collection, ENGLISH),
            "1,240 images in 3 classes, plus 16 for validation"
        );
        assert_eq!(of_class(&class(64, 16), ENGLISH), "64 images, plus 16 for validation");
        assert_eq!(of_class(&class(1, 0), ENGLISH), "1 image");
    }

    #[test]
    fn remaining_time_is_estimated_after_a_second() {
        let progress = |done, total, is_download, seconds| {
            import_progress(done, total, is_download, seconds, ENGLISH).replace('\u{a0}', " ")
        };
        assert_eq!(progress(64, 640, false, 0.5), "Loading images: 64 of 640");
        assert_eq!(progress(64, 640, false, 3.0), "Loading images: 64 of 640, about 25 s left");
        assert_eq!(progress(640, 640, false, 30.0), "Loading images: 640 of 640");
        assert_eq!(progress(0, 0, true, 30.0), "Downloading: 0 bytes");
        assert_eq!(
            progress(17_000_000, 170_000_000, true, 10.0),
            "Downloading: 17.0 MB of 170.0 MB, about 2 min left"
        );
    }

    #[test]
    fn columns_are_described() {
        let describe = |task: Task, targets: &[Target]| {
            let rows: Vec<&[Target]> = targets.iter().map(std::slice::from_ref).collect();
            let column = summarize(&[task], &rows).remove(0);
            of_column(&column, ENGLISH)
        };
        let names = || vec!["a".to_string(), "b".to_string()];
        assert_eq!(
            describe(Task::class("kind", names()), &[Target::Class(0), Target::Missing]),
            "One of 2 classes. 1 image has no value."
        );
        assert_eq!(describe(Task::labels("tags", names()), &[]), "Any of 2 labels, or none.");
        let number = |targets: &[Target]| describe(Task::number("age"), targets);
        assert_eq!(
            number(&[Target::Number(1.0), Target::Number(87.26)]),
            "A number from 1 to 87.3."
        );
        assert_eq!(number(&[Target::Number(0.5)]), "A number that is always 0.500.");
        assert_eq!(number(&[Target::Missing]), "A number. 1 image has no value.");
    }
}
