//! Errors of folders.

use serde::{Deserialize, Serialize};
use tunelab_l10n::{Localize, Texts, display_in_english};

use super::names::{is_annotations, is_generic};
use crate::data::cifar::CifarVersion;
use crate::data::file_kind::FileKind;
use crate::data::listed_file::{ListedFile, file_name, is_system_file};
use crate::data::skipped::SkipReason;

/// Why a folder is not a dataset of class folders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum FolderError {
    /// There are no images.
    NoImages,
    /// No image can be decoded; `files` images have this kind.
    OnlyUnsupported { files: usize, kind: FileKind },
    /// The images are in an archive.
    Archive { file: String, kind: FileKind },
    /// The only file is not an image.
    OtherFile { file: String, kind: FileKind },
    /// The version of CIFAR for Python.
    CifarForPython { version: CifarVersion },
    /// Images with boxes or masks, in the layout of YOLO, COCO or Pascal VOC.
    ObjectDetection,
    /// There are images, but no class folders.
    NoClasses { images: usize },
    /// There is a single class folder.
    OneClass { class: String },
    /// There is a validation or test folder, but no training folder.
    NoTrain { found: String },
    /// Classes in the validation folder that are not in the training folder.
    UnknownClasses { folder: String, classes: Vec<String> },
    /// None of the training images could be read; `reason` is that of the first.
    NoneReadable { images: usize, reason: Option<Box<SkipReason>> },
}

impl FolderError {
    /// The error for a file that was given in place of a folder.
    pub fn of_file(file: ListedFile) -> Self {
        match file.kind {
            Some(kind) if kind.is_decodable() => Self::NoClasses { images: 1 },
            _ => Self::without_images(&[file]),
        }
    }

    /// The error for files without any image that can be decoded.
    pub(super) fn without_images(files: &[ListedFile]) -> Self {
        let known: Vec<(&ListedFile, FileKind)> = files
            .iter()
            .filter(|file| !is_system_file(&file.path))
            .filter_map(|file| Some((file, file.kind?)))
            .collect();
        if let Some((_, kind)) = known.iter().find(|(_, kind)| kind.is_image()) {
            let files = known.iter().filter(|(_, other)| other == kind).count();
            return Self::OnlyUnsupported { files, kind: *kind };
        }
        if let Some((file, kind)) = known.iter().find(|(_, kind)| kind.is_archive()) {
            return Self::Archive { file: file.path.clone(), kind: *kind };
        }
        let has_pickle = |name: &str| {
            known
                .iter()
                .any(|(file, kind)| *kind == FileKind::Pickle && file_name(&file.path) == name)
        };
        if has_pickle("data_batch_1") || has_pickle("test_batch") {
            return Self::CifarForPython { version: CifarVersion::Cifar10 };
        }
        if has_pickle("train") && has_pickle("meta") {
            return Self::CifarForPython { version: CifarVersion::Cifar100 };
        }
        match known.as_slice() {
            [(file, kind)] => Self::OtherFile { file: file.path.clone(), kind: *kind },
            _ => Self::NoImages,
        }
    }

    /// [`Self::ObjectDetection`] if the images are not sorted into classes but have annotations; otherwise the same
    /// error.
    pub(super) fn or_object_detection(self, files: &[ListedFile]) -> Self {
        let is_unsorted = match &self {
            Self::NoClasses { .. } => true,
            Self::OneClass { class } => is_generic(class),
            _ => false,
        };
        let has_annotations = |file: &ListedFile| {
            let mut components = file.path.rsplit('/');
            let name = components.next().unwrap_or_default().to_lowercase();
            let is_text = [".txt", ".xml", ".json"].iter().any(|ending| name.ends_with(ending));
            is_text && (name.contains("annotations") || components.any(is_annotations))
        };
        if is_unsorted && files.iter().any(has_annotations) { Self::ObjectDetection } else { self }
    }
}

impl Localize for FolderError {
    fn localize(&self, texts: Texts) -> String {
        match self {
            Self::NoImages => texts.error_folder_no_images().into(),
            Self::OnlyUnsupported { files, kind } => texts.error_folder_only_unsupported(
                *files,
                &kind.describe(texts),
                kind.remedy(texts),
            ),
            Self::Archive { file, kind } => texts.error_folder_archive(file, &kind.describe(texts)),
            Self::OtherFile { file, kind } => {
                texts.error_folder_other_file(file, &kind.describe(texts))
            }
            Self::CifarForPython { version } => {
                texts.error_folder_cifar_for_python(version.name(), version.archive())
            }
            Self::ObjectDetection => texts.error_folder_object_detection().into(),
            Self::NoClasses { images } => texts.error_folder_no_classes(*images),
            Self::OneClass { class } => texts.error_folder_one_class(class),
            Self::NoTrain { found } => texts.error_folder_no_train(found),
            Self::UnknownClasses { folder, classes } => {
                texts.error_folder_unknown_classes(folder, &texts.quoted_list(classes))
            }
            Self::NoneReadable { images, reason } => {
                let reason = reason.as_ref().map_or_else(String::new, |one| one.localize(texts));
                texts.error_folder_none_readable(*images, &reason)
            }
        }
    }
}

display_in_english!(FolderError);
