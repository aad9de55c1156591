//! Recognises a dataset in a list of files, by torchvision's `ImageFolder` convention: one folder per class.
//! No file is opened.
//!
//! Two layouts are known, under any number of common leading folders, which may have loose files beside them:
//! `CLASS/**/picture.jpg`, and `train/CLASS/**/picture.jpg` with an optional validation folder beside
//! `train`. [`names`] says by which names these are known.

mod error;
mod names;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::{BTreeMap, BTreeSet};

pub use error::FolderError;
pub use names::{PartName, class_name, is_clutter, is_picture, part_name};

use self::tree::{Entry, Tree, folders, parts};
use crate::data::file_kind::FileKind;
use crate::data::image_file::{FilePlace, PictureFacts, notices_of, retain_read};
use crate::data::notice::Notice;
use crate::data::notice::Skipped;

/// A file of a folder that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedFile {
    /// Relative to the chosen folder, separated by `/`.
    pub path: String,
    /// What it is by its content; `None` where [`needs_look`] says that its name is enough.
    pub kind: Option<FileKind>,
}

impl ListedFile {
    /// Whether it is a picture, also one of a format that is not decoded.
    pub fn is_picture(&self) -> bool {
        self.kind.map_or_else(|| is_picture(&self.path), FileKind::is_picture)
    }

    fn is_decodable(&self) -> bool {
        self.kind.map_or_else(|| is_picture(&self.path), FileKind::is_decodable)
    }
}

/// Whether only a file's content tells if it is a picture.
pub fn needs_look(path: &str) -> bool {
    !is_picture(path) && !is_clutter(path)
}

/// One picture of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPicture {
    /// Index into the list of files given.
    pub index: usize,
    /// The path as given.
    pub path: String,
    /// Index into [`FolderPlan::classes`].
    pub label: usize,
}

/// Which files are pictures of which class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FolderPlan {
    /// Folder names in Unicode's composed form, sorted plainly by code points, as torchvision does ("10"
    /// before "2").
    pub classes: Vec<String>,
    /// Sorted by class, then by path.
    pub train: Vec<PlannedPicture>,
    /// The same for the validation part, where there is one.
    pub validation: Option<Vec<PlannedPicture>>,
    /// Files that are neither clutter nor used, sorted by path.
    pub skipped: Vec<Skipped>,
    /// What else should be known of the folder.
    pub notices: Vec<Notice>,
}

/// Makes a plan. The order of the files does not matter. `empty_folders` are those without any file in
/// them. What systems leave behind is ignored.
///
/// # Errors
/// When there are no pictures, no class folders, only one class, no training part, or validation
/// classes without training pictures.
pub fn plan(files: &[ListedFile], empty_folders: &[String]) -> Result<FolderPlan, FolderError> {
    let mut skipped = Vec::new();
    let mut pictures = Vec::new();
    // Where a class folder without pictures may be.
    let mut others = Vec::new();
    for (index, file) in files.iter().enumerate().filter(|(_, file)| !is_clutter(&file.path)) {
        let entry = Entry { index, path: &file.path, parts: parts(&file.path) };
        if file.is_decodable() {
            pictures.push(entry);
        } else {
            skipped.push(skip(&file.path, why_not(file.kind)));
            others.push(entry);
        }
    }
    for folder in empty_folders.iter().filter(|folder| !is_clutter(folder)) {
        let mut parts = parts(folder);
        // Stands for a file in it.
        parts.push("");
        others.push(Entry { index: usize::MAX, path: folder, parts });
    }
    if pictures.is_empty() {
        return Err(FolderError::without_pictures(files));
    }
    let total = pictures.len();
    let mut tree = Tree { pictures, others };
    skipped.extend(tree.descend(|_| false).iter().map(stray));
    let planned = match layout(&tree) {
        Ok(None) => plan_classes(&tree, total),
        Ok(Some(layout)) => plan_split(&tree, &layout, total),
        Err(error) => Err(error),
    };
    let mut planned = planned.map_err(|error| error.or_detection(files))?;
    skipped.append(&mut planned.skipped);
    skipped.sort_by(|a, b| a.name.cmp(&b.name));
    planned.notices.extend(similar_classes(&planned.classes));
    Ok(FolderPlan { skipped, ..planned })
}

