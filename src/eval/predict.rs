//! One picture's class probabilities.

use std::sync::Arc;

use burn::tensor::Device;

use super::evaluator::log_probabilities;
use crate::data::batch::Batch;
use crate::data::{Dataset, Example, Picture};
use crate::error::ComputeError;
use crate::model::FoldedResNet;
use crate::model::params::read;

/// The probability of each class, 0 to 1, in the order of the logits.
///
/// # Errors
/// The device failed.
pub async fn probabilities(
    network: &FoldedResNet,
    picture: Picture,
    device: &Device,
) -> Result<Vec<f64>, ComputeError> {
    let example = Example { name: String::new(), label: 0, picture: Arc::new(picture) };
    let dataset = Dataset { examples: vec![example], ..Dataset::default() };
    let images = Batch::plain(&dataset, &[0]).into_images(device);
    let logits = read(network.logits(images)).await?;
    Ok(log_probabilities(&logits).into_iter().map(f64::exp).collect())
}
