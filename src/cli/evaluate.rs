//! `tunelab evaluate`.

use std::path::Path;
use std::time::Instant;

use burn::tensor::Device;
use serde_json::{Map, json};

use super::args::EvaluateArgs;
use super::error::{CliError, read};
use super::output::Output;
use super::pictures::{self, DataOptions};
use super::pretrained::input_size;
use super::report::{details, headline, report_json, summary_json};
use tunelab_core::data::task::outputs;
use tunelab_core::metrics::evaluation::EvaluationResults;
use tunelab_engine::data::dataset::Dataset;
use tunelab_engine::data::transform::Preprocessing;
use tunelab_engine::device;
use tunelab_engine::eval::evaluator::Evaluator;
use tunelab_engine::model::folded::FoldedResNet;
use tunelab_engine::trained_model::TrainedModel;

/// Measures a trained network on labelled images.
pub async fn run(args: EvaluateArgs) -> Result<(), CliError> {
    let started = Instant::now();
    let output = Output::new(args.output.json);
    let device = device::open(args.device.into()).await?;
    let model = load_model(&args.model, &device)?;
    let preprocessing = preprocessing(&model, args.size)?;
    let options = DataOptions { seed: 0, cifar100: args.cifar100_labels.into() };
    let parts = pictures::load(&args.data, &preprocessing, options, output)?;
    let dataset = parts.validation.unwrap_or(parts.train);
    let tasks = model.tasks();
    let dataset = match &model.info {
        Some(_) => dataset
            .map_targets(&tasks)
            .map_err(|error| CliError::Relabel { path: args.data.clone().into(), error })?,
        None => unnamed(&model, dataset, &args.data)?,
    };
    dataset.validate_for_evaluation()?;

    let network = FoldedResNet::new(&model.network);
    let bar = output.bar(dataset.len() as u64, "Classifying");
    let mut evaluation = Evaluator::new(&dataset.tasks);
    while evaluation.done() < dataset.len() {
        evaluation.advance(&network, &dataset, &device).await?;
        bar.set_position(evaluation.done() as u64);
    }
    bar.finish_and_clear();
    print(output, &evaluation.results(), &dataset, started.elapsed().as_secs_f64());
    Ok(())
}

fn print(output: Output, report: &EvaluationResults, dataset: &Dataset, seconds: f64) {
    let tasks = &dataset.tasks;
    let mut event = Map::from_iter([
        ("event".to_owned(), json!("report")),
        ("classes".to_owned(), json!(dataset.classes())),
        ("images".to_owned(), json!(dataset.len())),
    ]);
    event.extend(report_json(tasks, report));
    output.event(&event);
    for line in details(tasks, report) {
        output.line(line);
    }
    output.line(format!(
        "{} images: {} (loss {:.3}).",
        dataset.len(),
        headline(tasks, report),
        report.loss
    ));
    let mut done = Map::from_iter([("event".to_owned(), json!("done"))]);
    done.extend(summary_json(tasks, report));
    done.insert("seconds".to_owned(), json!(seconds));
    output.event(&done);
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

/// The dataset of a network whose classes have no names: it must have as many as the data, and is taken
/// to have them in the data's order.
fn unnamed(model: &TrainedModel, dataset: Dataset, path: &str) -> Result<Dataset, CliError> {
    let (known, found) = (model.network.fc.outputs(), outputs(&dataset.tasks));
    if known == found {
        return Ok(dataset);
    }
    Err(CliError::Usage(format!("the network tells {known} classes apart, but {path} has {found}")))
}