impl FolderPlan {
    /// The plan once its pictures were read, with what came of each by its index: leaves out those that could
    /// not be read, for the reason given, and the classes that have no picture then.
    ///
    /// # Errors
    /// When no picture or only one class is left, or only validation pictures of a class.
    pub fn after_reading(
        mut self,
        read: &BTreeMap<usize, Result<PictureFacts, String>>,
    ) -> Result<Self, FolderError> {
        let before = self.train.len();
        let mut failed = Vec::new();
        for part in std::iter::once(&mut self.train).chain(&mut self.validation) {
            failed.extend(retain_read(part, |picture| (picture.index, &picture.path), read));
        }
        if self.train.is_empty() {
            let reason = failed.into_iter().next().map(|file| file.reason).unwrap_or_default();
            return Err(FolderError::NoneReadable { pictures: before, reason });
        }
        self.skipped.append(&mut failed);
        self.skipped.sort_by(|a, b| a.name.cmp(&b.name));

        let used: BTreeSet<usize> = self.train.iter().map(|picture| picture.label).collect();
        let place = |label: usize| used.iter().position(|&used| used == label);
        let (mut kept, mut emptied) = (Vec::new(), Vec::new());
        for (label, class) in self.classes.iter().enumerate() {
            let side = if used.contains(&label) { &mut kept } else { &mut emptied };
            side.push(class.clone());
        }
        let mut unknown = BTreeSet::new();
        for part in std::iter::once(&mut self.train).chain(&mut self.validation) {
            for picture in part {
                match place(picture.label) {
                    Some(label) => picture.label = label,
                    None => drop(unknown.insert(self.classes[picture.label].clone())),
                }
            }
        }
        if !unknown.is_empty() {
            let classes = unknown.into_iter().collect();
            return Err(FolderError::UnknownClasses { folder: "validation".into(), classes });
        }
        if let [class] = kept.as_slice() {
            return Err(FolderError::OneClass { class: class.clone() });
        }
        if !emptied.is_empty() {
            self.notices.push(Notice::EmptyClasses { folders: emptied });
            self.notices = merge_empty_classes(self.notices);
        }
        self.classes = kept;
        let train = self.train.iter().map(|picture| (picture, false));
        let validation = self.validation.iter().flatten().map(|picture| (picture, true));
        let files: Vec<FilePlace<'_>> = train
            .chain(validation)
            .filter_map(|(PlannedPicture { index, path, label }, validates)| {
                let facts = *read.get(index)?.as_ref().ok()?;
                Some(FilePlace { name: path, facts, label: *label, validates })
            })
            .collect();
        let notices = notices_of(&files);
        self.notices.extend(notices);
        if let Some(validation) = &self.validation {
            let validated: BTreeSet<usize> =
                validation.iter().map(|picture| picture.label).collect();
            let labelled = self.classes.iter().enumerate();
            let classes: Vec<String> = labelled
                .filter(|(label, _)| !validated.contains(label))
                .map(|(_, class)| class.clone())
                .collect();
            if !classes.is_empty() {
                self.notices.push(Notice::NotValidated { classes });
            }
        }
        Ok(self)
    }

    /// The indices of all planned pictures, training before validation.
    pub fn pictures(&self) -> impl Iterator<Item = &PlannedPicture> {
        self.train.iter().chain(self.validation.iter().flatten())
    }
}

/// One notice of empty classes in the place of several.
fn merge_empty_classes(notices: Vec<Notice>) -> Vec<Notice> {
    let (mut empty, mut merged) = (Vec::new(), Vec::new());
    for notice in notices {
        match notice {
            Notice::EmptyClasses { mut folders } => empty.append(&mut folders),
            other => merged.push(other),
        }
    }
    empty.sort();
    merged.push(Notice::EmptyClasses { folders: empty });
    merged
}

