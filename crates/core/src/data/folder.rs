//! Recognizes a dataset of class folders, as torchvision's `ImageFolder`, in a list of files. Opens no file.
//!
//! Two layouts are supported, below any number of common parent folders, which may contain loose files: `CLASS/**/image.jpg`,
//! and `train/CLASS/**/image.jpg` with an optional validation folder next to `train`. [`SplitName`] has the other names
//! of splits.

mod error;
mod names;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::{BTreeMap, BTreeSet};

pub use error::FolderError;
pub use names::class_name;

use self::names::{is_annotations, is_generic, is_unrelated, split_among};
use self::tree::{Entry, Tree, components, top_folders};
use super::listed_file::{ListedFile, is_system_file};
use super::skipped::{ReadResults, SkipReason, SkippedFile, remove_unreadable};
use super::split_name::SplitName;
use super::warning::{DataWarning, DatasetFile};

/// One image of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedImage {
    /// Index into the list of files.
    pub index: usize,
    /// The path as listed.
    pub path: String,
    /// Index into [`FolderPlan::classes`].
    pub label: usize,
}

/// The images of each class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FolderPlan {
    /// Folder names in composed Unicode (NFC), sorted by code points as in torchvision ("10" before "2").
    pub classes: Vec<String>,
    /// Sorted by class, then by path.
    pub train: Vec<PlannedImage>,
    /// The same for the validation split, if there is one.
    pub validation: Option<Vec<PlannedImage>>,
    /// Files that are neither system files nor used, sorted by path.
    pub skipped: Vec<SkippedFile>,
    pub warnings: Vec<DataWarning>,
}

/// Plans a dataset. The order of the files does not matter. `empty_folders` are folders without files. System files are
/// ignored.
///
/// # Errors
/// There are no images, no class folders, only one class, no training split, or validation classes without training
/// images.
pub fn plan(files: &[ListedFile], empty_folders: &[String]) -> Result<FolderPlan, FolderError> {
    let mut skipped = Vec::new();
    let mut images = Vec::new();
    // Entries of folders that may have no images.
    let mut others = Vec::new();
    for (index, file) in files.iter().enumerate().filter(|(_, file)| !is_system_file(&file.path)) {
        let entry = Entry { index, path: &file.path, components: components(&file.path) };
        if file.is_decodable() {
            images.push(entry);
        } else {
            let reason = SkipReason::of_kind(file.kind);
            skipped.push(SkippedFile { name: file.path.clone(), reason });
            others.push(entry);
        }
    }
    for folder in empty_folders.iter().filter(|folder| !is_system_file(folder)) {
        let mut components = components(folder);
        // A placeholder for a file in it.
        components.push("");
        others.push(Entry { index: usize::MAX, path: folder, components });
    }
    if images.is_empty() {
        return Err(FolderError::without_images(files));
    }
    let total = images.len();
    let mut tree = Tree { images, others };
    skipped.extend(tree.descend(|_| false).iter().map(outside_class_folders));
    let planned = match find_splits(&tree) {
        Ok(None) => plan_classes(&tree, total),
        Ok(Some(splits)) => plan_splits(&tree, &splits, total),
        Err(error) => Err(error),
    };
    let mut planned = planned.map_err(|error| error.or_object_detection(files))?;
    skipped.append(&mut planned.skipped);
    skipped.sort_by(|a, b| a.name.cmp(&b.name));
    planned.warnings.extend(DataWarning::similar_classes(&planned.classes));
    Ok(FolderPlan { skipped, ..planned })
}

impl FolderPlan {
    /// The plan without unreadable images and without classes that have no readable image.
    ///
    /// # Errors
    /// No image or only one class is left, or a class has only validation images.
    pub fn after_reading(mut self, results: &ReadResults) -> Result<Self, FolderError> {
        let images = self.train.len();
        let mut unreadable = Vec::new();
        for split in std::iter::once(&mut self.train).chain(&mut self.validation) {
            unreadable.extend(remove_unreadable(split, |one| (one.index, &one.path), results));
        }
        if self.train.is_empty() {
            let reason = unreadable.into_iter().next().map(|file| Box::new(file.reason));
            return Err(FolderError::NoneReadable { images, reason });
        }
        self.skipped.append(&mut unreadable);
        self.skipped.sort_by(|a, b| a.name.cmp(&b.name));
        self.remove_empty_classes()?;

        let train = self.train.iter().map(|image| (image, false));
        let validation = self.validation.iter().flatten().map(|image| (image, true));
        let files: Vec<DatasetFile<'_>> = train
            .chain(validation)
            .filter_map(|(PlannedImage { index, path, label }, is_validation)| {
                let info = *results.get(index)?.as_ref().ok()?;
                Some(DatasetFile { name: path, info, label: *label, is_validation })
            })
            .collect();
        let warnings = DataWarning::of_files(&files);
        self.warnings.extend(warnings);
        self.warnings.extend(self.not_validated());
        Ok(self)
    }

