//! `tunelab distill`.

use indicatif::ProgressBar;
use serde::Serialize;
use serde_json::json;
use tunelab_l10n::Texts;

use super::args::{DistillArgs, StudentArg};
use super::dataset::{self, DataOptions};
use super::error::{CliError, FileError, write};
use super::evaluate::load_model;
use super::images::load_unlabeled;
use super::options::accepted;
use super::output::Output;
use super::report::summary;
use super::run_folder::json as pretty;
use super::source::{absolute, split};
use super::train::stop_on_interrupt;
use tunelab_core::data::split::subset_per_class;
use tunelab_core::data::task::{Target, Task};
use tunelab_core::model::architecture::Architecture;
use tunelab_core::options::Context;
use tunelab_core::train::distillation::{ComparedModel, Student};
use tunelab_core::train::event::Event;
use tunelab_engine::data::dataset::{Dataset, Example};
use tunelab_engine::device;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::FloatFormat;
use tunelab_engine::train::control::{Control, RunState};
use tunelab_engine::train::distillation::{Distillation, DistillationEvent};
use tunelab_engine::trained_model::{ModelInfo, TrainedModel};

/// The distilled student.
const STUDENT: &str = "student.safetensors";
/// The comparison of the models.
const TABLE: &str = "distillation.json";

impl From<StudentArg> for Architecture {
    fn from(student: StudentArg) -> Self {
        match student {
            StudentArg::Resnet10quarter => Architecture::ResNet10Quarter,
            StudentArg::Resnet18eighth => Architecture::ResNet18Eighth,
        }
    }
}

/// A row of the comparison.
#[derive(Serialize)]
struct Row {
    name: &'static str,
    /// The size of the file in float16.
    bytes: usize,
    /// The inference speed on the validation images.
    images_per_second: f64,
    score: f64,
}

/// Distills a trained model into a small one.
pub async fn run(args: DistillArgs, output: Output) -> Result<(), CliError> {
    let texts = output.texts;
    let device = device::open(args.device.into()).await?;
    let teacher = load_model(&args.teacher, &device)?;
    let Some(info) = teacher.info.clone() else {
        return Err(CliError::at(&args.teacher)(FileError::NotTrainedHere));
    };
    let (train, validation) = datasets(&args, &info, output)?;
    if !info.tasks().iter().any(Task::is_classification) {
        output.warn(texts.cli_teacher_without_classes());
    }
    let size = info.preprocessing.size;
    // Reports invalid options before the first training.
    let student = Student::from_choices(args.student.into(), args.options.choices())
        .map_err(CliError::Option)?;
    std::fs::create_dir_all(&args.out).map_err(CliError::writing(&args.out))?;

    let control = Control::default();
    stop_on_interrupt(control.clone(), output);
    let distillation = Distillation {
        teacher: &teacher.network,
        student: &student,
        size,
        train: &train,
        validation: &validation,
        with_baseline: !args.no_comparison,
        device: &device,
    };
    let mut rows = Vec::new();
    let mut bar = None;
    let completed = distillation
        .run(async |event| {
            match event {
                DistillationEvent::Training { model, epochs, event } => {
                    let bar = bar
                        .get_or_insert_with(|| output.bar(u64::from(epochs), label(texts, model)));
                    report_progress(model, event, bar, output);
                }
                DistillationEvent::Evaluating => return Ok(true),
                DistillationEvent::Measured(measured) => {
                    if let Some(bar) = bar.take() {
                        bar.finish_and_clear();
                    }
                    let file = file(&measured.network, &info).await?;
                    let report = measured.evaluation.results();
                    output.line(texts.cli_compared_model(
                        label(texts, measured.model),
                        &summary(texts, &validation.tasks, &report),
                        &texts.file_size(file.len() as u64),
                        &texts.speed(measured.images_per_second),
                    ));
                    rows.push(Row {
                        name: name(measured.model),
                        bytes: file.len(),
                        images_per_second: measured.images_per_second,
                        score: report.score(),
                    });
                    if measured.model == ComparedModel::Distilled {
                        write(&args.out.join(STUDENT), &file)?;
                    }
                    return Ok::<_, CliError>(true);
                }
            }
            Ok(control.requested() != RunState::Stopped)
        })
        .await?;
    write(&args.out.join(TABLE), pretty(&rows))?;
    let out = args.out.display().to_string();
    output.event(json!({ "event": "done", "table": rows, "stopped": !completed, "out": out }));
    output.line(match completed {
        true => texts.cli_student_saved(&format!("{out}/{STUDENT}")),
        false => texts.distill_stopped().into(),
    });
    Ok(())
}

/// The name of a model in JSON.
fn name(model: ComparedModel) -> &'static str {
    match model {
        ComparedModel::Teacher => "teacher",
        ComparedModel::Baseline => "student alone",
        ComparedModel::Distilled => "student taught",
    }
}

fn label(texts: Texts, model: ComparedModel) -> &'static str {
    match model {
        ComparedModel::Teacher => texts.distill_teacher(),
        ComparedModel::Baseline => texts.distill_without_teacher(),
        ComparedModel::Distilled => texts.distill_with_teacher(),
    }
}

/// The training and the validation set, with the tasks of the teacher. Images beyond `--per-class` and those of
/// `--unlabeled` have no labels.
fn datasets(
    args: &DistillArgs,
    info: &ModelInfo,
    output: Output,
) -> Result<(Dataset, Dataset), CliError> {
    let preprocessing = &info.preprocessing;
    let data = absolute(&args.data);
    let config = accepted(args.options.choices().resolve(&Context::default()))?.0;
    let options = DataOptions { seed: config.seed, cifar100: args.cifar100_labels.into() };
    let splits = dataset::load(&data, preprocessing, options, output)?;
    let (train, validation) = split(
        splits,
        args.val.as_deref(),
        config.validation_share,
        preprocessing,
        options,
        output,
    )?;
    let tasks = info.tasks();
    let with_tasks =
        |dataset: Dataset| dataset.map_targets(&tasks).map_err(CliError::at(data.as_ref()));
    let (mut train, validation) = (with_tasks(train)?, with_tasks(validation)?);
    if let Some(count) = config.per_class {
        let mut is_labeled = vec![false; train.len()];
        for index in subset_per_class(&train.strata(), count as usize, config.seed) {
            is_labeled[index] = true;
        }
        for (example, is_labeled) in train.examples.iter_mut().zip(is_labeled) {
            if !is_labeled {
                example.targets.fill(Target::Missing);
            }
        }
    }
    if let Some(folder) = &args.unlabeled {
        let images = load_unlabeled(folder, preprocessing, output)?.into_iter();
        let unlabeled = |(name, image)| Example::unlabeled(name, tasks.len(), image);
        train.examples.extend(images.map(unlabeled));
    }
    Ok((train, validation))
}

fn report_progress(model: ComparedModel, event: &Event, bar: &ProgressBar, output: Output) {
    match event {
        Event::Started { train_examples, .. } => output.event(json!({
            "event": "started",
            "name": name(model),
            "train_examples": train_examples,
        })),
        Event::Epoch { epoch, train_loss, validation, .. } => {
            output.event(json!({
                "event": "epoch",
                "name": name(model),
                "epoch": epoch,
                "train_loss": train_loss,
                "score": validation.score(),
            }));
            bar.set_position(u64::from(*epoch));
        }
        _ => {}
    }
}

/// The model file in float16.
async fn file(network: &ResNet, info: &ModelInfo) -> Result<Vec<u8>, CliError> {
    TrainedModel::to_bytes(network, info, FloatFormat::F16)
        .await
        .map_err(CliError::at(STUDENT.as_ref()))
}