/// The topmost folders that are parts of a dataset.
struct Layout<'a> {
    train: &'a str,
    /// Those that may validate, the preferred first.
    validation: Vec<&'a str>,
}

/// Tells `train/CLASS/...` from `CLASS/...`, for which it is `None`. A folder named `train` next to folders
/// of other names is a class like them.
fn layout<'a>(tree: &Tree<'a>) -> Result<Option<Layout<'a>>, FolderError> {
    let tops = folders(&tree.pictures);
    let part_name = |folder: &str| names::part_beside(folder, &tops);
    let nested: Vec<Entry<'a>> =
        tree.pictures.iter().filter(|entry| entry.is_nested()).cloned().collect();
    let mut validation: Vec<(PartName, &str)> = folders(&nested)
        .into_iter()
        .filter_map(|folder| Some((part_name(folder)?, folder)))
        .filter(|(part, _)| *part != PartName::Train)
        .collect();
    // Stable, so `val` goes before `valid`.
    validation.sort_by_key(|(part, _)| *part);
    let validation: Vec<&str> = validation.into_iter().map(|(_, folder)| folder).collect();
    let train = tops.iter().copied().find(|folder| part_name(folder) == Some(PartName::Train));
    let is_part = |folder: &str| part_name(folder).is_some() || names::lies_beside(folder);
    let only_parts = tops.iter().all(|folder| is_part(folder));
    match (train, validation.first()) {
        (Some(train), first) if only_parts || first.is_some() => {
            Ok(Some(Layout { train, validation }))
        }
        (None, Some(found)) if only_parts => {
            Err(FolderError::NoTrain { found: (*found).to_owned() })
        }
        _ => Ok(None),
    }
}

/// A plan of class folders, without a validation part.
fn plan_classes(tree: &Tree<'_>, total: usize) -> Result<FolderPlan, FolderError> {
    let classes: Vec<String> = class_names(&tree.pictures).into_iter().collect();
    match classes.as_slice() {
        [] => return Err(FolderError::NoClasses { pictures: total }),
        [class] => return Err(FolderError::OneClass { class: class.clone() }),
        _ if classes.iter().any(|class| names::is_annotations(class))
            && classes.iter().all(|class| names::says_nothing(class)) =>
        {
            return Err(FolderError::Detection);
        }
        _ => {}
    }
    let mut plan = FolderPlan::default();
    // Every class has its name from one of these pictures.
    plan.train = label(&tree.pictures, &classes, &mut plan.skipped).unwrap_or_default();
    let mut empty = class_names(&tree.others);
    empty.retain(|class| !classes.contains(class));
    if !empty.is_empty() {
        plan.notices.push(Notice::EmptyClasses { folders: empty.into_iter().collect() });
    }
    plan.notices.extend(nested_class(tree));
    plan.classes = classes;
    Ok(plan)
}

/// A plan of the training folder, with the first of the others that is sorted into classes.
fn plan_split(
    tree: &Tree<'_>,
    layout: &Layout<'_>,
    total: usize,
) -> Result<FolderPlan, FolderError> {
    let mut train = tree.inside(layout.train);
    let passed = train.descend(|_| false);
    let mut plan = plan_classes(&train, total)?;
    plan.skipped.extend(passed.iter().map(stray));

    let mut used = None;
    for &folder in &layout.validation {
        let mut inside = tree.inside(folder);
        let is_class = |folder: &str| plan.classes.binary_search(&class_name(folder)).is_ok();
        let passed = inside.descend(is_class);
        let names = class_names(&inside.pictures);
        // Folders that say nothing and are no classes: the pictures are not sorted.
        if names.iter().all(|name| !is_class(name) && names::says_nothing(name)) {
            continue;
        }
        plan.skipped.extend(passed.iter().map(stray));
        let labelled =
            label(&inside.pictures, &plan.classes, &mut plan.skipped).map_err(|classes| {
                FolderError::UnknownClasses { folder: folder.to_owned(), classes }
            })?;
        plan.validation = Some(labelled);
        used = Some(folder);
        break;
    }
    for folder in folders(&tree.pictures) {
        if folder != layout.train && Some(folder) != used {
            let inside = tree.inside(folder).pictures;
            let is_sorted = inside.iter().any(|entry| entry.folder().is_some());
            let (folder, pictures) = (folder.to_owned(), inside.len());
            plan.notices.push(match used {
                _ if is_sorted && part_name(&folder) == Some(PartName::Train) => {
                    Notice::SecondTrainFolder { folder, used: layout.train.to_owned() }
                }
                Some(used) if is_sorted => {
                    Notice::UnusedFolder { folder, pictures, used: used.to_owned() }
                }
                _ => Notice::UnsortedFolder { folder, pictures },
            });
        }
    }
    let loose = tree.pictures.iter().filter(|entry| entry.folder().is_none());
    plan.skipped.extend(loose.map(stray));
    Ok(plan)
}

