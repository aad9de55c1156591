//! Why a folder is not a dataset.

use thiserror::Error;

use super::names::{is_annotations, says_nothing};
use super::{ListedFile, is_clutter};
use crate::data::file_kind::FileKind;

/// Why a list of files is not a dataset.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum FolderError {
    /// Nothing that is a picture.
    #[error(
        "the folder has no pictures; it must hold one folder per class with JPEG, PNG, WebP, GIF or BMP pictures in it"
    )]
    NoPictures,
    /// Pictures of a format that is not decoded here, and no others.
    #[error("{}; {remedy}", all_are(*.files, .kind))]
    OnlyUnsupported { files: usize, kind: &'static str, remedy: &'static str },
    /// The pictures are packed.
    #[error("`{file}` is {kind}; unpack it and choose the folder with one folder per class")]
    Archive { file: String, kind: &'static str },
    /// One file, which is no picture.
    #[error(
        "`{file}` is {kind}; choose a folder with one folder per class and pictures in each, or a table of pictures (CSV)"
    )]
    OtherFile { file: String, kind: &'static str },
    /// CIFAR-10 or CIFAR-100 for Python.
    #[error(
        "this is the Python version of {dataset}, which cannot be read; download the binary version, {archive}, from the same page"
    )]
    CifarPython { dataset: &'static str, archive: &'static str },
    /// Pictures with boxes or masks, in the layout of YOLO, COCO or Pascal VOC.
    #[error(
        "this is a dataset for object detection or segmentation (pictures with annotations beside them), not for classes; make one folder per class and move each picture into its class's folder"
    )]
    Detection,
    /// Pictures, but no class folders.
    #[error(
        "{}; make one folder per class and move each picture into its class's folder",
        not_sorted(*.pictures)
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
    /// None of the training pictures could be read.
    #[error("none of the {pictures} pictures could be read; the first one: {reason}")]
    NoneReadable { pictures: usize, reason: String },
}

impl FolderError {
    /// The error for a file that was given in place of a folder.
    pub fn of_file(file: ListedFile) -> Self {
        match file.kind {
            Some(kind) if kind.is_decodable() => Self::NoClasses { pictures: 1 },
            _ => Self::without_pictures(&[file]),
        }
    }

    /// The error for files of which none is a picture that is decoded here.
    pub(super) fn without_pictures(files: &[ListedFile]) -> Self {
        let known: Vec<(&ListedFile, FileKind)> = files
            .iter()
            .filter(|file| !is_clutter(&file.path))
            .filter_map(|file| Some((file, file.kind?)))
            .collect();
        if let Some((_, kind)) = known.iter().find(|(_, kind)| kind.is_picture()) {
            let files = known.iter().filter(|(_, other)| other == kind).count();
            return Self::OnlyUnsupported { files, kind: kind.name(), remedy: kind.remedy() };
        }
        if let Some((file, kind)) = known.iter().find(|(_, kind)| is_archive(*kind)) {
            return Self::Archive { file: file.path.clone(), kind: kind.name() };
        }
        let is_pickle = |name: &str| {
            known.iter().any(|(file, kind)| {
                *kind == FileKind::Pickle && file.path.rsplit('/').next() == Some(name)
            })
        };
        if is_pickle("data_batch_1") || is_pickle("test_batch") {
            return Self::CifarPython { dataset: "CIFAR-10", archive: "cifar-10-binary.tar.gz" };
        }
        if is_pickle("train") && is_pickle("meta") {
            return Self::CifarPython { dataset: "CIFAR-100", archive: "cifar-100-binary.tar.gz" };
        }
        match known.as_slice() {
            [(file, kind)] => Self::OtherFile { file: file.path.clone(), kind: kind.name() },
            _ => Self::NoPictures,
        }
    }

    /// [`Self::Detection`], where pictures are not sorted but have annotations.
    pub(super) fn or_detection(self, files: &[ListedFile]) -> Self {
        let is_unsorted = match &self {
            Self::NoClasses { .. } => true,
            Self::OneClass { class } => says_nothing(class),
            _ => false,
        };
        let annotates = |file: &ListedFile| {
            let mut parts = file.path.rsplit('/');
            let name = parts.next().unwrap_or_default().to_lowercase();
            let is_text = [".txt", ".xml", ".json"].iter().any(|ending| name.ends_with(ending));
            is_text && (name.contains("annotations") || parts.any(is_annotations))
        };
        if is_unsorted && files.iter().any(annotates) { Self::Detection } else { self }
    }
}

fn not_sorted(pictures: usize) -> String {
    match pictures {
        1 => "the only picture is not in a class folder".to_owned(),
        _ => format!("the {pictures} pictures are not sorted into classes"),
    }
}

fn is_archive(kind: FileKind) -> bool {
    use FileKind::{Bzip2, Gzip, Rar, SevenZip, Tar, Xz, Zip, Zstd};
    matches!(kind, Zip | Gzip | Tar | SevenZip | Rar | Bzip2 | Xz | Zstd)
}

fn all_are(files: usize, kind: &str) -> String {
    match files {
        1 => format!("the only picture is {kind}"),
        _ => format!("none of the pictures can be read, {files} of them because each is {kind}"),
    }
}
