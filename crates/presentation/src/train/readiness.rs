//! Whether training can start, and what prevents it.

use tunelab_core::protocol::CollectionSummary;
use tunelab_l10n::{Localize, Texts};

/// Why the images do not allow a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageObstacle {
    NoImages,
    /// Only one class has images.
    OneClass,
    EmptyClass {
        class: String,
    },
    /// A class has one image, which leaves none for validation.
    LoneImage {
        class: String,
    },
}

impl Localize for ImageObstacle {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::NoImages => texts.run_no_images().to_owned(),
            Self::OneClass => texts.run_one_class().to_owned(),
            Self::EmptyClass { class } => texts.run_empty_class(class),
            Self::LoneImage { class } => texts.run_lone_image(class),
        }
    }
}

impl ImageObstacle {
    /// The obstacle of a collection; `None` if a run can start.
    pub fn of(collection: &CollectionSummary) -> Option<Self> {
        if collection.table.is_some() && collection.images() > 1 {
            return None;
        }
        let classes = &collection.classes;
        let filled = classes.iter().filter(|class| class.images > 0).count();
        let empty = classes.iter().find(|class| class.images == 0);
        let lone = classes.iter().find(|class| class.images == 1);
        match (filled, empty, lone) {
            (0, ..) => Some(Self::NoImages),
            (1, ..) => Some(Self::OneClass),
            (_, Some(class), _) => Some(Self::EmptyClass { class: class.name.clone() }),
            (_, _, Some(class)) if !collection.has_validation => {
                Some(Self::LoneImage { class: class.name.clone() })
            }
            _ => None,
        }
    }

    /// The text of the link to the images.
    pub fn remedy(&self, texts: Texts) -> &'static str {
        if *self == Self::NoImages { texts.run_choose_images() } else { texts.run_go_to_images() }
    }
}

/// Whether each of several classes has an image: enough for few-shot predictions without training.
pub fn has_one_image_per_class(collection: &CollectionSummary) -> bool {
    let classes = &collection.classes;
    classes.len() > 1 && classes.iter().all(|class| class.images > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tunelab_core::options::context::TaskCounts;
    use tunelab_core::protocol::{ClassId, ClassSummary, TableSummary};

    fn collection(images: &[usize], has_validation: bool) -> CollectionSummary {
        let class = |(index, &images): (usize, &usize)| ClassSummary {
            id: ClassId(index as u32),
            name: format!("Class {index}"),
            images,
            validation: 0,
        };
        let classes = images.iter().enumerate().map(class).collect();
        CollectionSummary { classes, has_validation, ..CollectionSummary::default() }
    }

    #[test]
    fn few_shot_needs_one_image_per_class() {
        for (images, expected) in
            [(&[][..], false), (&[3], false), (&[3, 0], false), (&[1, 1], true)]
        {
            assert_eq!(has_one_image_per_class(&collection(images, false)), expected, "{images:?}");
        }
    }

    #[test]
    fn images_with_a_table_need_no_classes() {
        let obstacle = |images| {
            let table = TableSummary {
                images,
                validation: 0,
                tasks: TaskCounts::default(),
                classes: 0,
                class: ClassId(0),
                summaries: Vec::new(),
            };
            ImageObstacle::of(&CollectionSummary {
                table: Some(table),
                ..CollectionSummary::default()
            })
        };
        assert_eq!(obstacle(2), None);
        assert!(obstacle(0).is_some());
    }

    #[test]
    fn every_obstacle_is_found() {
        use ImageObstacle::{EmptyClass, LoneImage, NoImages, OneClass};
        let obstacle = |images: &[usize]| ImageObstacle::of(&collection(images, false));
        assert_eq!(obstacle(&[]), Some(NoImages));
        assert_eq!(obstacle(&[0, 0]), Some(NoImages));
        assert_eq!(obstacle(&[5]), Some(OneClass));
        assert_eq!(obstacle(&[5, 0]), Some(OneClass));
        assert_eq!(obstacle(&[5, 5, 0]), Some(EmptyClass { class: "Class 2".into() }));
        assert_eq!(obstacle(&[5, 1]), Some(LoneImage { class: "Class 1".into() }));
        assert_eq!(obstacle(&[5, 2]), None);
        assert_eq!(ImageObstacle::of(&collection(&[5, 1], true)), None);
    }
}
