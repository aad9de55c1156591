//! Recognises a dataset in a list of file paths, by torchvision's `ImageFolder` convention: one
//! folder per class. No file is opened.
//!
//! Two layouts are known, under any number of common leading folders:
//! `CLASS/**/picture.jpg`, and `train/CLASS/**/picture.jpg` with an optional
//! `val` (or `valid`, `validation`, `test`) beside `train`.

use std::collections::BTreeSet;

use thiserror::Error;

use crate::data::dataset::Skipped;
use crate::order::sort_by;

/// Extensions of pictures, in lower case.
const EXTENSIONS: [&str; 7] = ["jpg", "jpeg", "jpe", "png", "webp", "gif", "bmp"];

/// Folder names of the training part, in lower case.
const TRAIN: [&str; 2] = ["train", "training"];

/// Folder names of the validation part, in lower case; the first one that has classes is taken.
const VALIDATION: [&str; 4] = ["val", "valid", "validation", "test"];

/// Why a list of paths is not a dataset.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum FolderError {
    /// Nothing with a picture's extension.
    #[error(
        "the folder has no pictures; it must hold one folder per class with .jpg, .png, .webp, .gif or .bmp files in it"
    )]
    NoPictures,
    /// Pictures, but no class folders.
    #[error(
        "the {pictures} pictures are not sorted into classes; make one folder per class and move each picture into its class's folder"
    )]
    NoClasses { pictures: usize },
    /// A single class folder.
    #[error(
        "all pictures are in one class folder, `{class}`; add at least one more folder with pictures of another class"
    )]
    OneClass { class: String },
    /// Validation without training.
    #[error(
        "there is a `{found}` folder but no `train` folder beside it; choose the folder that holds both"
    )]
    NoTrain { found: String },
    /// Validation classes nobody trained on.
    #[error(
        "the `{folder}` folder has classes that `train` lacks: {}; remove them, or add training pictures for them", .classes.join(", ")
    )]
    UnknownClasses { folder: String, classes: Vec<String> },
}

/// One picture of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPicture {
    /// Index into the list of paths given.
    pub index: usize,
    /// The path as given.
    pub path: String,
    /// Index into [`FolderPlan::classes`].
    pub label: usize,
}

/// Which files are pictures of which class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderPlan {
    /// Folder names sorted plainly by code points, as torchvision does ("10" before "2").
    pub classes: Vec<String>,
    /// Sorted by class, then by path.
    pub train: Vec<PlannedPicture>,
    /// The same for the validation part, where there is one.
    pub validation: Option<Vec<PlannedPicture>>,
    /// Files that are neither hidden nor used, sorted by path.
    pub skipped: Vec<Skipped>,
}

/// Makes a plan from paths that are relative to the chosen folder and separated by `/`. Their order
/// does not matter. Hidden files and folders, `__MACOSX` and `Thumbs.db` are ignored.
///
/// # Errors
/// When there are no pictures, no class folders, only one class, no training part, or validation
/// classes without training pictures.
pub fn plan(paths: &[String]) -> Result<FolderPlan, FolderError> {
    let mut skipped = Vec::new();
    let mut files = Vec::new();
    for (index, path) in paths.iter().enumerate() {
        let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        if is_clutter(path) {
            continue;
        }
        match parts.last() {
            Some(name) if is_picture(name) => files.push(File { index, path, parts }),
            _ => skipped.push(skip(path, "it is not a picture by its name")),
        }
    }
    if files.is_empty() {
        return Err(FolderError::NoPictures);
    }
    strip_common_folders(&mut files);

    let pictures = files.len();
    let layout = find_layout(&files)?;
    let (mut train, mut validation) = (Vec::new(), Vec::new());
    for file in files {
        let (part, depth) = match layout {
            Layout::Classes => (&mut train, 0),
            Layout::Split { train: folder, .. } if file.folder() == Some(folder) => (&mut train, 1),
            Layout::Split { validation: Some(folder), .. } if file.folder() == Some(folder) => {
                (&mut validation, 1)
            }
            Layout::Split { .. } => {
                skipped.push(skip(
                    file.path,
                    "it is in neither the training nor the validation folder",
                ));
                continue;
            }
        };
        match file.parts.get(depth..) {
            Some([class, _, ..]) => part.push((*class, file.path, file.index)),
            _ => skipped.push(skip(file.path, "it is not in a class folder")),
        }
    }

    let classes: Vec<&str> = names(train.iter().map(|(class, ..)| *class)).into_iter().collect();
    match classes.as_slice() {
        [] => return Err(FolderError::NoClasses { pictures }),
        [class] => return Err(FolderError::OneClass { class: class.to_string() }),
        _ => {}
    }
    let train = label(train, &classes).map_err(|unknown| unknown_classes("train", unknown))?;
    let validation = match layout {
        Layout::Split { validation: Some(folder), .. } => {
            Some(label(validation, &classes).map_err(|unknown| unknown_classes(folder, unknown))?)
        }
        _ => None,
    };
    sort_by(&mut skipped, |a, b| a.name.cmp(&b.name));
    Ok(FolderPlan {
        classes: classes.into_iter().map(str::to_owned).collect(),
        train,
        validation,
        skipped,
    })
}

