//! The images of the user, in classes or with the targets of a table, from which datasets are made.

use std::sync::Arc;

use crate::data::cached_image::CachedImage;
use crate::data::dataset::{Dataset, Example};
use crate::data::image::RgbImage;
use crate::data::standardize::standardized;
use crate::data::transform::Preprocessing;
use tunelab_core::data::folder::class_name;
use tunelab_core::data::split::stratified_split;
use tunelab_core::data::table::summary::{describe_targets, summarize};
use tunelab_core::data::task::{Target, Task, first_classes};
use tunelab_core::options::context::TaskCounts;
use tunelab_core::protocol::{
    Caption, ClassId, ClassSummary, Collection as Summary, PictureId, TableSummary,
};
use tunelab_l10n::Texts;

/// The side of a thumbnail, in px: sharp on a screen with two pixels a point.
pub const THUMBNAIL_SIDE: u32 = 96;

/// Where the pixels of an image come from, to preprocess it for another input size. `F` is a file handle.
#[derive(Debug, Clone)]
pub enum Origin<F> {
    /// A file, which is decoded again.
    File(F),
    /// A small image that is kept in memory.
    Pixels(Arc<RgbImage>),
}

/// The split that an image belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    Train,
    Validation,
}

/// An image.
#[derive(Debug, Clone)]
pub struct ImageEntry<F> {
    pub id: PictureId,
    pub name: String,
    pub split: Split,
    pub origin: Origin<F>,
    /// One per column of the table; empty for images in classes.
    pub targets: Vec<Target>,
    /// The image for one preprocessing, made when needed.
    pub image: Option<Arc<CachedImage>>,
}

impl<F> ImageEntry<F> {
    /// Whether the image is ready for a run with this preprocessing.
    pub fn is_ready(&self, preprocessing: &Preprocessing) -> bool {
        self.image.as_ref().is_some_and(|image| image.preprocessing() == preprocessing)
    }

    /// The thumbnail, `[THUMBNAIL_SIDE, THUMBNAIL_SIDE, 4]` (RGBA).
    pub fn thumbnail(&self) -> Vec<u8> {
        match (&self.origin, &self.image) {
            (Origin::Pixels(image), _) => to_rgba(&crop_thumbnail(image)),
            (Origin::File(_), Some(image)) => thumbnail(image),
            (Origin::File(_), None) => vec![0; 4 * (THUMBNAIL_SIDE * THUMBNAIL_SIDE) as usize],
        }
    }
}

/// An image with the targets of a table.
#[derive(Debug, Clone)]
pub struct LabelledEntry<F> {
    pub name: String,
    pub split: Split,
    pub origin: Origin<F>,
    /// One per column.
    pub targets: Vec<Target>,
    /// The image for one preprocessing, made when needed.
    pub image: Option<Arc<CachedImage>>,
}

/// The thumbnail of an image, `[THUMBNAIL_SIDE, THUMBNAIL_SIDE, 4]` (RGBA).
pub fn thumbnail(image: &CachedImage) -> Vec<u8> {
    to_rgba(&crop_thumbnail(image.source().unwrap_or(&image.prepared())))
}

/// The center square of an image at the size of a thumbnail.
fn crop_thumbnail(image: &RgbImage) -> RgbImage {
    use crate::data::resize::{CropBox, Filter, resize_crop};
    let side = f64::from(image.shorter_side());
    let crop = CropBox {
        left: (f64::from(image.width()) - side) / 2.0,
        top: (f64::from(image.height()) - side) / 2.0,
        width: side,
        height: side,
    };
    resize_crop(image, crop, THUMBNAIL_SIDE, THUMBNAIL_SIDE, Filter::Bilinear)
}

/// The pixels as opaque RGBA, for a canvas.
pub fn to_rgba(image: &RgbImage) -> Vec<u8> {
    image.pixels().as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect()
}

#[derive(Debug, Clone)]
struct Class<F> {
    id: ClassId,
    name: String,
    entries: Vec<ImageEntry<F>>,
}

impl<F> Class<F> {
    /// The index of an image. The entries are sorted by id.
    fn position(&self, id: PictureId) -> Option<usize> {
        self.entries.binary_search_by_key(&id, |entry| entry.id).ok()
    }
}

/// All classes with their images. Ids count up from 0 and are never used again, so that the same commands give
/// the same ids.
#[derive(Debug, Clone)]
pub struct Collection<F> {
    /// For a table a single one without a name.
    classes: Vec<Class<F>>,
    /// The tasks of a table; empty for images in classes.
    columns: Vec<Task>,
    next_class: u32,
    next_image: u32,
}

