//! Commands from the page to the worker.

use serde::{Deserialize, Serialize};

use super::{ClassId, ImageId, Subject};
use crate::data::cifar::Cifar100Labels;
use crate::device::ComputeDevice;
use crate::options::choices::Choices;
use crate::options::context::Context;
use crate::options::table::TrainConfig;
use crate::search::state::Search;
use crate::train::distillation::{ComparedModel, Student};

/// A command from the page to the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Replaces all images with the built-in sample dataset.
    UseSample,
    /// Adds an empty class. Replaces images that a table describes. A name that is taken gets a number.
    AddClass {
        name: String,
    },
    RenameClass {
        class: ClassId,
        name: String,
    },
    /// Removes a class and its images.
    RemoveClass {
        class: ClassId,
    },
    /// Adds images to a class. Attached: the image files.
    AddImages {
        class: ClassId,
    },
    /// Imports a dropped or chosen folder, or several loose files. Attached: the files, in the order of `paths`.
    ///
    /// Class folders become classes, a table describes the images next to it, and the files of CIFAR-10 or
    /// CIFAR-100 (`.bin`, `.tar.gz`) are read as such; all of these replace all images. The images of a single
    /// folder, or loose images, become one more class.
    AddFolder {
        /// Paths of the files in the folder.
        paths: Vec<String>,
        /// Folders without files.
        empty_folders: Vec<String>,
        /// Whether to learn the fine labels of CIFAR-100, the coarse ones, or both.
        cifar100: Cifar100Labels,
    },
    /// Replaces all images with CIFAR-10, downloaded from the site.
    FetchCifar,
    RemoveImage {
        image: ImageId,
    },
    RemoveAllImages,
    /// Restores what was removed last.
    UndoRemoval,
    /// Requests thumbnails of `count` images of a class, from index `from` on.
    LoadThumbnails {
        class: ClassId,
        from: usize,
        count: usize,
    },

    /// Loads the included model.
    UseBundledModel,
    /// Loads a model file. Attached: the file.
    UseModelFile,
    /// Downloads a model, by its id in `model::sources`.
    DownloadModel {
        source: String,
    },
    CancelDownload,

    ChooseDevice {
        device: ComputeDevice,
    },
    /// Sets how many threads compute on the CPU.
    ChooseThreads {
        threads: u32,
    },

    Train {
        config: Box<TrainConfig>,
    },
    Pause,
    Resume,
    /// Stops the current work after its current step. A training run can be continued later.
    Stop,
    /// Continues a run that was stopped, interrupted or lost in a crash. Attached: its checkpoint, or nothing to
    /// restart it.
    Continue {
        config: Box<TrainConfig>,
    },

    /// Classifies an image. Attached: an image file, or the pixels of `frame` (RGBA, 8 bits, row-major).
    Predict {
        request: u32,
        frame: Option<FrameSize>,
    },
    /// Requests the validation images with the worst predictions ([`Mistakes`](super::Reply::Mistakes)) and the
    /// predicted numbers ([`PredictedNumbers`](super::Reply::PredictedNumbers)).
    FindMistakes {
        count: usize,
    },
    /// Requests the trained model as a safetensors file.
    Export {
        half_precision: bool,
    },

    /// Runs a learning-rate range test.
    FindLearningRate {
        config: Box<TrainConfig>,
    },
    /// Starts a hyperparameter search, or continues one.
    Search {
        /// The options that are not searched.
        choices: Choices,
        context: Box<Context>,
        search: Box<Search>,
    },
    /// Distills the trained model into a student and compares the two. Attached: image files without labels, as
    /// additional training data.
    Distill {
        student: Student,
        /// Fraction of each class that is held out for validation, unless the images have a validation split.
        validation_share: f64,
        /// Maximum number of training images per class.
        per_class: Option<u32>,
        /// Whether the student is also trained without the teacher, as a baseline.
        compare: bool,
    },
    /// Selects one of the compared models for prediction and export.
    UseComparedModel {
        model: ComparedModel,
    },
}

impl Command {
    /// The part of the app that the command belongs to.
    pub fn subject(&self) -> Subject {
        match self {
            Self::UseSample
            | Self::AddClass { .. }
            | Self::RenameClass { .. }
            | Self::RemoveClass { .. }
            | Self::AddImages { .. }
            | Self::AddFolder { .. }
            | Self::FetchCifar
            | Self::RemoveImage { .. }
            | Self::RemoveAllImages
            | Self::UndoRemoval
            | Self::LoadThumbnails { .. } => Subject::Images,
            Self::UseBundledModel
            | Self::UseModelFile
            | Self::DownloadModel { .. }
            | Self::CancelDownload => Subject::Model,
            Self::ChooseDevice { .. } | Self::ChooseThreads { .. } => Subject::Device,
            Self::Train { .. }
            | Self::Pause
            | Self::Resume
            | Self::Stop
            | Self::Continue { .. } => Subject::Train,
            Self::Predict { .. } | Self::FindMistakes { .. } | Self::Export { .. } => Subject::Try,
            Self::FindLearningRate { .. } => Subject::LearningRate,
            Self::Search { .. } => Subject::Search,
            Self::Distill { .. } | Self::UseComparedModel { .. } => Subject::Distillation,
        }
    }
}

/// The size of a camera frame, in px.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameSize {
    pub width: u32,
    pub height: u32,
}
