//! All images, each with its class or its row of a table.

use std::sync::Arc;

use tunelab_core::data::folder::class_name;
use tunelab_core::data::split::stratified_split;
use tunelab_core::data::table::summary::summarize;
use tunelab_core::data::task::{Target, Task, first_classes};
use tunelab_core::options::context::TaskCounts;
use tunelab_core::protocol::{
    ClassId, ClassSummary, CollectionSummary, ImageCaption, ImageId, TableSummary,
};

use super::entry::{DataSplit, ImageEntry, ImageSource, LabeledFile};
use crate::data::cached_image::CachedImage;
use crate::data::dataset::{Dataset, Example};
use crate::data::standardize::standardized;
use crate::data::transform::Preprocessing;

#[derive(Debug, Clone)]
struct Class<F> {
    id: ClassId,
    name: String,
    /// Sorted by id.
    entries: Vec<ImageEntry<F>>,
}

impl<F> Class<F> {
    /// The index of an image.
    fn position(&self, id: ImageId) -> Option<usize> {
        self.entries.binary_search_by_key(&id, |entry| entry.id).ok()
    }
}

/// All classes and their images. Ids count up from 0 and are never used again, so the same commands give the same
/// ids.
#[derive(Debug, Clone)]
pub struct ImageCollection<F> {
    /// For images that a table describes: a single class without a name.
    classes: Vec<Class<F>>,
    /// The columns of the table; empty without a table.
    columns: Vec<Task>,
    next_class: u32,
    next_image: u32,
}

impl<F> Default for ImageCollection<F> {
    fn default() -> Self {
        Self { classes: Vec::new(), columns: Vec::new(), next_class: 0, next_image: 0 }
    }
}

impl<F: Clone> ImageCollection<F> {
    /// Removes everything. Ids keep counting up.
    pub fn clear(&mut self) {
        self.classes.clear();
        self.columns.clear();
    }

    /// Adds a class. It replaces images that a table describes. A name that is empty or taken gets a number.
    pub fn add_class(&mut self, name: &str) -> ClassId {
        if self.is_table() {
            self.clear();
        }
        let name = self.unique_name(name, None);
        self.new_class(name)
    }

    fn new_class(&mut self, name: String) -> ClassId {
        let id = ClassId(self.next_class);
        self.next_class += 1;
        self.classes.push(Class { id, name, entries: Vec::new() });
        id
    }

    /// Renames a class. A name that is empty or taken gets a number.
    pub fn rename_class(&mut self, id: ClassId, name: &str) {
        let name = self.unique_name(name, Some(id));
        if let Some(class) = self.class_mut(id) {
            class.name = name;
        }
    }

    /// Removes a class with its images.
    pub fn remove_class(&mut self, id: ClassId) {
        self.classes.retain(|class| class.id != id);
    }

    /// Adds an image to a class. Does nothing if there is no such class.
    pub fn add_image(
        &mut self,
        class: ClassId,
        name: String,
        split: DataSplit,
        source: ImageSource<F>,
        cached: Option<Arc<CachedImage>>,
    ) {
        let id = ImageId(self.next_image);
        if let Some(class) = self.class_mut(class) {
            class.entries.push(ImageEntry { id, name, split, source, targets: Vec::new(), cached });
            self.next_image += 1;
        }
    }

    /// Replaces everything by images that a table describes.
    pub fn use_table(&mut self, columns: Vec<Task>, files: Vec<LabeledFile<F>>) {
        self.clear();
        self.columns = columns;
        let all = self.new_class(String::new());
        let first = self.next_image;
        self.next_image += files.len() as u32;
        let entries = (first..).map(ImageId).zip(files).map(|(id, file)| {
            let LabeledFile { name, split, source, targets, cached } = file;
            ImageEntry { id, name, split, source, targets, cached }
        });
        if let Some(all) = self.class_mut(all) {
            all.entries = entries.collect();
        }
    }

    fn is_table(&self) -> bool {
        !self.columns.is_empty()
    }

    /// Restores an earlier state. Ids keep counting up.
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

    /// The name of a class and the number of its images.
    pub fn class(&self, id: ClassId) -> Option<(&str, usize)> {
        let class = self.classes.iter().find(|class| class.id == id)?;
        Some((&class.name, class.entries.len()))
    }

    /// An image.
    pub fn image(&self, id: ImageId) -> Option<&ImageEntry<F>> {
        self.classes.iter().find_map(|class| class.entries.get(class.position(id)?))
    }