impl<F> Default for Collection<F> {
    fn default() -> Self {
        Self { classes: Vec::new(), columns: Vec::new(), next_class: 0, next_image: 0 }
    }
}

impl<F: Clone> Collection<F> {
    /// Removes everything. Ids continue.
    pub fn clear(&mut self) {
        self.classes.clear();
        self.columns.clear();
    }

    /// Adds a class, and removes the images of a table. An empty or taken name is replaced by a similar free one.
    pub fn add_class(&mut self, name: &str) -> ClassId {
        if self.is_table() {
            self.clear();
        }
        let name = self.free_name(name, None);
        self.new_class(name)
    }

    fn new_class(&mut self, name: String) -> ClassId {
        let id = ClassId(self.next_class);
        self.next_class += 1;
        self.classes.push(Class { id, name, entries: Vec::new() });
        id
    }

    /// Renames a class. An empty or taken name is replaced by a similar free one.
    pub fn rename_class(&mut self, id: ClassId, name: &str) {
        let name = self.free_name(name, Some(id));
        if let Some(class) = self.class_mut(id) {
            class.name = name;
        }
    }

    /// Removes a class with its images.
    pub fn remove_class(&mut self, id: ClassId) {
        self.classes.retain(|class| class.id != id);
    }

    /// Adds an image to a class. Nothing happens if the class was removed.
    pub fn add_image(
        &mut self,
        class: ClassId,
        name: String,
        split: Split,
        origin: Origin<F>,
        image: Option<Arc<CachedImage>>,
    ) {
        let id = PictureId(self.next_image);
        if let Some(class) = self.class_mut(class) {
            class.entries.push(ImageEntry { id, name, split, origin, targets: Vec::new(), image });
            self.next_image += 1;
        }
    }

    /// Replaces everything by the images of a table.
    pub fn use_table(&mut self, columns: Vec<Task>, images: Vec<LabelledEntry<F>>) {
        self.clear();
        self.columns = columns;
        let all = self.new_class(String::new());
        let first = self.next_image;
        self.next_image += images.len() as u32;
        if let Some(all) = self.class_mut(all) {
            let ids = (first..).map(PictureId);
            all.entries = ids
                .zip(images)
                .map(|(id, image)| {
                    let LabelledEntry { name, split, origin, targets, image } = image;
                    ImageEntry { id, name, split, origin, targets, image }
                })
                .collect();
        }
    }

    fn is_table(&self) -> bool {
        !self.columns.is_empty()
    }

    /// Restores an earlier state. Ids continue.
    pub(super) fn restore(&mut self, before: Self) {
        let (next_class, next_image) = (self.next_class, self.next_image);
        *self = before;
        self.next_class = self.next_class.max(next_class);
        self.next_image = self.next_image.max(next_image);
    }

    /// The number of images of both splits.
    pub fn len(&self) -> usize {
        self.entries().count()
    }

    /// Whether there are neither classes nor images.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// The name of a class and its number of images.
    pub fn class(&self, id: ClassId) -> Option<(&str, usize)> {
        let class = self.classes.iter().find(|class| class.id == id)?;
        Some((&class.name, class.entries.len()))
    }

    /// An image, if it was not removed.
    pub fn image(&self, id: PictureId) -> Option<&ImageEntry<F>> {
        self.classes.iter().find_map(|class| class.entries.get(class.position(id)?))
    }

    /// Removes one image.
    pub fn remove_image(&mut self, id: PictureId) {
        for class in &mut self.classes {
            if let Some(index) = class.position(id) {
                class.entries.remove(index);
            }
        }
    }

    /// All images, class by class.
    pub fn entries(&self) -> impl Iterator<Item = &ImageEntry<F>> {
        self.classes.iter().flat_map(|class| &class.entries)
    }

    /// Replaces the cached image, made for another preprocessing.
    pub fn set_image(&mut self, id: PictureId, image: CachedImage) {
        let place = self.classes.iter_mut().find_map(|class| {
            let index = class.position(id)?;
            class.entries.get_mut(index)
        });
        if let Some(entry) = place {
            entry.image = Some(Arc::new(image));
        }
    }

    /// The images of a class from index `from` on, training before validation.
    pub fn images(&self, class: ClassId, from: usize, count: usize) -> Vec<&ImageEntry<F>> {
        let Some(class) = self.classes.iter().find(|candidate| candidate.id == class) else {
            return Vec::new();
        };
        let of_split = |split| class.entries.iter().filter(move |entry| entry.split == split);
        of_split(Split::Train).chain(of_split(Split::Validation)).skip(from).take(count).collect()
    }