    /// All planned images, training before validation.
    pub fn images(&self) -> impl Iterator<Item = &PlannedImage> {
        self.train.iter().chain(self.validation.iter().flatten())
    }

    /// Removes classes without training images and renumbers the others.
    fn remove_empty_classes(&mut self) -> Result<(), FolderError> {
        let used: BTreeSet<usize> = self.train.iter().map(|image| image.label).collect();
        let (mut kept, mut emptied) = (Vec::new(), Vec::new());
        for (label, class) in self.classes.iter().enumerate() {
            let side = if used.contains(&label) { &mut kept } else { &mut emptied };
            side.push(class.clone());
        }
        let mut unknown = BTreeSet::new();
        for image in self.train.iter_mut().chain(self.validation.iter_mut().flatten()) {
            match used.iter().position(|&label| label == image.label) {
                Some(label) => image.label = label,
                None => drop(unknown.insert(self.classes[image.label].clone())),
            }
        }
        if !unknown.is_empty() {
            let classes = unknown.into_iter().collect();
            return Err(FolderError::UnknownClasses { folder: "validation".into(), classes });
        }
        if let [class] = kept.as_slice() {
            return Err(FolderError::OneClass { class: class.clone() });
        }
        self.classes = kept;
        if !emptied.is_empty() {
            // Merged with the folders that had no images before reading.
            self.warnings.retain_mut(|warning| match warning {
                DataWarning::EmptyClasses { folders } => {
                    emptied.append(folders);
                    false
                }
                _ => true,
            });
            emptied.sort();
            self.warnings.push(DataWarning::EmptyClasses { folders: emptied });
        }
        Ok(())
    }

    /// A warning about classes without validation images, if there is a validation split.
    fn not_validated(&self) -> Option<DataWarning> {
        let validation = self.validation.as_ref()?;
        let validated: BTreeSet<usize> = validation.iter().map(|image| image.label).collect();
        let classes = self.classes.iter().enumerate();
        let classes: Vec<String> = classes
            .filter(|(label, _)| !validated.contains(label))
            .map(|(_, class)| class.clone())
            .collect();
        (!classes.is_empty()).then_some(DataWarning::NotValidated { classes })
    }
}

/// The top folders that are splits of a dataset.
struct SplitFolders<'a> {
    train: &'a str,
    /// Candidates for validation, in order of preference.
    validation: Vec<&'a str>,
}

/// Finds the split folders of the layout `train/CLASS/...`; `None` for the layout `CLASS/...`. A folder named
/// `train` next to folders of other names is a class.
fn find_splits<'a>(tree: &Tree<'a>) -> Result<Option<SplitFolders<'a>>, FolderError> {
    let tops = top_folders(&tree.images);
    let split_of = |folder: &str| split_among(folder, &tops);
    let nested: Vec<Entry<'a>> =
        tree.images.iter().filter(|entry| entry.is_nested()).cloned().collect();
    let mut validation: Vec<(SplitName, &str)> = top_folders(&nested)
        .into_iter()
        .filter_map(|folder| Some((split_of(folder)?, folder)))
        .filter(|(split, _)| *split != SplitName::Train)
        .collect();
    // Stable: `val` stays before `valid`.
    validation.sort_by_key(|(split, _)| *split);
    let validation: Vec<&str> = validation.into_iter().map(|(_, folder)| folder).collect();
    let train = tops.iter().copied().find(|folder| split_of(folder) == Some(SplitName::Train));
    let only_splits = tops.iter().all(|folder| split_of(folder).is_some() || is_unrelated(folder));
    match (train, validation.first()) {
        (Some(train), first) if only_splits || first.is_some() => {
            Ok(Some(SplitFolders { train, validation }))
        }
        (None, Some(found)) if only_splits => {
            Err(FolderError::NoTrain { found: (*found).to_owned() })
        }
        _ => Ok(None),
    }
}

/// A plan of class folders, without a validation split.
fn plan_classes(tree: &Tree<'_>, total: usize) -> Result<FolderPlan, FolderError> {
    let classes: Vec<String> = class_names(&tree.images).into_iter().collect();
    match classes.as_slice() {
        [] => return Err(FolderError::NoClasses { images: total }),
        [class] => return Err(FolderError::OneClass { class: class.clone() }),
        _ if classes.iter().any(|class| is_annotations(class))
            && classes.iter().all(|class| is_generic(class)) =>
        {
            return Err(FolderError::ObjectDetection);
        }
        _ => {}
    }
    let mut plan = FolderPlan::default();
    // Every class is known, since its name comes from these images.
    plan.train = label(&tree.images, &classes, &mut plan.skipped).unwrap_or_default();
    let mut empty = class_names(&tree.others);
    empty.retain(|class| !classes.contains(class));
    if !empty.is_empty() {
        plan.warnings.push(DataWarning::EmptyClasses { folders: empty.into_iter().collect() });
    }
    plan.warnings.extend(nested_folders(tree));
    plan.classes = classes;
    Ok(plan)
}

