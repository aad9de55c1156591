//! Proof that a device computes right, before anything is trusted to it: the network forward, part by
//! part, and training steps, on the device and on the processor.
//!
//! It is also when the browser compiles the device's programs, so that the first step of a run need
//! not wait for them.

use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use web_time::Instant;

use crate::data::batch::Batch;
use crate::data::dataset::Dataset;
use crate::data::sample::sample_dataset;
use crate::data::transform::Preprocessing;
use crate::error::ComputeError;
use crate::model::folded::FoldedBackbone;
use crate::model::head::Head;
use crate::model::params::{collect_from, read, set_trainable};
use crate::model::resnet::ResNet;
use crate::model::weights::PretrainedWeights;
use crate::train::objective::cross_entropy;
use crate::train::optimizer::Optimizer;
use tunelab_core::data::input::InputSize;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::NormMode;
use tunelab_core::model::trainable::Trainable;
use tunelab_core::options::table::TrainConfig;
use tunelab_core::options::values::{HeadInit, Strategy};

/// Pictures of each of the eight sample classes in the batch that speed is measured with.
const PICTURES_PER_CLASS: usize = 2;
/// Pictures that results are compared on: few, since the programs are the same for many.
const COMPARED: usize = 4;
/// Largest relative error of a part's output, in the Euclidean norm. Float32 in another order gives
/// about 1e-6; a wrong kernel gives about 1.
const TOLERANCE: f64 = 1e-2;

/// What is compared, in order: each needs programs that those before did not.
const CHECKS: [Check; 6] = [
    Check::Forward(Part::Layer1),
    Check::Forward(Part::Layer2),
    Check::Forward(Part::Head),
    Check::Training(Part::Head),
    Check::Training(Part::Layer4),
    Check::Training(Part::Stem),
];

/// One comparison.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// The activations before this part.
    Forward(Part),
    /// What a training step changes in this part and all after it.
    Training(Part),
}

impl std::fmt::Display for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Check::Forward(end) => write!(f, "the network up to {end:?}"),
            Check::Training(first) => write!(f, "a training step from {first:?} on"),
        }
    }
}

/// A self-test under way.
pub struct SelfTest {
    processor: Candidate,
    candidate: Candidate,
    done: usize,
}

impl SelfTest {
    /// A test of a device against the processor, with the same weights on both.
    pub fn new(processor: Candidate, candidate: Candidate) -> Self {
        Self { processor, candidate, done: 0 }
    }

    /// The device under test.
    pub fn candidate(&self) -> &Candidate {
        &self.candidate
    }

    /// Comparisons done.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Comparisons in all.
    pub const fn total() -> usize {
        CHECKS.len()
    }

    /// Does the next comparison; `false` when there was none left.
    ///
    /// # Errors
    /// The device failed, or computed something else than the processor.
    pub async fn advance(&mut self) -> Result<bool, SelfTestError> {
        let Some(&check) = CHECKS.get(self.done) else {
            return Ok(false);
        };
        // Both began with the same values.
        let before = match check {
            Check::Forward(_) => Vec::new(),
            Check::Training(first) => values_from(&self.processor.network, first).await?,
        };
        let expected = self.processor.compute(check, &before).await?;
        let found = self.candidate.compute(check, &before).await?;
        let error = relative_error(&found, &expected);
        log::debug!("self-test, {check:?}: relative error {error:.1e}");
        if error.is_nan() || error >= TOLERANCE {
            return Err(SelfTestError::Wrong { check, error });
        }
        self.done += 1;
        Ok(true)
    }
}

/// A device with the network on it, and pictures to try both with.
pub struct Candidate {
    device: Device,
    network: ResNet,
    batch: Dataset,
    config: TrainConfig,
}

impl Candidate {
    /// Puts the network on the device.
    ///
    /// # Errors
    /// The device failed.
    pub fn new(pretrained: &PretrainedWeights, device: &Device) -> Result<Self, ComputeError> {
        let size = InputSize::default();
        let preprocessing = Preprocessing::with_size(size);
        let (batch, _) = sample_dataset(PICTURES_PER_CLASS, 0, 0, &preprocessing);
        let config = TrainConfig::recommended(Strategy::Full, size, batch.len());
        let autodiff = device.clone().autodiff();
        let mut network = ResNet::from_pretrained(pretrained, &autodiff)?;
        let (classes, features) = (batch.classes().len(), network.architecture.feature_width());
        network.fc = Head::init(HeadInit::Normal, classes, features, 0, &autodiff);
        Ok(Self { device: device.clone(), network, batch, config })
    }

    /// Training speed of the device, in images per second at the default input size: the faster of two
    /// steps of the whole network.
    ///
    /// # Errors
    /// The device failed.
    pub async fn speed(&self) -> Result<f64, ComputeError> {
        let mut network = self.training(Part::Stem);
        let mut optimizer = Optimizer::new(self.config.optimizer_config());
        let all: Vec<usize> = (0..self.batch.len()).collect();
        let mut fastest = f64::INFINITY;
        for _ in 0..2 {
            let started = Instant::now();
            self.step(&mut network, &mut optimizer, &all).await?;
            fastest = fastest.min(started.elapsed().as_secs_f64());
        }
        Ok(self.batch.len() as f64 / fastest)
    }

