//! Distills the trained model into a small one, and compares them.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tunelab_core::data::dataset_error::DatasetError;
use tunelab_core::options::context::TaskCounts;
use tunelab_core::protocol::{ComparisonResult, Reply, StudentProgress, WorkerError};
use tunelab_core::train::distillation::{ComparedModel, Student};
use tunelab_core::train::event::Event;
use tunelab_engine::data::dataset::{Dataset, Example};
use tunelab_engine::model::weights::FloatFormat;
use tunelab_engine::train::distillation::{Distillation, DistillationEvent, MeasuredModel};
use tunelab_engine::trained_model::{ModelInfo, TrainedModel};
use tunelab_wire::buffer;
use wasm_bindgen::JsValue;
use web_time::Instant;

use super::classifier::{Classifier, FinishedRun, Validated};
use super::files::{Progress, load_images};
use super::messages::{TimeSlice, post, post_with};
use super::state::State;

/// The time between two reports of progress within an epoch.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(200);

/// A distillation that the page requests ([`Distill`](tunelab_core::protocol::Command::Distill)).
pub struct DistillationRequest {
    pub student: Student,
    pub validation_share: f64,
    pub per_class: Option<u32>,
    pub with_baseline: bool,
}

/// Distills the trained model. `unlabeled` are image files without labels. The student that is being trained when
/// the user stops is lost.
///
/// # Errors
/// There is no trained model, the images do not match it, or a run fails.
pub async fn distill(
    state: &State,
    request: &DistillationRequest,
    unlabeled: &[JsValue],
) -> Result<(), WorkerError> {
    state.run.begin()?;
    let result = prepare_and_distill(state, request, unlabeled).await;
    state.run.end();
    result
}

async fn prepare_and_distill(
    state: &State,
    request: &DistillationRequest,
    unlabeled: &[JsValue],
) -> Result<(), WorkerError> {
    let is_cancelled = || state.run.is_stopping();
    let teacher = state.trained.teacher()?;
    let info = teacher.info();
    let preprocessing = &info.preprocessing;
    state.images.prepare(preprocessing, is_cancelled).await;
    let (mut train, validation) = datasets(state, request, info)?;
    if !unlabeled.is_empty() {
        let tasks = train.tasks.len();
        let progress = Progress::of_preparation(unlabeled.len());
        let images = load_images(unlabeled, preprocessing, progress, is_cancelled).await;
        train.examples.extend(
            images
                .into_iter()
                .map(|(file, image)| Example::unlabeled(file.name(), tasks, Arc::new(image))),
        );
    }
    state.devices.wait(is_cancelled).await;
    if is_cancelled() {
        return Ok(());
    }
    let device = state.devices.active();
    let network = TrainedModel::from_bytes(teacher.file(), &device.device);
    let network = network?.network;
    let distillation = Distillation {
        teacher: &network,
        student: &request.student,
        size: preprocessing.size,
        train: &train,
        validation: &validation,
        with_baseline: request.with_baseline,
        device: &device.device,
    };
    let mut reporter = ProgressReporter::new();
    let mut slice = TimeSlice::start();
    let result = distillation
        .run(async |event| {
            device.check()?;
            match event {
                DistillationEvent::Training { model, epochs, event } => {
                    reporter.report(model, epochs, event);
                }
                DistillationEvent::Evaluating => {}
                DistillationEvent::Measured(measured) => {
                    let (model, classifier) = match measured.model {
                        ComparedModel::Teacher => {
                            post_result(&teacher, &measured)?;
                            (ComparedModel::Teacher, teacher.clone())
                        }
                        model => {
                            let student = student(*measured, info, &validation).await?;
                            (model, Rc::new(student))
                        }
                    };
                    state.trained.add_compared(model, classifier);
                    return Ok(true);
                }
            }
            slice.pause().await;
            Ok::<_, WorkerError>(!is_cancelled())
        })
        .await;
    // Checked first, because results of a failed device cannot be trusted.
    let checked = state.devices.verify(&device);
    device.free_memory();
    checked?;
    result.map(drop)
}

