//! The pictures the user has gathered: classes, and in each its pictures, or pictures that a table
//! describes; before they become datasets.

mod history;

use std::sync::Arc;

pub use history::History;

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

/// Where a picture's pixels come from, should they be needed at another size. `F` is a handle on a file.
#[derive(Debug, Clone)]
pub enum Origin<F> {
    /// A file, decoded anew.
    File(F),
    /// Pixels small enough to be kept.
    Pixels(Arc<RgbImage>),
}

/// Which part of the data a picture belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Train,
    Validation,
}

/// One picture.
#[derive(Debug, Clone)]
pub struct Entry<F> {
    pub id: PictureId,
    pub name: String,
    pub part: Part,
    pub origin: Origin<F>,
    /// What a table says of it, one a column.
    pub targets: Vec<Target>,
    /// Prepared for one input size; made when needed.
    pub picture: Option<Arc<CachedImage>>,
}

impl<F> Entry<F> {
    /// Whether the picture is ready for a run with this preprocessing.
    pub fn is_ready(&self, preprocessing: &Preprocessing) -> bool {
        self.picture.as_ref().is_some_and(|picture| picture.preprocessing() == preprocessing)
    }

    /// Its thumbnail: [`THUMBNAIL_SIDE`] px a side, RGBA.
    pub fn thumbnail(&self) -> Vec<u8> {
        match (&self.origin, &self.picture) {
            (Origin::Pixels(image), _) => to_rgba(&shrink(image)),
            (Origin::File(_), Some(picture)) => thumbnail(picture),
            (Origin::File(_), None) => vec![0; 4 * (THUMBNAIL_SIDE * THUMBNAIL_SIDE) as usize],
        }
    }
}

/// A picture that a table describes.
#[derive(Debug, Clone)]
pub struct Described<F> {
    pub name: String,
    pub part: Part,
    pub origin: Origin<F>,
    /// What is known of it, one a column.
    pub targets: Vec<Target>,
    /// Prepared for one input size; made when needed.
    pub picture: Option<Arc<CachedImage>>,
}

/// A picture's thumbnail: [`THUMBNAIL_SIDE`] px a side, RGBA.
pub fn thumbnail(picture: &CachedImage) -> Vec<u8> {
    to_rgba(&shrink(picture.source().unwrap_or(&picture.prepared())))
}