    /// The values to compare; of a training step, how far it moves them from `before`.
    async fn compute(&self, check: Check, before: &[f32]) -> Result<Vec<f32>, ComputeError> {
        let pictures = self.compared();
        match check {
            Check::Forward(end) => {
                let backbone = FoldedBackbone::before(&self.network, end);
                read(backbone.activations(self.images(&pictures))).await
            }
            Check::Training(first) => {
                let mut network = self.training(first);
                let mut optimizer = Optimizer::new(self.config.optimizer_config());
                self.step(&mut network, &mut optimizer, &pictures).await?;
                let after = values_from(&network, first).await?;
                Ok(after.iter().zip(before).map(|(after, before)| after - before).collect())
            }
        }
    }

    fn training(&self, first: Part) -> ResNet {
        let trainable = Trainable::from(first);
        let mut network = set_trainable(self.network.clone(), trainable);
        network.set_norm_mode(trainable, NormMode::BatchStatistics);
        network
    }

    /// Of as many classes as there are pictures.
    fn compared(&self) -> Vec<usize> {
        (0..self.batch.len()).step_by(self.batch.len() / COMPARED).collect()
    }

    fn images(&self, pictures: &[usize]) -> Tensor<4> {
        Batch::plain(&self.batch, pictures).into_tensor(&self.device)
    }

    async fn step(
        &self,
        network: &mut ResNet,
        optimizer: &mut Optimizer,
        pictures: &[usize],
    ) -> Result<(), ComputeError> {
        let logits = network.forward(self.images(pictures).autodiff());
        let all = self.batch.strata();
        let labels: Vec<usize> = pictures.iter().map(|&picture| all[picture]).collect();
        let loss = cross_entropy(logits, &labels, 0.0);
        let gradients = GradientsParams::from_grads(loss.backward(), network);
        *network = optimizer.step(network.clone(), gradients, |_| self.config.learning_rate);
        // Waits for all of it: the loss alone would be there before the weights are.
        read(network.fc.bias.val().without_autodiff()).await?;
        read(network.conv1.weight.val().without_autodiff()).await.map(drop)
    }
}

/// Weights and running statistics of the parts from `first` on, one after another.
async fn values_from(network: &ResNet, first: Part) -> Result<Vec<f32>, ComputeError> {
    let tensors = collect_from(network, first).await?.tensors.into_values();
    let values = tensors.map(|tensor| tensor.as_floats().unwrap_or_default().to_vec());
    Ok(values.collect::<Vec<_>>().concat())
}

/// A device must not be used.
#[derive(Debug, thiserror::Error)]
pub enum SelfTestError {
    #[error("it computes something else than the processor: {check} is off by {:.0} %", 100.0 * .error)]
    Wrong { check: Check, error: f64 },
    #[error(transparent)]
    Compute(#[from] ComputeError),
}

/// The Euclidean distance of two vectors, relative to the second's length.
fn relative_error(found: &[f32], expected: &[f32]) -> f64 {
    if found.len() != expected.len() {
        return f64::NAN;
    }
    let square = |value: f64| value * value;
    let distance: f64 =
        found.iter().zip(expected).map(|(a, b)| square(f64::from(*a) - f64::from(*b))).sum();
    let length: f64 = expected.iter().map(|value| square(f64::from(*value))).sum();
    (distance / length.max(f64::MIN_POSITIVE)).sqrt()
}

#[cfg(test)]
mod tests {
    use pollster::block_on;

    use super::*;

    /// The processor passes its own test, and a device that computes something else does not.
    #[test]
    fn a_wrong_device_is_found_out() {
        let weights = include_bytes!("../../../www/models/resnet18-tiny-imagenet-f16.safetensors");
        let pretrained = crate::model::weights::load(weights).unwrap();
        let candidate = || Candidate::new(&pretrained, &Device::flex()).unwrap();
        let mut test = SelfTest::new(candidate(), candidate());
        while block_on(test.advance()).unwrap() {}
        assert_eq!(test.done(), SelfTest::total());

        // Something like a kernel that computes one layer wrong.
        let network = &mut test.candidate.network;
        network.bn1.weight = network.bn1.weight.clone().map(|scale| scale * 1.1);
        test.done = 0;
        let wrong = block_on(test.advance());
        assert!(matches!(wrong, Err(SelfTestError::Wrong { .. })), "{wrong:?}");
    }

    #[test]
    fn errors_are_relative_and_nan_is_one() {
        assert_eq!(relative_error(&[3.0, 4.0], &[3.0, 4.0]), 0.0);
        assert!((relative_error(&[0.0, 4.0], &[3.0, 4.0]) - 0.6).abs() < 1e-12);
        assert!(relative_error(&[1.0], &[1.0, 2.0]).is_nan());
        assert!(relative_error(&[f32::NAN], &[1.0]).is_nan());
    }
}