    /// Removes an image.
    pub fn remove_image(&mut self, id: ImageId) {
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

    /// Caches an image for one preprocessing, in place of an earlier one.
    pub fn set_cached(&mut self, id: ImageId, image: CachedImage) {
        let entry = self.classes.iter_mut().find_map(|class| {
            let index = class.position(id)?;
            class.entries.get_mut(index)
        });
        if let Some(entry) = entry {
            entry.cached = Some(Arc::new(image));
        }
    }

    /// At most `count` images of a class from index `from` on, training before validation.
    pub fn images(&self, class: ClassId, from: usize, count: usize) -> Vec<&ImageEntry<F>> {
        let Some(class) = self.classes.iter().find(|candidate| candidate.id == class) else {
            return Vec::new();
        };
        let of_split = |split| class.entries.iter().filter(move |entry| entry.split == split);
        let train = of_split(DataSplit::Train);
        train.chain(of_split(DataSplit::Validation)).skip(from).take(count).collect()
    }

    /// The summary for the page, without a removal.
    pub fn summary(&self) -> CollectionSummary {
        let count = |class: &Class<F>, split| {
            class.entries.iter().filter(|entry| entry.split == split).count()
        };
        let classes = self.classes.iter().map(|class| ClassSummary {
            id: class.id,
            name: class.name.clone(),
            images: count(class, DataSplit::Train),
            validation: count(class, DataSplit::Validation),
        });
        let table = self.table_summary();
        let classes = if table.is_none() { classes.collect() } else { Vec::new() };
        CollectionSummary { classes, has_validation: self.has_validation(), table, removal: None }
    }

    fn table_summary(&self) -> Option<TableSummary> {
        let all = self.classes.first().filter(|_| self.is_table())?;
        let targets: Vec<&[Target]> = all.entries.iter().map(|entry| &entry.targets[..]).collect();
        let tasks = TaskCounts::of(&self.columns);
        let in_validation = |entry: &&ImageEntry<F>| entry.split == DataSplit::Validation;
        let validation = all.entries.iter().filter(in_validation).count();
        Some(TableSummary {
            images: all.entries.len() - validation,
            validation,
            tasks,
            classes: first_classes(&self.columns).len(),
            class: all.id,
            summaries: summarize(&self.columns, &targets),
        })
    }

    fn has_validation(&self) -> bool {
        self.entries().any(|entry| entry.split == DataSplit::Validation)
    }

    /// The training and the validation set, from the images that were made for `preprocessing`. Without a
    /// validation split, the fraction `share` of each class (of the first column of a table) is held out, drawn
    /// by `seed`.
    pub fn datasets(
        &self,
        preprocessing: &Preprocessing,
        share: f64,
        seed: u64,
    ) -> (Dataset, Dataset) {
        let (train, validation) = (
            self.dataset(DataSplit::Train, preprocessing),
            self.dataset(DataSplit::Validation, preprocessing),
        );
        if self.has_validation() {
            return standardized(train, validation);
        }
        let split = stratified_split(&train.strata(), share, seed);
        standardized(train.subset(&split.train), train.subset(&split.validation))
    }

    /// [`Self::datasets`] with at most `per_class` images of each class in either set, drawn by `seed`.
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

    fn dataset(&self, split: DataSplit, preprocessing: &Preprocessing) -> Dataset {
        let names = self.classes.iter().map(|class| class.name.clone());
        let mut dataset = match self.is_table() {
            true => Dataset { tasks: self.columns.clone(), ..Dataset::default() },
            false => Dataset::of_classes(names.collect()),
        };
        for (label, class) in self.classes.iter().enumerate() {
            let entries = class.entries.iter().filter(|entry| entry.split == split);
            let ready = entries.filter(|entry| entry.is_ready(preprocessing));
            dataset.examples.extend(ready.filter_map(|entry| {
                let image = Arc::clone(entry.cached.as_ref()?);
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
    pub fn caption(&self, entry: &ImageEntry<F>) -> ImageCaption {
        ImageCaption { image: entry.id, name: entry.name.clone(), targets: entry.targets.clone() }
    }

    fn class_mut(&mut self, id: ClassId) -> Option<&mut Class<F>> {
        self.classes.iter_mut().find(|class| class.id == id)
    }

    /// The name `wished`, with a number if a class other than `own` has it. An empty one becomes a number.
    fn unique_name(&self, wished: &str, own: Option<ClassId>) -> String {
        let taken = |name: &str| {
            self.classes.iter().any(|class| class.name == name && Some(class.id) != own)
        };
        let wished = &class_name(wished.trim());
        if !wished.is_empty() && !taken(wished) {
            return wished.clone();
        }
        let numbered = |number: u32| match wished.is_empty() {
            true => number.to_string(),
            false => format!("{wished} {}", number + 1),
        };
        let mut number = 1;
        while taken(&numbered(number)) {
            number += 1;
        }
        numbered(number)
    }
}
