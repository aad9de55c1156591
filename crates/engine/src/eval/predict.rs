//! What is predicted of one picture.

use std::sync::Arc;

use burn::tensor::Device;

use super::evaluator::log_probabilities;
use crate::data::batch::Batch;
use crate::data::cached_image::CachedImage;
use crate::data::dataset::{Dataset, Example};
use crate::error::ComputeError;
use crate::model::folded::FoldedResNet;
use crate::model::params::read;
use tunelab_core::data::task::{Task, TaskKind, output_ranges};
use tunelab_core::metrics::prediction::Prediction;

/// The answer to each of `tasks`.
///
/// # Errors
/// The device failed.
pub async fn predict(
    network: &FoldedResNet,
    tasks: &[Task],
    image: CachedImage,
    device: &Device,
) -> Result<Vec<Prediction>, ComputeError> {
    let example = Example::unlabelled("", tasks.len(), Arc::new(image));
    let dataset = Dataset { examples: vec![example], ..Dataset::default() };
    let images = Batch::plain(&dataset, &[0]).into_tensor(device);
    let outputs = read(network.logits(images)).await?;
    let answers = tasks.iter().zip(output_ranges(tasks)).map(|(task, range)| {
        let outputs = &outputs[range];
        match &task.kind {
            TaskKind::Class { .. } => {
                Prediction::Class(log_probabilities(outputs).into_iter().map(f64::exp).collect())
            }
            TaskKind::Labels { .. } => Prediction::Labels(
                outputs.iter().map(|logit| 1.0 / (1.0 + f64::from(-logit).exp())).collect(),
            ),
            TaskKind::Number { mean, deviation } => {
                Prediction::Number(f64::from(outputs[0]) * deviation + mean)
            }
        }
    });
    Ok(answers.collect())
}