/// A plan of the training folder and the first validation candidate that is sorted into classes.
fn plan_splits(
    tree: &Tree<'_>,
    splits: &SplitFolders<'_>,
    total: usize,
) -> Result<FolderPlan, FolderError> {
    let mut train = tree.inside(splits.train);
    let loose = train.descend(|_| false);
    let mut plan = plan_classes(&train, total)?;
    plan.skipped.extend(loose.iter().map(outside_class_folders));

    let mut used = None;
    for &folder in &splits.validation {
        let mut inside = tree.inside(folder);
        let is_class = |folder: &str| plan.classes.binary_search(&class_name(folder)).is_ok();
        let loose = inside.descend(is_class);
        let names = class_names(&inside.images);
        // Folders with generic names that are not classes: the images are not sorted.
        if names.iter().all(|name| !is_class(name) && is_generic(name)) {
            continue;
        }
        plan.skipped.extend(loose.iter().map(outside_class_folders));
        let labeled =
            label(&inside.images, &plan.classes, &mut plan.skipped).map_err(|classes| {
                FolderError::UnknownClasses { folder: folder.to_owned(), classes }
            })?;
        plan.validation = Some(labeled);
        used = Some(folder);
        break;
    }
    for folder in top_folders(&tree.images) {
        if folder != splits.train && Some(folder) != used {
            let inside = tree.inside(folder).images;
            let is_sorted = inside.iter().any(|entry| entry.folder().is_some());
            let (folder, images) = (folder.to_owned(), inside.len());
            plan.warnings.push(match used {
                _ if is_sorted && SplitName::parse(&folder) == Some(SplitName::Train) => {
                    DataWarning::SecondTrainFolder { folder, used: splits.train.to_owned() }
                }
                Some(used) if is_sorted => {
                    DataWarning::UnusedFolder { folder, images, used: used.to_owned() }
                }
                _ => DataWarning::UnsortedFolder { folder, images },
            });
        }
    }
    let loose = tree.images.iter().filter(|entry| entry.folder().is_none());
    plan.skipped.extend(loose.map(outside_class_folders));
    Ok(plan)
}

/// The class names of the top folders.
fn class_names(entries: &[Entry<'_>]) -> BTreeSet<String> {
    top_folders(entries).into_iter().map(class_name).collect()
}

/// The images with the indices of their classes, sorted by class and path.
///
/// # Errors
/// The names of classes that are not among `classes`.
fn label(
    images: &[Entry<'_>],
    classes: &[String],
    skipped: &mut Vec<SkippedFile>,
) -> Result<Vec<PlannedImage>, Vec<String>> {
    let mut labeled = Vec::with_capacity(images.len());
    let mut unknown = BTreeSet::new();
    for entry in images {
        let Some(class) = entry.folder().map(class_name) else {
            skipped.push(outside_class_folders(entry));
            continue;
        };
        match classes.binary_search(&class) {
            Ok(label) => {
                let (index, path) = (entry.index, entry.path.to_owned());
                labeled.push(PlannedImage { index, path, label });
            }
            Err(_) => drop(unknown.insert(class)),
        }
    }
    labeled.sort_by(|a, b| (a.label, &a.path).cmp(&(b.label, &b.path)));
    if unknown.is_empty() { Ok(labeled) } else { Err(unknown.into_iter().collect()) }
}

/// A warning about a class whose images all lie in several folders inside its folder.
fn nested_folders(tree: &Tree<'_>) -> Option<DataWarning> {
    let mut classes: BTreeMap<&str, (bool, BTreeSet<&str>)> = BTreeMap::new();
    for entry in &tree.images {
        if let [folder, rest @ ..] = entry.components.as_slice() {
            let (has_images, folders) = classes.entry(folder).or_default();
            match rest {
                [inner, _, ..] => drop(folders.insert(inner)),
                _ => *has_images = true,
            }
        }
    }
    let (folder, (_, folders)) =
        classes.into_iter().find(|(_, (has_images, folders))| !has_images && folders.len() > 1)?;
    let are_splits = folders.iter().all(|inner| SplitName::parse(inner).is_some());
    let folder = folder.to_owned();
    let folders = folders.into_iter().map(str::to_owned).collect();
    Some(match are_splits {
        true => DataWarning::NestedSplits { folder, folders },
        false => DataWarning::NestedClasses { folder, folders },
    })
}

fn outside_class_folders(entry: &Entry<'_>) -> SkippedFile {
    SkippedFile { name: entry.path.to_owned(), reason: SkipReason::OutsideClassFolders }
}
