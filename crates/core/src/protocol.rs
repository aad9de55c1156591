//! What crosses between the page and the worker, in both directions.
//!
//! A message is a small header (one of the enums here) and attachments: files, and buffers of
//! pixels or weights, which are handed over, not copied. `wire` puts them into the browser's messages.

mod distillation;
mod pictures;

use serde::{Deserialize, Serialize};

use crate::data::cifar::Cifar100Labels;
use crate::data::skipped::SkippedFile;
use crate::data::task::{Task, first_classes};
use crate::data::warning::DataWarning;
use crate::device::ComputeDevice;
use crate::metrics::prediction::Prediction;
use crate::metrics::evaluation::{ClassificationMetrics, EvaluationResults};
use crate::options::choices::Choices;
use crate::options::context::Context;
use crate::options::table::TrainConfig;
use crate::search::state::Search;
use crate::search::trial::RunResult;
use crate::train::distillation::{Contestant, Student};
use crate::train::event::Event as TrainEvent;
use crate::train::rate_finder::RatePoint;
pub use distillation::{ContestantResult, StudentProgress};
pub use pictures::{Caption, ClassSummary, Collection, Removal, TableSummary};

/// Raised with every change of the messages. The page and the worker refuse each other's messages of
/// another version: one of them is then an old copy, and reloading the page helps.
pub const VERSION: u32 = 6;

/// A class, for as long as the page lives. Unlike a label it stays when other classes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClassId(pub u32);

/// A picture, for as long as the page lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PictureId(pub u32);

/// What the page asks of the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Replaces all pictures by the built-in ones.
    UseSample,
    /// Adds an empty class, in place of pictures of a table. An empty name gets a free one, such as
    /// `Class 3`.
    AddClass {
        name: String,
    },
    RenameClass {
        class: ClassId,
        name: String,
    },
    /// Removes a class with its pictures.
    RemoveClass {
        class: ClassId,
    },
    /// Attached: picture files, added to a class.
    AddPictures {
        class: ClassId,
    },
    /// Attached: the files of a dropped or chosen folder (or several loose files), with their paths in
    /// it. Class folders become classes, a table among pictures says what is known of them, and the files
    /// of CIFAR-10 or CIFAR-100 (`.bin`, `.tar.gz`) become theirs: these replace all pictures. Pictures of
    /// one folder, or loose ones, become one more class.
    AddFolder {
        paths: Vec<String>,
        /// Folders without any file in them.
        empty_folders: Vec<String>,
        /// Which labels of CIFAR-100 are learned.
        cifar100: Cifar100Labels,
    },
    /// Replaces all pictures by the CIFAR-10 subset that the site offers.
    FetchCifar,
    RemovePicture {
        picture: PictureId,
    },
    RemoveAllPictures,
    /// Brings back what was removed last.
    UndoRemoval,
    /// Asks for the thumbnails of a class's pictures from index `from`.
    ShowPictures {
        class: ClassId,
        from: usize,
        count: usize,
    },

    /// The network that comes with the app.
    UseBundledModel,
    /// Attached: a weights file.
    UseModelFile,
    /// Downloads a known source, by its id in `model::weights::sources`.
    DownloadModel {
        source: String,
    },
    CancelDownload,

    ChooseDevice {
        device: ComputeDevice,
    },

    Train {
        config: Box<TrainConfig>,
    },
    Pause,
    Resume,
    /// Ends the run after its step; it can be continued.
    Stop,
    /// Goes on with a run that was stopped, interrupted or lost by a crash. Attached: its checkpoint, or
    /// nothing to begin it anew.
    Continue {
        config: Box<TrainConfig>,
    },

    /// Attached: a picture file, or the pixels of `frame` (RGBA, 8 bits, row-major).
    Predict {
        request: u32,
        frame: Option<FrameSize>,
    },
    /// Asks for the validation pictures that the trained network gets most wrong ([`Reply::Mistakes`]), and
    /// for the numbers that it predicted ([`Reply::PredictedNumbers`]).
    FindMistakes {
        count: usize,
    },
    /// Asks for the trained network as a safetensors file.
    Export {
        half_precision: bool,
    },

    /// Tests learning rates in one short run.
    FindLearningRate {
        config: Box<TrainConfig>,
    },
    /// Begins a hyperparameter search, or goes on with one.
    Search {
        /// The options that are not searched.
        choices: Choices,
        context: Box<Context>,
        search: Box<Search>,
    },
    /// Has the network that is tried teach a student, and compares the two. Attached: picture files of
    /// which nothing need be known, to learn from.
    Distill {
        student: Student,
        /// Fraction of each class kept for validation, where the images have no validation part.
        validation_share: f64,
        /// Images of each class that the student learns from at most.
        per_class: Option<u32>,
        /// Whether the student learns without its teacher too, first.
        compare: bool,
    },
    /// Puts one of those that were compared last in the place of the network that is tried.
    TryContestant {
        contestant: Contestant,
    },
}

