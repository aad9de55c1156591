//! Converts the outputs of a network to predictions.

use std::sync::Arc;

use burn::tensor::Device;
use tunelab_core::data::task::{Task, TaskKind, output_ranges};
use tunelab_core::metrics::prediction::Prediction;

use crate::data::batch::Batch;
use crate::data::cached_image::CachedImage;
use crate::data::dataset::{Dataset, Example};
use crate::model::folded::FoldedResNet;
use crate::model::parameters::read;
use tunelab_core::device::ComputeError;

/// The prediction of each of `tasks` for an image.
///
/// # Errors
/// The device failed.
pub async fn predict(
    network: &FoldedResNet,
    tasks: &[Task],
    image: CachedImage,
    device: &Device,
) -> Result<Vec<Prediction>, ComputeError> {
    let example = Example::unlabeled("", tasks.len(), Arc::new(image));
    let dataset = Dataset { examples: vec![example], ..Dataset::default() };
    let images = Batch::plain(&dataset, &[0]).into_tensor(device);
    let outputs = read(network.logits(images)).await?;
    let predictions = tasks.iter().zip(output_ranges(tasks)).map(|(task, range)| {
        let outputs = &outputs[range];
        match &task.kind {
            TaskKind::Class { .. } => {
                Prediction::Class(log_softmax(outputs).into_iter().map(f64::exp).collect())
            }
            TaskKind::Labels { .. } => Prediction::Labels(
                outputs.iter().map(|logit| 1.0 / (1.0 + f64::from(-logit).exp())).collect(),
            ),
            TaskKind::Number { mean, deviation } => {
                Prediction::Number(f64::from(outputs[0]) * deviation + mean)
            }
        }
    });
    Ok(predictions.collect())
}

/// The index of the highest logit; the first of equal ones.
pub fn argmax(logits: &[f32]) -> usize {
    let mut best = 0;
    for (class, logit) in logits.iter().enumerate() {
        if *logit > logits[best] {
            best = class;
        }
    }
    best
}

/// The log probabilities of the classes.
pub fn log_softmax(logits: &[f32]) -> Vec<f64> {
    let highest = logits.iter().fold(f64::NEG_INFINITY, |high, &logit| high.max(f64::from(logit)));
    let sum: f64 = logits.iter().map(|&logit| (f64::from(logit) - highest).exp()).sum();
    let normalizer = highest + sum.ln();
    logits.iter().map(|&logit| f64::from(logit) - normalizer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_softmax_is_stable_and_sums_to_one() {
        let logs = log_softmax(&[1000.0, 1001.0, 999.0]);
        let sum: f64 = logs.iter().map(|log| log.exp()).sum();
        assert!((sum - 1.0).abs() < 1e-12);
        assert_eq!(argmax(&[1.0, 3.0, 3.0]), 1);
    }
}