/// A picture file and the parts of its path below the common leading folders.
struct File<'a> {
    index: usize,
    path: &'a str,
    parts: Vec<&'a str>,
}

impl<'a> File<'a> {
    /// The topmost folder it is in, if any.
    fn folder(&self) -> Option<&'a str> {
        match self.parts.as_slice() {
            [folder, _, ..] => Some(folder),
            _ => None,
        }
    }
}

#[derive(Clone, Copy)]
enum Layout<'a> {
    /// The topmost folders are classes.
    Classes,
    /// The topmost folders are parts of the dataset.
    Split { train: &'a str, validation: Option<&'a str> },
}

/// Whether a file is what systems and file managers leave behind, or lies in such a folder.
pub fn is_clutter(path: &str) -> bool {
    path.split('/').any(|part| {
        // A path may begin with the folder that it is seen from.
        (part.starts_with('.') && part != ".")
            || part == "__MACOSX"
            || part.eq_ignore_ascii_case("thumbs.db")
    })
}

/// Whether a file is a picture by its name.
pub fn is_picture(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| {
        EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

fn skip(path: &str, reason: &str) -> Skipped {
    Skipped { name: path.to_owned(), reason: reason.to_owned() }
}

/// Removes leading folders that all files share, but never the last folder level there is: with a
/// single class its folder is kept, so that it can be named.
fn strip_common_folders(files: &mut [File<'_>]) {
    loop {
        let Some(common) = files.first().and_then(File::folder) else { return };
        let shared = files.iter().all(|file| file.folder() == Some(common));
        let nested = files.iter().any(|file| file.parts.len() > 2);
        if !(shared && nested) {
            return;
        }
        for file in files.iter_mut() {
            file.parts.remove(0);
        }
    }
}

/// Tells `train/CLASS/...` from `CLASS/...`. A folder named `train` next to folders of other names is
/// a class like them.
fn find_layout<'a>(files: &[File<'a>]) -> Result<Layout<'a>, FolderError> {
    let tops = names(files.iter().filter_map(File::folder));
    // Folders that have classes in them.
    let split = names(files.iter().filter(|file| file.parts.len() > 2).filter_map(File::folder));
    let is_validation =
        |folder: &str| VALIDATION.iter().any(|name| folder.eq_ignore_ascii_case(name));
    let is_train = |folder: &str| TRAIN.iter().any(|name| folder.eq_ignore_ascii_case(name));

    let train = tops.iter().copied().find(|folder| is_train(folder));
    let validation = VALIDATION
        .iter()
        .find_map(|name| split.iter().copied().find(|folder| folder.eq_ignore_ascii_case(name)));
    let only_parts = tops.iter().all(|folder| is_train(folder) || is_validation(folder));
    match (train, validation) {
        (Some(train), _) if only_parts || validation.is_some() => {
            Ok(Layout::Split { train, validation })
        }
        (None, Some(found)) if only_parts => Err(FolderError::NoTrain { found: found.to_owned() }),
        _ => Ok(Layout::Classes),
    }
}

/// Each name once, in order. (Collecting would sort: see `order`.)
fn names<'a>(all: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    names.extend(all);
    names
}

/// Numbers the classes and sorts by class and path. Errs with the names of unknown classes.
fn label(
    pictures: Vec<(&str, &str, usize)>,
    classes: &[&str],
) -> Result<Vec<PlannedPicture>, BTreeSet<String>> {
    let mut labelled = Vec::with_capacity(pictures.len());
    let mut unknown = BTreeSet::new();
    for (class, path, index) in pictures {
        match classes.binary_search(&class) {
            Ok(label) => labelled.push(PlannedPicture { index, path: path.to_owned(), label }),
            Err(_) => {
                unknown.insert(class.to_owned());
            }
        }
    }
    sort_by(&mut labelled, |a: &PlannedPicture, b: &PlannedPicture| {
        (a.label, &a.path).cmp(&(b.label, &b.path))
    });
    if unknown.is_empty() { Ok(labelled) } else { Err(unknown) }
}

