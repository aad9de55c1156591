//! `tunelab evaluate`.

use std::path::Path;
use std::time::Instant;

use burn::tensor::Device;
use serde_json::json;

use super::args::EvaluateArgs;
use super::error::{CliError, read};
use super::output::{Output, percent};
use super::pictures;
use super::pretrained::input_size;
use crate::data::{Dataset, Preprocessing};
use crate::device::ComputeDevice;
use crate::eval::Report;
use crate::eval::evaluator::Evaluation;
use crate::export::TrainedModel;
use crate::model::FoldedResNet;

/// Measures a trained network on labelled images.
pub async fn run(args: EvaluateArgs) -> Result<(), CliError> {
    let started = Instant::now();
    let output = Output::new(args.output.json);
    let device = ComputeDevice::from(args.device).open().await?;
    let model = load_model(&args.model, &device)?;
    let preprocessing = preprocessing(&model, args.size)?;
    let parts = pictures::load(&args.data, &preprocessing, 0, output)?;
    let dataset = parts.validation.unwrap_or(parts.train);
    dataset.validate_for_evaluation()?;
    let dataset = with_labels_of(&model, dataset, &args.data)?;

    let network = FoldedResNet::new(&model.network);
    let bar = output.bar(dataset.len() as u64, "Classifying");
    let mut evaluation = Evaluation::new(model.network.fc.classes());
    while evaluation.done() < dataset.len() {
        evaluation.advance(&network, &dataset, &device).await?;
        bar.set_position(evaluation.done() as u64);
    }
    bar.finish_and_clear();
    print(output, &evaluation.report(), &dataset, started.elapsed().as_secs_f64());
    Ok(())
}

fn print(output: Output, report: &Report, dataset: &Dataset, seconds: f64) {
    output.event(&json!({
        "event": "report",
        "classes": dataset.classes,
        "images": dataset.len(),
        "per_class_accuracy": report.per_class_accuracy,
        "confusion": report.confusion,
    }));
    for (class, accuracy) in dataset.classes.iter().zip(&report.per_class_accuracy) {
        if let Some(accuracy) = accuracy {
            output.line(format!("{:>7}  {class}", percent(*accuracy)));
        }
    }
    output.line(format!(
        "{} of {} images are classified right (loss {:.3}, macro F1 {}).",
        percent(report.top1),
        dataset.len(),
        report.loss,
        percent(report.macro_f1)
    ));
    output.event(&json!({
        "event": "done",
        "top1": report.top1,
        "loss": report.loss,
        "macro_f1": report.macro_f1,
        "seconds": seconds,
    }));
}

/// Reads a trained network's file.
pub fn load_model(path: &Path, device: &Device) -> Result<TrainedModel, CliError> {
    TrainedModel::from_bytes(&read(path)?, device)
        .map_err(|error| CliError::Model { path: path.to_path_buf(), error })
}

/// How the network was trained to see its input, at another size where one is given.
pub fn preprocessing(model: &TrainedModel, size: Option<u32>) -> Result<Preprocessing, CliError> {
    let trained = model.info.as_ref().map(|info| info.preprocessing).unwrap_or_default();
    Ok(match size {
        Some(side) => Preprocessing { size: input_size(side)?, ..trained },
        None => trained,
    })
}

/// The dataset with its labels in the order of the model's classes. A file without class names must
/// have as many classes as the data, and is taken to have them in the data's order.
fn with_labels_of(model: &TrainedModel, dataset: Dataset, path: &str) -> Result<Dataset, CliError> {
    let Some(info) = &model.info else {
        let classes = model.network.fc.classes();
        if classes == dataset.classes.len() {
            return Ok(dataset);
        }
        let found = dataset.classes.len();
        return Err(CliError::Usage(format!(
            "the network tells {classes} classes apart, but {path} has {found}"
        )));
    };
    let label_of = |name: &String| info.classes.iter().position(|class| class == name);
    let labels: Vec<Option<usize>> = dataset.classes.iter().map(label_of).collect();
    let mut relabelled = Dataset { classes: info.classes.clone(), ..dataset.clone() };
    for example in &mut relabelled.examples {
        let Some(label) = labels[example.label] else {
            return Err(CliError::Usage(format!(
                "the network was not trained on the class {} of {path}; it knows {}",
                dataset.classes[example.label],
                info.classes.join(", ")
            )));
        };
        example.label = label;
    }
    Ok(relabelled)
}