/// The size of a camera frame, in px.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameSize {
    pub width: u32,
    pub height: u32,
}

/// What the worker tells the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// The worker takes commands from now on.
    Ready,
    Device(DeviceStatus),
    /// The pictures changed.
    Collection(Collection),
    /// Pictures are being read.
    Importing {
        done: usize,
        total: usize,
    },
    /// Files that were left out of an import, and what else should be known of it.
    Skipped {
        files: Vec<SkippedFile>,
        notices: Vec<DataWarning>,
    },
    /// Attached: thumbnails of `side` x `side` px, one after another in one buffer (RGBA).
    Thumbnails {
        class: ClassId,
        from: usize,
        pictures: Vec<Caption>,
        side: u32,
    },
    Model(ModelStatus),
    /// Pictures are being prepared for a run.
    Preparing {
        done: usize,
        total: usize,
    },
    /// What happened in the run since the last time, in order.
    Run(Vec<TrainEvent>),
    /// Attached: some pictures of the current batch as the network sees them, augmented: `side` x `side`
    /// px each, in one buffer (RGBA).
    BatchPictures {
        /// The class of each, where it is known.
        labels: Vec<Option<usize>>,
        side: u32,
    },
    /// The run ended and a trained network can be tried.
    Trained(Outcome),
    /// Attached: the run's state, kept by the page and handed back by [`Command::Continue`].
    Checkpoint {
        epoch: u32,
    },
    /// The run was stopped before its first step: there is nothing to keep.
    NothingTrained,
    /// The device of a run broke down and another took its place; the page continues the run.
    Interrupted {
        message: String,
    },
    /// What is predicted of the picture of the request, an answer to each of [`Outcome::tasks`].
    Prediction {
        request: u32,
        answers: Vec<Prediction>,
        seconds: f64,
    },
    /// Attached: thumbnails as in [`Reply::Thumbnails`].
    Mistakes {
        mistakes: Vec<Mistake>,
        side: u32,
    },
    /// With [`Reply::Mistakes`]: predicted and true numbers of the validation pictures, a list a task.
    PredictedNumbers(Vec<Vec<(f64, f64)>>),
    /// Attached: the file.
    Exported {
        file_name: String,
    },
    /// A learning rate was tested.
    LearningRate(RatePoint),
    /// What happened in the run of a search's trial since the last time, in order.
    TrialEvents(Vec<TrainEvent>),
    /// A run of a search's trial ended: what its [`Search`] is to be told.
    TrialEnded {
        trial: usize,
        rung: usize,
        result: RunResult,
    },
    /// How far a student is.
    StudentProgress(StudentProgress),
    /// One of the networks that are compared was measured.
    ContestantResult(ContestantResult),
    /// Attached: the file of the student that was taught, in float16.
    StudentFile {
        file_name: String,
    },
    /// What was asked for last of this subject is over, done or stopped: a search for a learning rate or for
    /// hyperparameters, or a distillation.
    Ended(Subject),
    /// A command could not be carried out. Everything else is as it was.
    Failed {
        about: Subject,
        message: String,
    },
    /// The worker cannot go on; the page offers to start another.
    Crashed {
        message: String,
    },
}

