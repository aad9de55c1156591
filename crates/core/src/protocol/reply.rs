//! Replies from the worker to the page.

use serde::{Deserialize, Serialize};

use super::device::DeviceStatus;
use super::error::WorkerError;
use super::images::{CollectionSummary, ImageCaption};
use super::{ClassId, Subject};
use crate::data::skipped::SkippedFile;
use crate::data::task::{Task, first_classes};
use crate::data::warning::DataWarning;
use crate::metrics::evaluation::{ClassificationMetrics, EvaluationResults};
use crate::metrics::prediction::Prediction;
use crate::search::trial::RunResult;
use crate::train::distillation::ComparedModel;
use crate::train::event::Event;
use crate::train::rate_finder::RatePoint;

/// A message from the worker to the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// The worker is ready for commands.
    Ready,
    Device(DeviceStatus),
    /// The images changed.
    Collection(CollectionSummary),
    /// Images read by an import, or bytes downloaded of CIFAR-10.
    Importing {
        done: usize,
        total: usize,
    },
    /// Files that an import skipped, and warnings about the others.
    ImportReport {
        skipped: Vec<SkippedFile>,
        warnings: Vec<DataWarning>,
    },
    /// Attached: concatenated thumbnails of `side` x `side` px (RGBA, 8 bits).
    Thumbnails {
        class: ClassId,
        from: usize,
        captions: Vec<ImageCaption>,
        side: u32,
    },
    Model(ModelStatus),
    /// Images preprocessed for a run.
    Preparing {
        done: usize,
        total: usize,
    },
    /// Events of the training run since the last message, in order.
    TrainEvents(Vec<Event>),
    /// Attached: concatenated images of the current batch, augmented, of `side` x `side` px (RGBA, 8 bits).
    BatchImages {
        /// The class of each image; `None` if unlabeled.
        labels: Vec<Option<usize>>,
        side: u32,
    },
    /// There is a trained model to try.
    Trained(TrainResult),
    /// Attached: a checkpoint of the run, which the page stores for [`Continue`](super::Command::Continue).
    Checkpoint,
    /// The run was stopped before its first step, so there is no model.
    NothingTrained,
    /// The GPU failed during a run. The page continues the run on the CPU.
    Interrupted {
        error: WorkerError,
    },
    /// The predictions for an image, one per task ([`TrainResult::tasks`]).
    Prediction {
        request: u32,
        answers: Vec<Prediction>,
        seconds: f64,
    },
    /// Attached: thumbnails as in [`Self::Thumbnails`].
    Mistakes {
        mistakes: Vec<Mistake>,
        side: u32,
    },
    /// Predicted and true numbers of the validation images, one list per task. Sent with [`Self::Mistakes`].
    PredictedNumbers(Vec<Vec<(f64, f64)>>),
    /// Attached: the file of the trained model.
    Exported {
        file_name: String,
    },
    /// One learning rate of the range test.
    LearningRate(RatePoint),
    /// Events of a trial's training run since the last message, in order.
    TrialEvents(Vec<Event>),
    /// The result of a trial's run, for [`Search::report`](crate::search::Search::report).
    TrialEnded {
        trial: usize,
        rung: usize,
        result: RunResult,
    },
    StudentProgress(StudentProgress),
    ComparisonResult(ComparisonResult),
    /// Attached: the file of the distilled student, in float16.
    StudentFile {
        file_name: String,
    },
    /// The last command of this subject finished or was stopped ([`Subject::sends_ended`]).
    Ended(Subject),
    /// A command failed. The state is unchanged.
    Failed {
        about: Subject,
        error: WorkerError,
    },
    /// The worker cannot continue. The page offers to start a new one.
    Crashed {
        error: WorkerError,
    },
}

/// The state of the pretrained model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelStatus {
    /// The model is being loaded. Sizes are in bytes; `total` is 0 if unknown.
    Loading {
        /// The id of its source in `model::sources`; `None` for a file of the user.
        source: Option<String>,
        title: String,
        received: u64,
        total: u64,
    },
    Ready(ModelSummary),
}

/// A pretrained model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelSummary {
    /// The id of its source in `model::sources`, if it is a known one.
    pub source: Option<String>,
    pub title: String,
    /// For example `resnet18`.
    pub architecture: String,
    /// The size of its file.
    pub bytes: u64,
    /// The number of parameters, without the head.
    pub parameters: u64,
    /// The training dataset, if known.
    pub dataset: Option<String>,
    /// The number of classes of the head; 0 without a head.
    pub classes: usize,
    /// Top-1 accuracy on its dataset in percent, if known.
    pub top1_percent: Option<f32>,
    /// SPDX identifier, if known.
    pub license: Option<String>,
    /// The input size of its training in px, if known.
    pub input_size: Option<u32>,
    /// For a model that was trained with tunelab, which can predict immediately: its classes, or without classes the
    /// names of its tasks.
    pub trained_classes: Option<Vec<String>>,
}

/// The result of a training run, or a trained model that was loaded from a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainResult {
    /// In the order of the outputs.
    pub tasks: Vec<Task>,
    /// Metrics on the validation images; `None` without validation images, and for a model from a file.
    pub report: Option<EvaluationResults>,
    /// The best epoch, counted from 1; 0 for a model from a file.
    pub best_epoch: u32,
}

impl TrainResult {
    /// Whether the only task is a classification.
    pub fn is_only_classification(&self) -> bool {
        matches!(&self.tasks[..], [task] if task.is_classification())
    }

    /// The class names of the first task, in the order of the logits; empty if it is not a classification.
    pub fn classes(&self) -> &[String] {
        first_classes(&self.tasks)
    }

    /// The metrics of the first task, if it is a classification.
    pub fn class_report(&self) -> Option<&ClassificationMetrics> {
        self.report.as_ref().and_then(EvaluationResults::classification)
    }
}

/// A misclassified validation image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mistake {
    pub name: String,
    /// The index of the true class.
    pub label: usize,
    /// The index of the predicted class.
    pub predicted: usize,
    /// The probability of the predicted class, 0 to 1.
    pub confidence: f64,
}

/// The progress of a student's training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StudentProgress {
    pub model: ComparedModel,
    /// The number of training images.
    pub examples: usize,
    /// Finished epochs.
    pub epoch: u32,
    pub epochs: u32,
    /// The finished fraction of the current epoch, 0 to 1.
    pub share: f64,
    /// Duration of the last epoch; 0 before the first has ended.
    pub seconds: f64,
    /// The validation score after the last epoch, at most 1.
    pub score: Option<f64>,
}

/// The measurements of one of the compared models.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparisonResult {
    pub model: ComparedModel,
    /// The size of its file in float16.
    pub bytes: u64,
    /// Inference throughput on the validation images, in batches.
    pub images_per_second: f64,
    /// The validation score, at most 1.
    pub score: f64,
    /// Whether the score is an accuracy.
    pub is_accuracy: bool,
}
