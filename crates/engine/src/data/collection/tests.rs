use std::sync::Arc;

use tunelab_core::data::task::{Target, Task, TaskKind};
use tunelab_core::options::context::TaskCounts;
use tunelab_core::protocol::{ClassId, ImageId};

use super::*;
use crate::data::cached_image::CachedImage;
use crate::data::image::RgbImage;
use crate::data::transform::Preprocessing;

fn image(level: u8) -> Arc<RgbImage> {
    Arc::new(RgbImage::from_fn(40, 30, |_, _| [level, 0, 0]))
}

pub(super) fn add(
    collection: &mut ImageCollection<()>,
    class: ClassId,
    count: usize,
    split: DataSplit,
) {
    for number in 0..count {
        let (name, image) = (format!("{split:?} {number}"), image(number as u8));
        let cached = CachedImage::new((*image).clone(), &Preprocessing::default(), true);
        collection.add_image(
            class,
            name,
            split,
            ImageSource::Pixels(image),
            Some(Arc::new(cached)),
        );
    }
}

#[test]
fn names_are_unique_and_never_empty() {
    let mut collection = ImageCollection::<()>::default();
    let first = collection.add_class("");
    let second = collection.add_class(" cat ");
    collection.add_class("cat");
    collection.add_class("");
    let names = |collection: &ImageCollection<()>| -> Vec<String> {
        collection.summary().classes.into_iter().map(|class| class.name).collect()
    };
    assert_eq!(names(&collection), ["1", "cat", "cat 2", "2"]);
    collection.rename_class(first, "cat");
    collection.rename_class(second, "cat");
    assert_eq!(names(&collection), ["cat 3", "cat", "cat 2", "2"]);
}

#[test]
fn ids_are_never_used_again() {
    let mut collection = ImageCollection::<()>::default();
    let class = collection.add_class("a");
    add(&mut collection, class, 2, DataSplit::Train);
    collection.remove_image(ImageId(1));
    collection.clear();
    let class = collection.add_class("a");
    assert_eq!(class, ClassId(1));
    add(&mut collection, class, 1, DataSplit::Train);
    assert_eq!(collection.entries().next().map(|entry| entry.id), Some(ImageId(2)));
}

#[test]
fn without_a_validation_split_a_fraction_of_each_class_is_held_out() {
    let mut collection = ImageCollection::<()>::default();
    for (name, count) in [("a", 10), ("b", 5)] {
        let class = collection.add_class(name);
        add(&mut collection, class, count, DataSplit::Train);
    }
    let preprocessing = Preprocessing::default();
    let (train, validation) = collection.datasets(&preprocessing, 0.2, 7);
    assert_eq!((train.class_counts(), validation.class_counts()), (vec![8, 4], vec![2, 1]));

    let first = collection.summary().classes[0].id;
    add(&mut collection, first, 3, DataSplit::Validation);
    let (train, validation) = collection.datasets(&preprocessing, 0.2, 7);
    assert_eq!((train.class_counts(), validation.class_counts()), (vec![10, 5], vec![3, 0]));
    assert!(collection.summary().has_validation);
}

#[test]
fn only_images_of_the_right_size_are_used() {
    let mut collection = ImageCollection::<()>::default();
    let class = collection.add_class("a");
    add(&mut collection, class, 3, DataSplit::Train);
    let larger = Preprocessing::with_size(tunelab_core::data::input::InputSize::new(96).unwrap());
    assert_eq!(collection.datasets(&larger, 0.0, 0).0.len(), 0);
    let id = collection.entries().next().unwrap().id;
    collection.set_cached(id, CachedImage::new((*image(0)).clone(), &larger, true));
    assert_eq!(collection.datasets(&larger, 0.0, 0).0.len(), 1);
}

/// Ten images with a class, of two that alternate, and a number.
fn use_table(collection: &mut ImageCollection<()>) {
    let columns = vec![Task::class("kind", vec!["a".into(), "b".into()]), Task::number("size")];
    let example = |index: usize| {
        let image = image(index as u8);
        let cached = CachedImage::new((*image).clone(), &Preprocessing::default(), true);
        let targets = vec![Target::Class(index % 2), Target::Number(index as f64)];
        LabeledFile {
            name: format!("{index}.png"),
            split: DataSplit::Train,
            source: ImageSource::File(()),
            targets,
            cached: Some(Arc::new(cached)),
        }
    };
    collection.use_table(columns, (0..10).map(example).collect());
}

#[test]
fn a_table_replaces_classes_and_classes_replace_a_table() {
    let mut collection = ImageCollection::<()>::default();
    let class = collection.add_class("c");
    add(&mut collection, class, 2, DataSplit::Train);
    use_table(&mut collection);
    let summary = collection.summary();
    let table = summary.table.clone().unwrap();
    assert_eq!((summary.classes.len(), summary.images(), table.classes), (0, 10, 2));
    assert_eq!(table.tasks, TaskCounts { class: 1, labels: 0, number: 1 });
    assert_eq!(table.summaries[0].counts, [5, 5]);
    let shown = collection.images(table.class, 3, 1);
    let caption = collection.caption(shown[0]);
    assert_eq!(
        (caption.image, &caption.targets[..]),
        (ImageId(5), &[Target::Class(1), Target::Number(3.0)][..])
    );

    collection.add_class("d");
    let summary = collection.summary();
    assert_eq!((summary.table, summary.classes.len()), (None, 1));
    assert_eq!(summary.classes[0].id, ClassId(2));
}

#[test]
fn a_table_is_split_by_its_first_column_and_its_numbers_are_standardized() {
    let mut collection = ImageCollection::<()>::default();
    use_table(&mut collection);
    let (train, validation) = collection.datasets(&Preprocessing::default(), 0.2, 7);
    assert_eq!((train.class_counts(), validation.class_counts()), (vec![4, 4], vec![1, 1]));
    assert_eq!(train.tasks, validation.tasks);
    let numbers: Vec<f64> = train
        .examples
        .iter()
        .map(|example| match example.targets[1] {
            Target::Number(number) => number,
            _ => panic!("a number was there"),
        })
        .collect();
    let found = numbers.iter().sum::<f64>() / 8.0;
    let TaskKind::Number { mean, .. } = train.tasks[1].kind else { panic!("a number") };
    assert!((mean - found).abs() < 1e-12, "{mean}, not {found}");
}

#[test]
fn thumbnails_are_opaque_squares_of_the_middle() {
    let mut collection = ImageCollection::<()>::default();
    let class = collection.add_class("a");
    add(&mut collection, class, 2, DataSplit::Train);
    let shown = collection.images(class, 1, 5);
    assert_eq!(shown.len(), 1);
    let rgba = shown[0].thumbnail();
    assert_eq!(rgba.len(), 4 * 96 * 96);
    assert_eq!(rgba[..4], [1, 0, 0, 255]);
    assert!(collection.images(ClassId(9), 0, 5).is_empty());
}