    /// The summary for the page.
    pub fn summary(&self) -> Summary {
        let count = |class: &Class<F>, split| {
            class.entries.iter().filter(|entry| entry.split == split).count()
        };
        let classes = self.classes.iter().map(|class| ClassSummary {
            id: class.id,
            name: class.name.clone(),
            pictures: count(class, Split::Train),
            validation: count(class, Split::Validation),
        });
        let table = self.table_summary();
        let classes = if table.is_none() { classes.collect() } else { Vec::new() };
        Summary { classes, has_validation: self.has_validation(), table, removal: None }
    }

    fn table_summary(&self) -> Option<TableSummary> {
        let all = self.classes.first().filter(|_| self.is_table())?;
        let targets: Vec<&[Target]> = all.entries.iter().map(|entry| &entry.targets[..]).collect();
        let tasks = TaskCounts::of(&self.columns);
        let validation =
            all.entries.iter().filter(|entry| entry.split == Split::Validation).count();
        Some(TableSummary {
            pictures: all.entries.len() - validation,
            validation,
            tasks,
            classes: first_classes(&self.columns).len(),
            class: all.id,
            summaries: summarize(&self.columns, &targets),
        })
    }

    fn has_validation(&self) -> bool {
        self.entries().any(|entry| entry.split == Split::Validation)
    }

    /// The training and the validation split of the images that are ready for `preprocessing`. If the images have
    /// no validation split, the fraction `share` of each class (of the first column of a table) is drawn by `seed`.
    pub fn datasets(
        &self,
        preprocessing: &Preprocessing,
        share: f64,
        seed: u64,
    ) -> (Dataset, Dataset) {
        let (train, validation) = (
            self.dataset(Split::Train, preprocessing),
            self.dataset(Split::Validation, preprocessing),
        );
        if self.has_validation() {
            return standardized(train, validation);
        }
        let split = stratified_split(&train.strata(), share, seed);
        standardized(train.subset(&split.train), train.subset(&split.validation))
    }

    /// The same with at most `per_class` images of each class in each split, drawn by `seed`.
    pub fn limited_datasets(
        &self,
        preprocessing: &Preprocessing,
        share: f64,
        per_class: Option<u32>,
        seed: u64,
    ) -> (Dataset, Dataset) {
        let (train, validation) = self.datasets(preprocessing, share, seed);
        match per_class {
            Some(count) => {
                let count = count as usize;
                (train.at_most_per_class(count, seed), validation.at_most_per_class(count, seed))
            }
            None => (train, validation),
        }
    }

    fn dataset(&self, split: Split, preprocessing: &Preprocessing) -> Dataset {
        let names = self.classes.iter().map(|class| class.name.clone());
        let mut dataset = match self.is_table() {
            true => Dataset { tasks: self.columns.clone(), ..Dataset::default() },
            false => Dataset::of_classes(names.collect()),
        };
        for (label, class) in self.classes.iter().enumerate() {
            let entries = class.entries.iter().filter(|entry| entry.split == split);
            let ready = entries.filter(|entry| entry.is_ready(preprocessing));
            dataset.examples.extend(ready.filter_map(|entry| {
                let image = Arc::clone(entry.image.as_ref()?);
                Some(match self.is_table() {
                    true => {
                        Example { name: entry.name.clone(), targets: entry.targets.clone(), image }
                    }
                    false => Example::of_class(&entry.name, label, image),
                })
            }));
        }
        dataset
    }

    /// The caption of an image for the page.
    pub fn caption(&self, entry: &ImageEntry<F>) -> Caption {
        let labels = describe_targets(&self.columns, &entry.targets, Texts::ENGLISH);
        Caption { picture: entry.id, name: entry.name.clone(), labels }
    }

    fn class_mut(&mut self, id: ClassId) -> Option<&mut Class<F>> {
        self.classes.iter_mut().find(|class| class.id == id)
    }

    /// The name `wished` if no class but `own` has it, or else with a number.
    fn free_name(&self, wished: &str, own: Option<ClassId>) -> String {
        let taken = |name: &str| {
            self.classes.iter().any(|class| class.name == name && Some(class.id) != own)
        };
        let wished = &class_name(wished.trim());
        if !wished.is_empty() && !taken(wished) {
            return wished.clone();
        }
        let (stem, first) = if wished.is_empty() { ("Class", 1) } else { (wished.as_str(), 2) };
        let mut number = first;
        while taken(&format!("{stem} {number}")) {
            number += 1;
        }
        format!("{stem} {number}")
    }
}

#[cfg(test)]
pub(super) mod tests;