fn unknown_classes(folder: &str, classes: BTreeSet<String>) -> FolderError {
    FolderError::UnknownClasses {
        folder: folder.to_owned(),
        classes: classes.into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plan_of(paths: &[&str]) -> Result<FolderPlan, FolderError> {
        plan(&paths.iter().map(|path| path.to_string()).collect::<Vec<_>>())
    }

    fn labels(pictures: &[PlannedPicture]) -> Vec<(&str, usize)> {
        pictures.iter().map(|p| (p.path.as_str(), p.label)).collect()
    }

    #[test]
    fn class_folders_in_any_order_and_depth() {
        let plan = plan_of(&[
            "pets/dog/b.PNG",
            "pets/10/x.jpe",
            "pets/dog/deep/er/a.jpg",
            "pets/.DS_Store",
            "pets/dog/.hidden.jpg",
            "__MACOSX/pets/dog/b.PNG",
            "pets/2/Thumbs.db",
            "pets/2/y.webp",
            "pets/readme.txt",
            "pets/loose.gif",
        ])
        .unwrap();
        assert_eq!(plan.classes, ["10", "2", "dog"]);
        assert_eq!(
            labels(&plan.train),
            [
                ("pets/10/x.jpe", 0),
                ("pets/2/y.webp", 1),
                ("pets/dog/b.PNG", 2),
                ("pets/dog/deep/er/a.jpg", 2)
            ]
        );
        assert_eq!(plan.train[0].index, 1);
        assert_eq!(plan.validation, None);
        let skipped: Vec<&str> = plan.skipped.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(skipped, ["pets/loose.gif", "pets/readme.txt"]);
    }

    #[test]
    fn train_and_validation_folders() {
        for (train, validation) in
            [("train", "val"), ("Train", "valid"), ("train", "Validation"), ("training", "test")]
        {
            for root in ["", "data/set/"] {
                let plan = plan_of(&[
                    &format!("{root}{train}/b/1.jpg"),
                    &format!("{root}{train}/a/1.jpg"),
                    &format!("{root}{validation}/b/2.jpg"),
                ])
                .unwrap();
                assert_eq!(plan.classes, ["a", "b"]);
                assert_eq!(plan.train.len(), 2);
                let validation = plan.validation.unwrap();
                assert_eq!((validation[0].label, validation[0].index), (1, 2));
            }
        }
    }

    #[test]
    fn val_goes_before_test_and_flat_test_folders_are_skipped() {
        let train = ["d/train/a/1.jpg", "d/train/b/1.jpg"];
        let plan = plan_of(&[&train[..], &["d/test/a/9.jpg", "d/val/a/2.jpg"]].concat()).unwrap();
        assert_eq!(labels(&plan.validation.unwrap()), [("d/val/a/2.jpg", 0)]);
        assert_eq!(plan.skipped[0].name, "d/test/a/9.jpg");
        let plan = plan_of(&[&train[..], &["d/test/9.jpg"]].concat()).unwrap();
        assert_eq!((plan.validation, plan.skipped.len()), (None, 1));
    }

    #[test]
    fn a_class_may_be_called_train() {
        let plan = plan_of(&["v/train/1.jpg", "v/car/1.jpg", "v/plane/1.jpg"]).unwrap();
        assert_eq!(plan.classes, ["car", "plane", "train"]);
    }

    #[test]
    fn a_lone_train_folder_is_stripped() {
        let plan = plan_of(&["d/train/a/1.jpg", "d/train/b/1.jpg"]).unwrap();
        assert_eq!(plan.classes, ["a", "b"]);
    }

    #[test]
    fn what_is_not_a_dataset_is_named() {
        assert_eq!(plan_of(&[]), Err(FolderError::NoPictures));
        assert_eq!(plan_of(&["a/x.txt", "b/y", "c/.jpg"]), Err(FolderError::NoPictures));
        assert_eq!(plan_of(&["x.jpg", "y.jpg"]), Err(FolderError::NoClasses { pictures: 2 }));
        assert_eq!(
            plan_of(&["d/train/x.jpg", "d/val/y.jpg"]),
            Err(FolderError::NoClasses { pictures: 2 })
        );
        let one = Err(FolderError::OneClass { class: "cat".into() });
        assert_eq!(plan_of(&["cat/x.jpg", "cat/y.jpg"]), one);
        assert_eq!(plan_of(&["d/cat/x.jpg"]), one);
        assert_eq!(plan_of(&["train/cat/x.jpg", "val/cat/x.jpg"]), one);
        assert_eq!(
            plan_of(&["val/a/x.jpg", "test/b/y.jpg"]),
            Err(FolderError::NoTrain { found: "val".into() })
        );
        let error =
            plan_of(&["train/a/1.jpg", "train/b/1.jpg", "val/c/1.jpg", "val/d/1.jpg"]).unwrap_err();
        assert_eq!(
            error,
            FolderError::UnknownClasses {
                folder: "val".into(),
                classes: vec!["c".into(), "d".into()]
            }
        );
        assert!(error.to_string().contains("c, d"), "{error}");
    }

    proptest! {
        #[test]
        fn any_paths_are_safe_and_every_picture_is_accounted_for(
            paths in proptest::collection::vec(
                "(train/|val/|test/|/|\\./|a/|b/|c/){0,4}(x|é|\\.)(\\.jpg|\\.txt|)", 0..12,
            ),
        ) {
            let shuffled: Vec<String> = paths.iter().rev().cloned().collect();
            match (plan(&paths), plan(&shuffled)) {
                (Ok(a), Ok(b)) => {
                    prop_assert_eq!(&a.classes, &b.classes);
                    prop_assert_eq!(labels(&a.train), labels(&b.train));
                    let used = a.train.len() + a.validation.as_ref().map_or(0, Vec::len);
                    prop_assert!(used + a.skipped.len() <= paths.len());
                    for picture in a.train.iter().chain(a.validation.iter().flatten()) {
                        prop_assert!(picture.label < a.classes.len());
                        prop_assert_eq!(&paths[picture.index], &picture.path);
                    }
                }
                (a, b) => prop_assert_eq!(a, b),
            }
        }
    }
}