/// Which part of the app a message belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Pictures,
    Model,
    Device,
    Train,
    Try,
    LearningRate,
    Search,
    Distillation,
}

impl Subject {
    /// Whether the worker tells by [`Reply::Ended`] when a command about this is over. Other commands have
    /// replies of their own.
    pub fn ends(self) -> bool {
        matches!(self, Self::LearningRate | Self::Search | Self::Distillation)
    }
}

/// What computes, and what else could.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceStatus {
    pub gpu: GpuStatus,
    /// What a run or a prediction would be computed with now.
    pub device: ComputeDevice,
    /// Why it is that one, in plain words.
    pub reason: String,
    /// Measured training speed at 64 px, in images per second, where measured.
    pub cpu_speed: Option<f64>,
    pub gpu_speed: Option<f64>,
}

/// What is known of the GPU.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GpuStatus {
    /// Not looked for yet.
    Unknown,
    /// The browser or the machine offers none.
    Missing { reason: String },
    /// There is one, but only imitated by the processor; it can be chosen all the same.
    Software { name: String },
    /// There is one that was not checked yet.
    Found { name: String },
    /// Its results are being compared with the processor's; programs for it are being compiled.
    Checking { name: String, done: usize, total: usize },
    /// It computes right.
    Ready { name: String },
    /// It computed wrong, or broke down; it is not used.
    Failed { reason: String },
}

/// The pretrained network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelStatus {
    /// On its way; `total` bytes is 0 where unknown.
    Loading {
        title: String,
        received: u64,
        total: u64,
    },
    Ready(ModelSummary),
}

/// What is known of a pretrained network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelSummary {
    /// The id of the source, where it is a known one.
    pub source: Option<String>,
    pub title: String,
    /// For example `resnet18`.
    pub architecture: String,
    /// Length of its file.
    pub bytes: u64,
    /// Numbers in the network, without the head.
    pub parameters: u64,
    /// What it was trained on, where known.
    pub dataset: Option<String>,
    /// Classes of its own head; 0 where it has none.
    pub classes: usize,
    /// Share of right first class_predictions on its dataset, in percent, where known.
    pub top1_percent: Option<f32>,
    /// SPDX identifier, where known.
    pub licence: Option<String>,
    /// The input size it was trained at, in px, where known.
    pub input_size: Option<u32>,
    /// Where it is a network trained here before, which can be tried at once: its classes, or else the
    /// names of what it predicts.
    pub trained_classes: Option<Vec<String>>,
}

/// What a run left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// What the network predicts.
    pub tasks: Vec<Task>,
    /// On the validation pictures; none where there were none, and for a network loaded from a file.
    pub report: Option<EvaluationResults>,
    /// The epoch whose weights were kept, counted from 1; 0 for a network loaded from a file.
    pub best_epoch: u32,
}

impl Outcome {
    /// Whether it sorts into classes and predicts nothing else.
    pub fn only_sorts(&self) -> bool {
        matches!(&self.tasks[..], [task] if task.is_classification())
    }

    /// Names of the classes, in the order of the logits, where the first task sorts into some.
    pub fn classes(&self) -> &[String] {
        first_classes(&self.tasks)
    }

    /// The figures of sorting into classes.
    pub fn class_report(&self) -> Option<&ClassificationMetrics> {
        self.report.as_ref().and_then(EvaluationResults::classification)
    }
}

/// A picture taken for another class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mistake {
    pub name: String,
    /// Index of its class.
    pub label: usize,
    /// Index of the class it was taken for.
    pub predicted: usize,
    /// Probability of the class it was taken for, 0 to 1.
    pub confidence: f64,
}