/// The training and the validation set, mapped to the tasks of the teacher.
fn datasets(
    state: &State,
    request: &DistillationRequest,
    info: &ModelInfo,
) -> Result<(Dataset, Dataset), WorkerError> {
    let preprocessing = &info.preprocessing;
    let config = request.student.config(preprocessing.size, 1, TaskCounts::default(), true);
    let (train, validation) = state.images.collection().limited_datasets(
        preprocessing,
        request.validation_share,
        request.per_class,
        config.seed,
    );
    if train.is_empty() {
        return Err(DatasetError::NoImages.into());
    }
    if validation.is_empty() {
        return Err(WorkerError::NoValidationImages);
    }
    let tasks = info.tasks();
    Ok((train.map_targets(&tasks)?, validation.map_targets(&tasks)?))
}

/// The trained student. Sends its measurements to the page.
async fn student(
    measured: MeasuredModel,
    info: &ModelInfo,
    validation: &Dataset,
) -> Result<Classifier, WorkerError> {
    let file = TrainedModel::to_bytes(&measured.network, info, FloatFormat::F32).await;
    let classifier = file.and_then(Classifier::from_file)?;
    post_result(&classifier, &measured)?;
    let run = FinishedRun {
        report: Some(measured.evaluation.results()),
        best_epoch: measured.best_epoch,
    };
    let validated = Validated {
        images: validation.clone(),
        predicted_numbers: measured.evaluation.predicted_numbers(),
        class_predictions: measured.evaluation.into_class_predictions(),
    };
    Ok(classifier.validated_on(validated).of_run(run))
}

/// Sends the measurements of a model to the page, and the file of the distilled one.
fn post_result(classifier: &Classifier, measured: &MeasuredModel) -> Result<(), WorkerError> {
    let file = classifier.half_precision()?;
    let report = measured.evaluation.results();
    post(&Reply::ComparisonResult(ComparisonResult {
        model: measured.model,
        bytes: file.len() as u64,
        images_per_second: measured.images_per_second,
        score: report.score(),
        is_accuracy: report.is_accuracy(),
    }));
    if measured.model == ComparedModel::Distilled {
        let file_name = classifier.file_name();
        post_with(&Reply::StudentFile { file_name }, &[buffer(&file)]);
    }
    Ok(())
}

/// Reports the progress of a student to the page.
struct ProgressReporter {
    progress: StudentProgress,
    steps_per_epoch: u64,
    reported: Instant,
}

impl ProgressReporter {
    fn new() -> Self {
        let progress = StudentProgress {
            model: ComparedModel::Teacher,
            examples: 0,
            epoch: 0,
            epochs: 0,
            share: 0.0,
            seconds: 0.0,
            score: None,
        };
        Self { progress, steps_per_epoch: 1, reported: Instant::now() }
    }

    fn report(&mut self, model: ComparedModel, epochs: u32, event: &Event) {
        match event {
            Event::Started { train_examples, steps_per_epoch, .. } => {
                *self = Self::new();
                self.progress.model = model;
                self.progress.epochs = epochs;
                self.progress.examples = *train_examples;
                self.steps_per_epoch = (*steps_per_epoch).max(1);
            }
            Event::Step { step, .. } => {
                let steps = self.steps_per_epoch;
                self.progress.share = ((step - 1) % steps + 1) as f64 / steps as f64;
                if self.reported.elapsed() < PROGRESS_INTERVAL {
                    return;
                }
            }
            Event::Epoch { epoch, validation, seconds, .. } => {
                self.progress.epoch = *epoch;
                self.progress.share = 0.0;
                self.progress.seconds = *seconds;
                self.progress.score = Some(validation.score());
            }
            _ => return,
        }
        self.reported = Instant::now();
        post(&Reply::StudentProgress(self.progress.clone()));
    }
}
