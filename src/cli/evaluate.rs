//! `tunelab evaluate`.

use std::path::Path;
use std::time::Instant;

use burn::tensor::Device;
use serde_json::{Map, json};

use super::args::EvaluateArgs;
use super::dataset::{self, DataOptions};
use super::error::{CliError, FileError, read};
use super::output::Output;
use super::report::{details, report_json, summary, summary_json};
use tunelab_core::data::input::InputSize;
use tunelab_core::data::task::outputs;
use tunelab_core::metrics::evaluation::EvaluationResults;
use tunelab_engine::data::dataset::Dataset;
use tunelab_engine::data::transform::Preprocessing;
use tunelab_engine::device;
use tunelab_engine::eval::evaluator::Evaluator;
use tunelab_engine::model::folded::FoldedResNet;
use tunelab_engine::trained_model::TrainedModel;

/// Evaluates a trained model on labeled images.
pub async fn run(args: EvaluateArgs, output: Output) -> Result<(), CliError> {
    let started = Instant::now();
    let device = device::open(args.device.into()).await?;
    let model = load_model(&args.model, &device)?;
    let preprocessing = preprocessing(&model, args.size)?;
    let options = DataOptions { seed: 0, cifar100: args.cifar100_labels.into() };
    let splits = dataset::load(&args.data, &preprocessing, options, output)?;
    let dataset = splits.validation.unwrap_or(splits.train);
    let dataset = with_targets_of(&model, dataset).map_err(CliError::at(args.data.as_ref()))?;
    dataset.validate_for_evaluation()?;

    let network = FoldedResNet::new(&model.network);
    let bar = output.bar(dataset.len() as u64, output.texts.cli_evaluating());
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
    let (texts, tasks) = (output.texts, &dataset.tasks);
    let mut event = Map::from_iter([
        ("event".to_owned(), json!("report")),
        ("classes".to_owned(), json!(dataset.classes())),
        ("images".to_owned(), json!(dataset.len())),
    ]);
    event.extend(report_json(tasks, report));
    output.event(event);
    details(texts, tasks, report).iter().for_each(|line| output.line(line));
    let (metrics, loss) = (summary(texts, tasks, report), texts.decimal(report.loss, 3));
    output.line(texts.cli_evaluated(dataset.len(), &metrics, &loss));
    let mut done = Map::from_iter([("event".to_owned(), json!("done"))]);
    done.extend(summary_json(tasks, report));
    done.insert("seconds".to_owned(), json!(seconds));
    output.event(done);
}

/// Reads a trained model.
pub fn load_model(path: &Path, device: &Device) -> Result<TrainedModel, CliError> {
    TrainedModel::from_bytes(&read(path)?, device).map_err(CliError::at(path))
}

/// The preprocessing that the model was trained with, with another input size if one is given.
pub fn preprocessing(model: &TrainedModel, size: Option<u32>) -> Result<Preprocessing, CliError> {
    let trained = model.info.as_ref().map(|info| info.preprocessing).unwrap_or_default();
    Ok(match size {
        Some(side) => Preprocessing { size: InputSize::new(side)?, ..trained },
        None => trained,
    })
}

/// The dataset with the tasks of the model. A model without class names is taken to have the classes of the data,
/// in the same order.
fn with_targets_of(model: &TrainedModel, dataset: Dataset) -> Result<Dataset, FileError> {
    if model.info.is_some() {
        return Ok(dataset.map_targets(&model.tasks())?);
    }
    let (model, data) = (model.network.fc.outputs(), outputs(&dataset.tasks));
    if model == data { Ok(dataset) } else { Err(FileError::OutputCount { model, data }) }
}