/// The middle square of a picture at a thumbnail's size.
fn shrink(image: &RgbImage) -> RgbImage {
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

/// Opaque RGBA for a canvas.
pub fn to_rgba(image: &RgbImage) -> Vec<u8> {
    image.pixels().as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect()
}

#[derive(Debug, Clone)]
struct Class<F> {
    id: ClassId,
    name: String,
    entries: Vec<Entry<F>>,
}

impl<F> Class<F> {
    /// Where a picture is; its entries are in the order of their ids.
    fn position(&self, id: PictureId) -> Option<usize> {
        self.entries.binary_search_by_key(&id, |entry| entry.id).ok()
    }
}

/// All classes with their pictures. Ids count up from 0 in order of creation and are never used again,
/// so that the same commands give the same ids.
#[derive(Debug, Clone)]
pub struct Collection<F> {
    /// Of pictures that a table describes only one, without a name.
    classes: Vec<Class<F>>,
    /// What a table says; none where classes are all that is known.
    columns: Vec<Task>,
    next_class: u32,
    next_picture: u32,
}

impl<F> Default for Collection<F> {
    fn default() -> Self {
        Self { classes: Vec::new(), columns: Vec::new(), next_class: 0, next_picture: 0 }
    }
}

impl<F: Clone> Collection<F> {
    /// Removes everything; ids go on.
    pub fn clear(&mut self) {
        self.classes.clear();
        self.columns.clear();
    }

    /// Adds a class, in place of pictures of a table. A name that is empty or taken is replaced by a free
    /// one like it.
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

    /// Renames a class; to a free name like the wished one, where that is empty or taken.
    pub fn rename_class(&mut self, id: ClassId, name: &str) {
        let name = self.free_name(name, Some(id));
        if let Some(class) = self.class_mut(id) {
            class.name = name;
        }
    }

    /// Removes a class with its pictures.
    pub fn remove_class(&mut self, id: ClassId) {
        self.classes.retain(|class| class.id != id);
    }

    /// Adds a picture to a class; nothing where the class is gone.
    pub fn add_picture(
        &mut self,
        class: ClassId,
        name: String,
        part: Part,
        origin: Origin<F>,
        picture: Option<Arc<CachedImage>>,
    ) {
        let id = PictureId(self.next_picture);
        if let Some(class) = self.class_mut(class) {
            class.entries.push(Entry { id, name, part, origin, targets: Vec::new(), picture });
            self.next_picture += 1;
        }
    }

    /// Replaces everything by pictures that a table describes, each with where it comes from.
    pub fn use_table(&mut self, columns: Vec<Task>, described: Vec<Described<F>>) {
        self.clear();
        self.columns = columns;
        let all = self.new_class(String::new());
        let first = self.next_picture;
        self.next_picture += described.len() as u32;
        if let Some(all) = self.class_mut(all) {
            let ids = (first..).map(PictureId);
            all.entries = ids
                .zip(described)
                .map(|(id, described)| {
                    let Described { name, part, origin, targets, picture } = described;
                    Entry { id, name, part, origin, targets, picture }
                })
                .collect();
        }
    }

    fn is_table(&self) -> bool {
        !self.columns.is_empty()
    }

    /// Becomes what it was before; ids go on.
    fn go_back_to(&mut self, before: Self) {
        let (next_class, next_picture) = (self.next_class, self.next_picture);
        *self = before;
        self.next_class = self.next_class.max(next_class);
        self.next_picture = self.next_picture.max(next_picture);
    }

    /// The number of pictures of all parts.
    pub fn len(&self) -> usize {
        self.entries().count()
    }

    /// Whether there are neither classes nor pictures.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// The name and the number of pictures of a class.
    pub fn class(&self, id: ClassId) -> Option<(&str, usize)> {
        let class = self.classes.iter().find(|class| class.id == id)?;
        Some((&class.name, class.entries.len()))
    }

    /// A picture, if it is there.
    pub fn picture(&self, id: PictureId) -> Option<&Entry<F>> {
        self.classes.iter().find_map(|class| class.entries.get(class.position(id)?))
    }

    /// Removes one picture.
    pub fn remove_picture(&mut self, id: PictureId) {
        for class in &mut self.classes {
            if let Some(index) = class.position(id) {
                class.entries.remove(index);
            }
        }
    }

    /// All pictures, class by class.
    pub fn entries(&self) -> impl Iterator<Item = &Entry<F>> {
        self.classes.iter().flat_map(|class| &class.entries)
    }

    /// Puts a prepared picture in the place of the one that was there.
    pub fn set_picture(&mut self, id: PictureId, picture: CachedImage) {
        let place = self.classes.iter_mut().find_map(|class| {
            let index = class.position(id)?;
            class.entries.get_mut(index)
        });
        if let Some(entry) = place {
            entry.picture = Some(Arc::new(picture));
        }
    }

    /// The pictures of a class from index `from` on, training before validation.
    pub fn pictures(&self, class: ClassId, from: usize, count: usize) -> Vec<&Entry<F>> {
        let Some(class) = self.classes.iter().find(|candidate| candidate.id == class) else {
            return Vec::new();
        };
        let of_part = |part| class.entries.iter().filter(move |entry| entry.part == part);
        of_part(Part::Train).chain(of_part(Part::Validation)).skip(from).take(count).collect()
    }

    /// What the page shows.
    pub fn summary(&self) -> Summary {
        let count = |class: &Class<F>, part| {
            class.entries.iter().filter(|entry| entry.part == part).count()
        };
        let classes = self.classes.iter().map(|class| ClassSummary {
            id: class.id,
            name: class.name.clone(),
            pictures: count(class, Part::Train),
            validation: count(class, Part::Validation),
        });
        let table = self.table_summary();
        let classes = if table.is_none() { classes.collect() } else { Vec::new() };
        Summary { classes, has_validation: self.has_validation(), table, removal: None }
    }

    fn table_summary(&self) -> Option<TableSummary> {
        let all = self.classes.first().filter(|_| self.is_table())?;
        let targets: Vec<&[Target]> = all.entries.iter().map(|entry| &entry.targets[..]).collect();
        let tasks = TaskCounts::of(&self.columns);
        let validation = all.entries.iter().filter(|entry| entry.part == Part::Validation).count();
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
        self.entries().any(|entry| entry.part == Part::Validation)
    }

    /// The training and the validation part, of the pictures that are ready for `preprocessing`. Where
    /// the pictures bring no validation part, `share` of each class (of the first column of a table) is
    /// set aside, drawn by `seed`.
    pub fn datasets(
        &self,
        preprocessing: &Preprocessing,
        share: f64,
        seed: u64,
    ) -> (Dataset, Dataset) {
        let (train, validation) = (
            self.dataset(Part::Train, preprocessing),
            self.dataset(Part::Validation, preprocessing),
        );
        if self.has_validation() {
            return standardized(train, validation);
        }
        let split = stratified_split(&train.strata(), share, seed);
        standardized(train.subset(&split.train), train.subset(&split.validation))
    }

    /// The same with at most `per_class` pictures of each class in each part, drawn by `seed`.
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

    fn dataset(&self, part: Part, preprocessing: &Preprocessing) -> Dataset {
        let names = self.classes.iter().map(|class| class.name.clone());
        let mut dataset = match self.is_table() {
            true => Dataset { tasks: self.columns.clone(), ..Dataset::default() },
            false => Dataset::of_classes(names.collect()),
        };
        for (label, class) in self.classes.iter().enumerate() {
            let entries = class.entries.iter().filter(|entry| entry.part == part);
            let ready = entries.filter(|entry| entry.is_ready(preprocessing));
            dataset.examples.extend(ready.filter_map(|entry| {
                let image = Arc::clone(entry.picture.as_ref()?);
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

    /// What the page is told of a picture.
    pub fn caption(&self, entry: &Entry<F>) -> Caption {
        let labels = describe_targets(&self.columns, &entry.targets, Texts::ENGLISH);
        Caption { picture: entry.id, name: entry.name.clone(), labels }
    }

    fn class_mut(&mut self, id: ClassId) -> Option<&mut Class<F>> {
        self.classes.iter_mut().find(|class| class.id == id)
    }

    /// `wished` where no class but `own` has it; else with a number.
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
mod tests;
