//! `tunelab distill`.

use std::path::Path;

use indicatif::ProgressBar;
use serde::Serialize;
use serde_json::json;

use super::args::{DistillArgs, StudentArg};
use super::error::{CliError, write};
use super::evaluate::load_model;
use super::options::accepted;
use super::output::Output;
use super::pictures::{self, DataOptions};
use super::report::headline;
use super::run_folder::json as pretty;
use super::source::{absolute, split};
use super::train::stop_on_interrupt;
use tunelab_core::data::split::subset_per_class;
use tunelab_core::data::task::{Target, Task};
use tunelab_core::model::architecture::Architecture;
use tunelab_core::options::Context;
use tunelab_core::train::distillation::{ComparedModel, Student};
use tunelab_core::train::event::Event;
use tunelab_engine::data::dataset::Dataset;
use tunelab_engine::data::transform::Preprocessing;
use tunelab_engine::device;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::FloatFormat;
use tunelab_engine::train::control::Control;
use tunelab_engine::train::control::RunState;
use tunelab_engine::train::distillation::{Distillation, DistillationEvent};
use tunelab_engine::trained_model::ModelInfo;
use tunelab_engine::trained_model::TrainedModel;

/// The taught student, and the table.
const STUDENT: &str = "student.safetensors";
const TABLE: &str = "distillation.json";

impl From<StudentArg> for Architecture {
    fn from(student: StudentArg) -> Self {
        match student {
            StudentArg::Resnet10quarter => Architecture::ResNet10Quarter,
            StudentArg::Resnet18eighth => Architecture::ResNet18Eighth,
        }
    }
}

/// A line of the table.
#[derive(Serialize)]
struct Line {
    name: &'static str,
    /// Of the file in float16.
    bytes: usize,
    /// On the validation images, one batch after another.
    images_per_second: f64,
    /// Accuracy, or what stands for it.
    score: f64,
}

/// Lets a trained network teach a small one.
pub async fn run(args: DistillArgs) -> Result<(), CliError> {
    let output = Output::new(args.output.json);
    let device = device::open(args.device.into()).await?;
    let teacher = load_model(&args.teacher, &device)?;
    let Some(info) = teacher.info.clone() else {
        let shown = args.teacher.display();
        return Err(CliError::Usage(format!("{shown} was not trained by this program")));
    };
    let (train, validation) = datasets(&args, &info, output)?;
    if !info.tasks().iter().any(Task::is_classification) {
        log::warn!(
            "a teacher teaches classes, and this one knows none: the student learns from the labels and numbers alone"
        );
    }
    let size = info.preprocessing.size;
    // Before anything is trained: the taught student comes last.
    let student = Student::from_choices(args.student.into(), args.options.choices())
        .map_err(CliError::Option)?;
    std::fs::create_dir_all(&args.out)
        .map_err(|error| CliError::Write { path: args.out.clone(), error })?;

    let control = Control::default();
    stop_on_interrupt(control.clone());
    let distillation = Distillation {
        teacher: &teacher.network,
        student: &student,
        size,
        train: &train,
        validation: &validation,
        with_baseline: !args.no_comparison,
        device: &device,
    };
    let mut lines = Vec::new();
    let mut bar = None;
    let completed = distillation
        .run(async |event| {
            match event {
                DistillationEvent::Training { model, epochs, event } => {
                    let bar = bar.get_or_insert_with(|| output.bar(u64::from(epochs), name(model)));
                    report_progress(model, event, bar, output);
                }
                DistillationEvent::Evaluating => return Ok(true),
                DistillationEvent::Measured(measured) => {
                    if let Some(bar) = bar.take() {
                        bar.finish_and_clear();
                    }
                    let file = file(&measured.network, &info).await?;
                    let report = measured.evaluation.results();
                    let name = name(measured.model);
                    output.line(format!("{name}: {}", headline(&validation.tasks, &report)));
                    lines.push(Line {
                        name,
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
    if !completed {
        output.line("Stopped; nothing is kept of the student under way.");
    }
    finish(&lines, !completed, &args.out, output)
}

/// What it is called in the table.
fn name(model: ComparedModel) -> &'static str {
    match model {
        ComparedModel::Teacher => "teacher",
        ComparedModel::Baseline => "student alone",
        ComparedModel::Distilled => "student taught",
    }
}

/// The pictures, in the teacher's terms; those beyond `--per-class`, and those of `--unlabelled`,
/// without a class.
fn datasets(
    args: &DistillArgs,
    info: &ModelInfo,
    output: Output,
) -> Result<(Dataset, Dataset), CliError> {
    let preprocessing = &info.preprocessing;
    let data = absolute(&args.data);
    let config = accepted(args.options.choices().resolve(&Context::default()))?.0;
    let options = DataOptions { seed: config.seed, cifar100: args.cifar100_labels.into() };
    let parts = pictures::load(&data, preprocessing, options, output)?;
    let (train, validation) =
        split(parts, args.val.as_deref(), config.validation_share, preprocessing, options, output)?;
    let tasks = info.tasks();
    let in_terms = |dataset: Dataset| {
        dataset
            .map_targets(&tasks)
            .map_err(|error| CliError::Relabel { path: data.clone().into(), error })
    };
    let (mut train, validation) = (in_terms(train)?, in_terms(validation)?);
    if let Some(count) = config.per_class {
        let mut known = vec![false; train.len()];
        for index in subset_per_class(&train.strata(), count as usize, config.seed) {
            known[index] = true;
        }
        for (example, known) in train.examples.iter_mut().zip(known) {
            if !known {
                example.targets.fill(Target::Missing);
            }
        }
    }
    if let Some(folder) = &args.unlabelled {
        train.examples.extend(unlabelled(folder, preprocessing, tasks.len(), output)?);
    }
    Ok((train, validation))
}

fn unlabelled(
    folder: &Path,
    preprocessing: &Preprocessing,
    tasks: usize,
    output: Output,
) -> Result<Vec<tunelab_engine::data::dataset::Example>, CliError> {
    let pictures = pictures::load_unsorted(folder, preprocessing, output)?;
    let example =
        |(name, picture)| tunelab_engine::data::dataset::Example::unlabelled(name, tasks, picture);
    Ok(pictures.into_iter().map(example).collect())
}

fn report_progress(model: ComparedModel, event: &Event, bar: &ProgressBar, output: Output) {
    match event {
        Event::Started { train_examples, .. } => output.event(&json!({
            "event": "started",
            "name": name(model),
            "train_examples": train_examples,
        })),
        Event::Epoch { epoch, train_loss, validation, .. } => {
            output.event(&json!({
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

/// The network's file in float16.
async fn file(network: &ResNet, info: &ModelInfo) -> Result<Vec<u8>, CliError> {
    TrainedModel::to_bytes(network, info, FloatFormat::F16)
        .await
        .map_err(|error| CliError::Model { path: STUDENT.into(), error })
}

fn finish(lines: &[Line], stopped: bool, out: &Path, output: Output) -> Result<(), CliError> {
    output.line(format!("{:<16} {:>9} {:>10} {:>8}", "", "size", "images/s", "score"));
    for line in lines {
        output.line(format!(
            "{:<16} {:>6.2} MB {:>10.0} {:>8.3}",
            line.name,
            line.bytes as f64 / 1e6,
            line.images_per_second,
            line.score
        ));
    }
    write(&out.join(TABLE), pretty(&lines))?;
    let shown = out.display().to_string();
    output.event(&json!({ "event": "done", "table": lines, "stopped": stopped, "out": shown }));
    if !stopped {
        output.line(format!("The taught student is in {shown}/{STUDENT}."));
    }
    Ok(())
}