/// The classes that the topmost folders are.
fn class_names(entries: &[Entry<'_>]) -> BTreeSet<String> {
    folders(entries).into_iter().map(class_name).collect()
}

/// Numbers the classes and sorts by class and path. Errs with the names of unknown classes.
fn label(
    pictures: &[Entry<'_>],
    classes: &[String],
    skipped: &mut Vec<Skipped>,
) -> Result<Vec<PlannedPicture>, Vec<String>> {
    let mut labelled = Vec::with_capacity(pictures.len());
    let mut unknown = BTreeSet::new();
    for entry in pictures {
        let Some(class) = entry.folder().map(class_name) else {
            skipped.push(stray(entry));
            continue;
        };
        match classes.binary_search(&class) {
            Ok(label) => {
                let (index, path) = (entry.index, entry.path.to_owned());
                labelled.push(PlannedPicture { index, path, label });
            }
            Err(_) => drop(unknown.insert(class)),
        }
    }
    labelled.sort_by(|a, b| (a.label, &a.path).cmp(&(b.label, &b.path)));
    if unknown.is_empty() { Ok(labelled) } else { Err(unknown.into_iter().collect()) }
}

/// A class whose pictures all lie in folders of their own: perhaps those are the classes.
fn nested_class(tree: &Tree<'_>) -> Option<Notice> {
    let mut below: BTreeMap<&str, (bool, BTreeSet<&str>)> = BTreeMap::new();
    for entry in &tree.pictures {
        if let [folder, rest @ ..] = entry.parts.as_slice() {
            let (has_own, folders) = below.entry(folder).or_default();
            match rest {
                [inner, _, ..] => drop(folders.insert(inner)),
                _ => *has_own = true,
            }
        }
    }
    below.into_iter().find_map(|(folder, (has_own, folders))| {
        (!has_own && folders.len() > 1).then(|| Notice::NestedClass {
            folder: folder.to_owned(),
            folders: folders.into_iter().map(str::to_owned).collect(),
        })
    })
}

/// Classes that a person would take for the same.
pub fn similar_classes(classes: &[String]) -> Option<Notice> {
    let mut by_look: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for class in classes {
        let words: Vec<&str> =
            class.split([' ', '_', '-']).filter(|word| !word.is_empty()).collect();
        by_look.entry(words.join(" ").to_lowercase()).or_default().push(class.clone());
    }
    let groups: Vec<Vec<String>> =
        by_look.into_values().filter(|classes| classes.len() > 1).collect();
    (!groups.is_empty()).then_some(Notice::SimilarClasses { groups })
}

fn stray(entry: &Entry<'_>) -> Skipped {
    skip(entry.path, "it is not in a class folder")
}

fn skip(path: &str, reason: impl Into<String>) -> Skipped {
    Skipped { name: path.to_owned(), reason: reason.into() }
}

/// Why a file is not taken for a picture.
pub fn why_not(kind: Option<FileKind>) -> String {
    match kind {
        Some(kind) if kind.is_picture() => format!("it is {kind}; {}", kind.remedy()),
        Some(FileKind::Empty) => "it is empty".to_owned(),
        Some(kind) => format!("it is {kind}, not a picture"),
        None => "it is not a picture".to_owned(),
    }
}
