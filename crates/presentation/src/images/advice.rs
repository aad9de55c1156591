//! Advice on the images before training.

use tunelab_core::data::table::summary::ColumnSummary;
use tunelab_core::data::task::TaskKind;
use tunelab_core::options::context::FEW;
use tunelab_core::protocol::{ClassSummary, CollectionSummary};
use tunelab_l10n::Texts;

/// Maximum ratio of the largest to the smallest class that is still balanced.
const BALANCED_RATIO: usize = 3;
/// Minimum number of images of a table.
const FEW_OF_TABLE: usize = 20;
/// Classes listed by name; the others are only counted.
const LISTED_CLASSES: usize = 3;

/// Advice on images in classes, the most important first. Empty where there are no classes.
pub fn advice(collection: &CollectionSummary, texts: Texts) -> Vec<String> {
    let (filled, empty): (Vec<_>, Vec<_>) =
        collection.classes.iter().partition(|class| class.images > 0);
    let small: Vec<&ClassSummary> =
        filled.iter().copied().filter(|class| class.images < FEW).collect();
    let list = |classes: &[&ClassSummary]| {
        let names: Vec<String> = classes.iter().map(|class| texts.quoted(&class.name)).collect();
        texts.some_of(&names, LISTED_CLASSES)
    };
    let only_class = match collection.classes.as_slice() {
        [only] => Some(texts.images_advice_one_class(&only.name)),
        _ => None,
    };
    let no_images =
        (!empty.is_empty()).then(|| texts.images_advice_empty(empty.len(), &list(&empty)));
    let few_images = (!small.is_empty()).then(|| {
        let classes = list(&small);
        let has_lone_image =
            !collection.has_validation && small.iter().any(|class| class.images == 1);
        if has_lone_image {
            texts.images_advice_too_few(small.len(), &classes, FEW)
        } else {
            texts.images_advice_few(small.len(), &classes, FEW)
        }
    });
    [only_class, no_images, few_images, imbalance(&filled, texts)].into_iter().flatten().collect()
}

fn imbalance(classes: &[&ClassSummary], texts: Texts) -> Option<String> {
    let largest = classes.iter().max_by_key(|class| class.images)?;
    let smallest = classes.iter().min_by_key(|class| class.images)?;
    (largest.images > BALANCED_RATIO * smallest.images).then(|| {
        texts.images_advice_imbalance(
            &largest.name,
            largest.images,
            &smallest.name,
            smallest.images,
        )
    })
}

/// Advice on images with a table, the most important first.
pub fn advice_on_table(columns: &[ColumnSummary], texts: Texts) -> Vec<String> {
    let images = columns.first().map_or(0, |column| column.images);
    let few = (images < FEW_OF_TABLE).then(|| texts.images_advice_table_few().to_owned());
    let of_columns = columns.iter().filter_map(|column| advice_on_column(column, texts));
    few.into_iter().chain(of_columns).collect()
}

/// Advice on a column with small or imbalanced classes.
fn advice_on_column(column: &ColumnSummary, texts: Texts) -> Option<String> {
    let TaskKind::Class { classes } = &column.task.kind else { return None };
    let counts = || classes.iter().zip(column.counts.iter().copied());
    let (largest, most) = counts().max_by_key(|(_, count)| *count)?;
    let (smallest, least) = counts().min_by_key(|(_, count)| *count)?;
    let name = &column.task.name;
    match counts().filter(|(_, count)| *count < FEW).count() {
        0 if most > BALANCED_RATIO * least => {
            Some(texts.images_advice_column_imbalance(name, largest, most, smallest, least))
        }
        0 => None,
        few => Some(texts.images_advice_column_few(few, name, FEW, smallest, least)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::data::table::summary::summarize;
    use tunelab_core::data::task::{Target, Task};
    use tunelab_core::protocol::ClassId;

    fn advice_for(images: &[usize]) -> Vec<String> {
        let class = |(index, &images): (usize, &usize)| ClassSummary {
            id: ClassId(index as u32),
            name: format!("c{index}"),
            images,
            validation: 0,
        };
        let classes = images.iter().enumerate().map(class).collect();
        advice(&CollectionSummary { classes, ..CollectionSummary::default() }, Texts::ENGLISH)
    }

    #[test]
    fn enough_balanced_images_need_no_advice() {
        assert!(advice_for(&[]).is_empty());
        assert!(advice_for(&[5, 15]).is_empty());
        assert!(advice_for(&[5000; 10]).is_empty());
    }

    #[test]
    fn one_class_is_not_enough() {
        assert!(advice_for(&[40])[0].starts_with("“c0” is the only class."));
        assert_eq!(advice_for(&[40]).len(), 1);
        assert_eq!(advice_for(&[0]).len(), 2);
    }

    #[test]
    fn empty_classes_are_named() {
        assert!(advice_for(&[0, 9])[0].starts_with("“c0” has no images yet."));
        assert!(advice_for(&[0, 0, 9, 9])[0].starts_with("“c0” and “c1” have no images"));
        assert!(advice_for(&[0; 4])[0].starts_with("“c0”, “c1”, “c2” and 1 more have no"));
        assert!(advice_for(&[0; 6])[0].starts_with("“c0”, “c1”, “c2” and 3 more have no"));
    }

    #[test]
    fn small_and_imbalanced_classes_get_advice() {
        let few = &advice_for(&[4, 10])[0];
        assert!(few.starts_with("“c0” has fewer than 5 images"), "{few}");
        let few_shot = Texts::ENGLISH.images_few_shot();
        assert!(few.contains(few_shot) && !few.contains("at least two"), "{few}");
        assert!(advice_for(&[1, 10])[0].contains("at least two images per class"));
        assert_eq!(advice_for(&[5, 16]).len(), 1);
        assert!(advice_for(&[5, 16])[0].starts_with("“c1” has 16 images, but “c0” only 5."));
        // Empty classes have separate advice and do not count as imbalance.
        assert!(!advice_for(&[0, 16, 16]).iter().any(|text| text.contains("favor")));
    }

    #[test]
    fn small_columns_of_a_table_get_advice() {
        let advice_for = |counts: [usize; 2]| {
            let of = |class| std::iter::repeat_n(Target::Class(class), counts[class]);
            let targets: Vec<Target> = of(0).chain(of(1)).collect();
            let rows: Vec<&[Target]> = targets.iter().map(std::slice::from_ref).collect();
            let columns =
                summarize(&[Task::class("kind", vec!["cat".into(), "dog".into()])], &rows);
            advice_on_table(&columns, Texts::ENGLISH)
        };
        assert!(advice_for([10, 20]).is_empty());
        assert!(advice_for([9, 10])[0].starts_with("These are few images"));
        let few = &advice_for([300, 2])[0];
        assert!(few.contains("one class has fewer than 5") && few.contains("“dog” has 2"), "{few}");
        assert!(advice_for([80, 10])[0].contains("“cat” has 80 images, but “dog” only 10"));
        assert_eq!(advice_for([1, 1]).len(), 2);
        assert_eq!(advice_on_table(&[], Texts::ENGLISH).len(), 1);
    }
}
