//! Updates the plan of a table after its images were read.

use std::collections::BTreeSet;

use super::error::TableError;
use super::plan::{LabeledImage, TablePlan};
use crate::data::skipped::{ReadResults, remove_unreadable};
use crate::data::task::{Target, Task, TaskKind};
use crate::data::warning::{DataWarning, DatasetFile, IgnoreReason};

/// A task with fewer than two distinct targets.
struct ConstantTask {
    /// Its index.
    place: usize,
    name: String,
    /// Its only class; `None` if it has no values.
    class: Option<String>,
}

impl TablePlan {
    /// The plan without unreadable images and without classes that have no readable image.
    ///
    /// # Errors
    /// No image or only one class is left, or a class has only validation images.
    pub fn after_reading(mut self, results: &ReadResults) -> Result<Self, TableError> {
        let images = self.train.len();
        let mut unreadable = Vec::new();
        for split in std::iter::once(&mut self.train).chain(&mut self.validation) {
            unreadable.extend(remove_unreadable(split, |one| (one.index, &one.path), results));
        }
        if self.train.is_empty() {
            let reason = unreadable.into_iter().next().map(|file| Box::new(file.reason));
            return Err(TableError::NoneReadable { images, reason });
        }
        self.validation = self.validation.filter(|validation| !validation.is_empty());
        self.skipped.append(&mut unreadable);
        self.remove_empty_classes()?;

        let train = self.train.iter().map(|image| (image, false));
        let validation = self.validation.iter().flatten().map(|image| (image, true));
        let files: Vec<DatasetFile<'_>> = train
            .chain(validation)
            .filter_map(|(image, is_validation)| {
                let info = *results.get(&image.index)?.as_ref().ok()?;
                let label = class_of(image, 0).unwrap_or(0);
                Some(DatasetFile { name: &image.path, info, label, is_validation })
            })
            .collect();
        let warnings = DataWarning::of_files(&files);
        self.warnings.extend(warnings);
        Ok(self)
    }

    /// Removes classes without training images, and tasks with fewer than two distinct targets.
    fn remove_empty_classes(&mut self) -> Result<(), TableError> {
        let mut constant = Vec::new();
        let mut tasks = std::mem::take(&mut self.tasks);
        for (place, task) in tasks.iter_mut().enumerate() {
            constant.extend(self.remove_empty_classes_of(place, task)?);
        }
        self.tasks = tasks;
        if constant.len() == self.tasks.len()
            && let Some(ConstantTask { name: column, class, .. }) = constant.first()
        {
            let column = column.clone();
            return Err(match class.clone() {
                Some(class) => TableError::OneClass { column, class },
                None => TableError::NoValues { column },
            });
        }
        for ConstantTask { place, .. } in constant.iter().rev() {
            self.tasks.remove(*place);
            for image in self.train.iter_mut().chain(self.validation.iter_mut().flatten()) {
                image.targets.remove(*place);
            }
        }
        let ignored = constant.into_iter().map(|ConstantTask { name, class, .. }| {
            (name, if class.is_some() { IgnoreReason::Constant } else { IgnoreReason::Empty })
        });
        self.warnings.extend(DataWarning::ignored_columns(ignored.collect()));
        Ok(())
    }

    /// Removes the classes of one task that have no training images, and renumbers the others.
    fn remove_empty_classes_of(
        &mut self,
        place: usize,
        task: &mut Task,
    ) -> Result<Option<ConstantTask>, TableError> {
        let name = task.name.clone();
        let is_known = |image: &LabeledImage| {
            image.targets.get(place).is_some_and(|target| *target != Target::Missing)
        };
        if !self.train.iter().any(is_known) {
            return Ok(Some(ConstantTask { place, name, class: None }));
        }
        let TaskKind::Class { classes } = &mut task.kind else { return Ok(None) };
        let classes_of = |images: &[LabeledImage]| -> BTreeSet<usize> {
            images.iter().filter_map(|image| class_of(image, place)).collect()
        };
        let trained = classes_of(&self.train);
        let validated = classes_of(self.validation.as_deref().unwrap_or_default());
        let names = |is_wanted: &dyn Fn(usize) -> bool| -> Vec<String> {
            let classes = classes.iter().enumerate().filter(|(class, _)| is_wanted(*class));
            classes.map(|(_, name)| name.clone()).collect()
        };
        let only = names(&|class| validated.contains(&class) && !trained.contains(&class));
        if !only.is_empty() {
            return Err(TableError::OnlyInValidation { column: name, classes: only });
        }
        let empty = names(&|class| !trained.contains(&class));
        if empty.is_empty() {
            return Ok(None);
        }
        let kept = names(&|class| trained.contains(&class));
        for image in self.train.iter_mut().chain(self.validation.iter_mut().flatten()) {
            if let Some(Target::Class(class)) = image.targets.get_mut(place)
                && let Some(new) = trained.iter().position(|kept| kept == class)
            {
                *class = new;
            }
        }
        let class = kept.first().cloned();
        let is_constant = kept.len() < 2;
        *classes = kept;
        let column = name.clone();
        self.warnings.push(DataWarning::ClassesWithoutImages { column, classes: empty });
        Ok(is_constant.then_some(ConstantTask { place, name, class }))
    }
}

/// The class of an image in a task, if known.
fn class_of(image: &LabeledImage, place: usize) -> Option<usize> {
    match image.targets.get(place) {
        Some(Target::Class(class)) => Some(*class),
        _ => None,
    }
}
